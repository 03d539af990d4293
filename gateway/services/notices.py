"""Notices of platforms: each proven as a launch is, kept once, answered fast; what they say is done by a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from gateway.lti.catalogue import REASONS
from gateway.lti.notice_rules import Notice, read_notice
from gateway.lti.trace import Trace
from gateway.lti.verifier import KeySource, verify_notice
from gateway.services.copies import copy_by_notice
from gateway.services.jobs import Job, Jobs
from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.standing import LAUNCH, check_standing
from gateway.store import Connection, Store
from gateway.store.arrivals import Known, look_up
from gateway.store.ids import new_reference
from gateway.store.launches import record_refusal
from gateway.store.notices import (
    NOTED,
    WAITING,
    NoticeRow,
    add_notice,
    known_notice,
    settle_notice,
    waiting_notices,
)
from gateway.store.registrations import Registration
from providers.contract import BadData, Failure
from providers.kit.lti import claims as names

WORK: Final = "notices.apply"
MOST: Final = 100  # notices in one batch; we ask platforms for fewer
_AT_ONCE: Final = 50


class Ending(NamedTuple):
    """How one notice of a batch ended: `accepted`, `known` (it was here before), or a failure's code."""

    outcome: str
    ref: str
    failure: Failure | None = None
    trace: str = ""


class _Proven(NamedTuple):
    notice: Notice
    known: Known
    trace: str
    ref: str


@dataclass(frozen=True, slots=True)
class Notices:
    """Thread-safe."""

    store: Store
    registrations: Registrations
    key_sets: KeySource
    jobs: Jobs
    now: Callable[[], datetime]

    def receive(self, registration_id: str, body: Any) -> list[Ending]:
        """Take a batch in, each notice for itself, and return how each ended, in order.

        Raises:
            BadData: ``notices.unreadable``, ``notices.too_many``.
            Refused: ``lti.registration_disabled`` when the address names no registration.
        """
        tokens = _tokens(body)
        registration = self.registrations.with_id(registration_id)
        at = self.now()
        looked_at = [self._prove(registration, token, at) for token in tokens]
        self._record_refusal(registration, looked_at, at)
        if all(isinstance(each, Ending) for each in looked_at):
            return [each for each in looked_at if isinstance(each, Ending)]
        with self.store.transaction() as connection:
            ended = [
                each if isinstance(each, Ending) else _keep(connection, registration, each, at) for each in looked_at
            ]
            work = {"registration": registration.id}
            job_id = self.jobs.enqueue(WORK, work, key=f"{WORK}:{registration.id}", connection=connection)
        self.jobs.wake(job_id)
        return ended

    def work(self, job: Job) -> float | None:
        """Apply what waits, a few notices in one transaction."""
        while not job.is_stopping():
            with self.store.transaction() as connection:
                rows = waiting_notices(connection, str(job.args["registration"]), _AT_ONCE)
                for row in rows:
                    settle_notice(connection, row.ref, copy_by_notice(connection, row, self.now()))
            if len(rows) < _AT_ONCE:
                return None
        return 0

    def _prove(self, registration: Registration, token: str, at: datetime) -> _Proven | Ending:
        trace, ref = Trace(), new_reference()
        trace.passed("registration")
        try:
            claims = verify_notice(
                token, endpoints=endpoints_of(registration), keys=self.key_sets, now=at.timestamp(), trace=trace
            )
            notice = read_notice(claims)
            known = check_standing(self._look_up(registration.id, notice), LAUNCH, at)
        except Failure as failure:
            reason = REASONS.get(failure.code)
            trace.failed(reason.check if reason else failure.family, failure.code, failure.detail)
            return Ending(failure.code, ref, failure, trace.text())
        trace.passed("deployment")
        return _Proven(notice, known, trace.text(), ref)

    def _look_up(self, registration_id: str, notice: Notice) -> Known | None:
        with self.store.statements() as connection:
            return look_up(
                connection,
                registration_id=registration_id,
                deployment_id=notice.deployment_id,
                subject=None,
                context_id=notice.context_id,
                resource_link_id=None,
            )

    def _record_refusal(self, registration: Registration, looked_at: list[_Proven | Ending], at: datetime) -> None:
        """Keep the trace of the first refusal: a batch of forged notices costs one row (attack A13)."""
        first = next((each for each in looked_at if isinstance(each, Ending)), None)
        if first is not None:
            record_refusal(
                self.store,
                ref=first.ref,
                at=at,
                registration_id=registration.id,
                outcome=first.outcome,
                trace=first.trace,
            )


def _keep(connection: Connection, registration: Registration, proven: _Proven, at: datetime) -> Ending:
    notice, known = proven.notice, proven.known
    is_work = notice.type == names.CONTEXT_COPY_NOTICE
    row = NoticeRow(
        ref=proven.ref,
        tenant_id=str(known.tenant_id),
        created_at=at,
        registration_id=registration.id,
        integration_id=str(known.integration_id),
        deployment_row_id=str(known.deployment_row_id),
        notice_id=notice.id,
        type=notice.type,
        told={"context": notice.context_id, "origins": list(notice.origins)} if is_work else {},
        state=WAITING if is_work else NOTED,
        trace=proven.trace,
        expires_at=datetime.fromtimestamp(notice.expires_at, UTC),
    )
    if add_notice(connection, row):
        return Ending("accepted", row.ref)
    return Ending("known", str(known_notice(connection, row.deployment_row_id, row.notice_id)))


def _tokens(body: Any) -> list[str]:
    """Return the batch's tokens (PNS 1.0: ``{"notices": [{"jwt": …}]}``)."""
    batch = body.get("notices") if isinstance(body, dict) else None
    if not isinstance(batch, list):
        raise BadData("notices.unreadable", "This is no batch of notices: it needs a list named notices.")
    if len(batch) > MOST:
        raise BadData("notices.too_many", f"A batch holds at most {MOST} notices; send the rest in another one.")
    tokens = [each.get("jwt") if isinstance(each, dict) else None for each in batch]
    return [token if isinstance(token, str) else "" for token in tokens]
