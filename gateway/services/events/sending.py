"""Sends a webhook's messages: each entity's in order, many at once, with pauses while the receiver is down (ADR 17)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Final

import structlog

from gateway.services.events.posting import Outcome, Posting
from gateway.services.events.shapes import document, event_id
from gateway.services.jobs import Job, Jobs
from gateway.store import Store
from gateway.store.applications import Application, find_application
from gateway.store.events import messages
from gateway.store.events.lines import Place, Wanted
from gateway.store.events.messages import Message
from gateway.store.events.webhooks import (
    ACTIVE,
    DISABLED,
    Webhook,
    change_webhook,
    find_webhook,
    note_round,
    webhooks_with_work,
)

WORK: Final = "webhooks.send"
LOOK_SECONDS: Final = 1.0
AT_ONCE: Final = 8  # calls to one receiver at the same time
ROUND: Final = 64
TURN_SECONDS: Final = 10.0  # then others have theirs
SLOW_SECONDS: Final = 2.0
# After each failed try of a message; the last is repeated. Until it is given up a good day has gone.
PAUSES: Final = (5.0, 60.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
FAILURES_IN_A_ROW: Final = 3  # then the receiver is taken for down
LONGEST_PAUSE: Final = 300.0  # so a receiver that comes back is noticed soon
DISABLED_AFTER: Final = timedelta(days=5)
ACTOR: Final = "gateway"
_log = structlog.get_logger("schoolgate.webhooks")

Tried = Sequence[tuple[Message, Outcome]]


def _draw() -> float:
    return secrets.randbelow(1000) / 1000


@dataclass(frozen=True, slots=True)
class WebhookSending:
    """The worker's side of webhooks. Thread-safe; of each webhook one job sends at a time.

    Receivers known to be slow or down share one of a worker's threads, so that they delay no other (attack I4).
    """

    store: Store
    jobs: Jobs
    posting: Posting
    now: Callable[[], datetime]
    lot: Callable[[], float] = _draw
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(32, "webhooks"))
    _slow_lane: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(1))

    def look(self) -> None:
        """Wake what has something to send."""
        for webhook_id in webhooks_with_work(self.store, self.now()):
            self.jobs.enqueue(WORK, {"webhook": webhook_id}, key=f"{WORK}:{webhook_id}")

    def work(self, job: Job) -> float | None:
        """Send what one webhook has; return after how many seconds there is more to do."""
        webhook = self._ready(str(job.args["webhook"]))
        if webhook is None:
            return None
        if not (webhook.misses or webhook.slowest_seconds >= SLOW_SECONDS):
            return self._turn(job, webhook)
        if not self._slow_lane.acquire(blocking=False):
            return LOOK_SECONDS
        try:
            return self._turn(job, webhook)
        finally:
            self._slow_lane.release()

    def _ready(self, webhook_id: str) -> Webhook | None:
        found = find_webhook(self.store, webhook_id)
        if found is None or found.status != ACTIVE or (found.paused_until and found.paused_until > self.now()):
            return None
        return found

    def _turn(self, job: Job, webhook: Webhook | None) -> float | None:
        ends = time.monotonic() + TURN_SECONDS
        while webhook is not None and not job.is_stopping():
            application = find_application(self.store, webhook.application_id)
            if application is None or not application.is_active:
                return None
            if not self._round(webhook, application):
                return None
            if time.monotonic() > ends:
                return 0
            webhook = self._ready(webhook.id)
        return 0 if webhook is not None else None

    def _round(self, webhook: Webhook, application: Application) -> bool:
        """Write down what was told since, send what is due; return whether there may be more."""
        wanted = Wanted(None if application.all_tenants else application.tenants, webhook.event_types)
        place = Place(webhook.after_xid, webhook.after_id)
        has_more = messages.write_down(self.store, webhook.id, place, wanted, self.now())
        is_down = webhook.misses >= FAILURES_IN_A_ROW
        now, most = (None, 1) if is_down else (self.now(), ROUND)
        due = messages.due_messages(self.store, webhook.id, now=now, most=most)
        theirs = [each.id for each in due if not application.may_see(each.tenant_id)]  # granted no more
        messages.settle(self.store, theirs, messages.WITHHELD, reason="not granted", now=self.now())
        self._send(webhook, [each for each in due if each.id not in set(theirs)])
        return bool(due) or has_more

    def _send(self, webhook: Webhook, due: Sequence[Message]) -> None:
        if not due:
            return
        began = time.monotonic()
        tried = list(self._tries(webhook, due, began))
        slowest = int(time.monotonic() - began)
        now = self.now()
        taken = [message.id for message, outcome in tried if outcome.reason is None]
        messages.settle(self.store, taken, messages.SENT, reason=None, now=now)
        if taken:
            self._note_success(webhook, now, slowest)
        failed = [each for each in tried if each[1].reason is not None]
        if failed:
            self._note_failures(webhook, failed, now, has_success=bool(taken), slowest=slowest)

    def _tries(self, webhook: Webhook, due: Sequence[Message], began: float) -> Iterator[tuple[Message, Outcome]]:
        """Send a few at once, and no more when those took long."""
        for start in range(0, len(due), AT_ONCE):
            some = due[start : start + AT_ONCE]
            yield from zip(some, self._pool.map(lambda each: self._post(webhook, each), some), strict=True)
            if time.monotonic() - began > SLOW_SECONDS:
                return

    def _post(self, webhook: Webhook, message: Message) -> Outcome:
        told = document(message, Place(message.change_xid, message.change_id))
        return self.posting.post(webhook, event_id(message.change_id), told)

    def _note_success(self, webhook: Webhook, now: datetime, slowest: int) -> None:
        if webhook.misses:
            messages.release(self.store, webhook.id, now)
        standing = {"misses": 0, "failing_since": None, "paused_until": None}
        note_round(self.store, webhook.id, succeeded_at=now, slowest_seconds=slowest, **standing)

    def _note_failures(
        self, webhook: Webhook, failed: Tried, now: datetime, *, has_success: bool, slowest: int
    ) -> None:
        if any(outcome.is_gone for _, outcome in failed):
            return self._disable(webhook, "gone", now)
        misses = len(failed) if has_success else webhook.misses + len(failed)
        since = now if has_success or webhook.failing_since is None else webhook.failing_since
        is_down = not has_success and misses >= FAILURES_IN_A_ROW
        for message, outcome in failed:
            self._again(webhook, message, str(outcome.reason), now, is_down=is_down)
        if has_success:
            return None
        if now - since > DISABLED_AFTER:
            return self._disable(webhook, "failing for days", now)
        pause = max(outcome.retry_after for _, outcome in failed)
        if is_down:
            pause = max(pause, self._spread(min(PAUSES[0] * 2 ** min(misses - FAILURES_IN_A_ROW, 10), LONGEST_PAUSE)))
        if is_down and webhook.misses < FAILURES_IN_A_ROW:
            _log.warning("a webhook does not answer", webhook=webhook.id, application=webhook.application_id)
        until = now + timedelta(seconds=pause) if pause else None
        note_round(
            self.store, webhook.id, misses=misses, failing_since=since, paused_until=until, slowest_seconds=slowest
        )
        return None

    def _again(self, webhook: Webhook, message: Message, reason: str, now: datetime, *, is_down: bool) -> None:
        """Try a message later; give it up after its day, unless the receiver took nothing at all since then."""
        tried, took = message.first_tried_at, webhook.succeeded_at
        if message.attempts >= len(PAUSES) and tried is not None and took is not None and took > tried:
            return messages.settle(self.store, [message.id], messages.FAILED, reason=reason, now=now)
        pause = 0.0 if is_down else self._spread(PAUSES[min(message.attempts, len(PAUSES) - 1)])
        due_at = now + timedelta(seconds=pause)
        return messages.postpone(self.store, message.id, reason=reason, due_at=due_at, now=now)

    def _spread(self, seconds: float) -> float:
        return seconds * (0.85 + 0.3 * self.lot())

    def _disable(self, webhook: Webhook, reason: str, now: datetime) -> None:
        _log.error("a webhook was disabled", webhook=webhook.id, application=webhook.application_id, reason=reason)
        values = {"status": DISABLED, "status_reason": reason}
        change_webhook(self.store, webhook.id, values, action="webhook.disabled", actor=ACTOR, at=now)
