"""What an operator does with webhooks: add, look, rotate the secret, switch on and off, try out, repeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.services.applications import address_fault
from gateway.services.events.posting import Outcome, Posting
from gateway.services.events.shapes import read_types
from gateway.services.events.signing import new_secret
from gateway.store import Store
from gateway.store.applications import find_application
from gateway.store.events import messages
from gateway.store.events.lines import Place, Wanted, forgotten
from gateway.store.events.webhooks import (
    ACTIVE,
    DISABLED,
    Webhook,
    add_webhook,
    change_webhook,
    find_webhook,
    new_webhook_id,
)
from providers.contract import Misconfigured

TEST: Final = "webhook.test"


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Thread-safe. `actor` is who did it, for the audit log.

    `check_address` raises Misconfigured for one that is never called (attack I2). Every call for an id that nobody has
    raises Misconfigured (``webhook.unknown``).
    """

    store: Store
    posting: Posting
    check_address: Callable[[str], None]
    now: Callable[[], datetime]
    allow_http: bool

    def add(self, application_id: str, url: str, types: Sequence[str] = (), *, actor: str) -> tuple[Webhook, str]:
        """Add a receiver for an application; return it with its signing secret, which is known now and never again.

        Raises:
            Misconfigured: ``application.unknown``, ``webhook.address_invalid``, ``events.type_unknown``,
                ``http.address_refused``.
        """
        if find_application(self.store, application_id) is None:
            raise Misconfigured("application.unknown", f"There is no application {application_id!r}.")
        if fault := address_fault(url, allow_http=self.allow_http):
            raise Misconfigured("webhook.address_invalid", f"The address {url!r} {fault}.")
        self.check_address(url)
        id_, secret = new_webhook_id(), new_secret()
        row = {"id": id_, "application_id": application_id, "url": url, "event_types": read_types(tuple(types))}
        sealed = self.posting.seal(id_, secret)
        add_webhook(self.store, {**row, "secret_sealed": sealed}, actor=actor, at=self.now())
        return self.find(id_), secret

    def find(self, id: str) -> Webhook:
        """Return one webhook."""
        found = find_webhook(self.store, id)
        if found is None:
            raise Misconfigured("webhook.unknown", f"There is no webhook {id!r}: see schoolgate webhooks list.")
        return found

    def rotate_secret(self, id: str, *, overlap: timedelta, actor: str) -> str:
        """Return a new secret; for `overlap` longer, messages are signed with the one before as well (attack I1)."""
        webhook, secret = self.find(id), new_secret()
        values = {
            "secret_sealed": self.posting.seal(id, secret),
            "previous_secret_sealed": webhook.secret_sealed,
            "previous_secret_until": self.now() + overlap,
        }
        change_webhook(self.store, id, values, action="webhook.secret_rotated", actor=actor, at=self.now())
        return secret

    def switch(self, id: str, *, on: bool, actor: str) -> Webhook:
        """Switch a webhook off, or on again: it goes on where it stopped, as far back as changes are kept."""
        webhook, now = self.find(id), self.now()
        values: dict[str, object] = {"status": ACTIVE if on else DISABLED, "status_reason": None}
        if on:
            values |= {"misses": 0, "failing_since": None, "paused_until": None}
        action = "webhook.enabled" if on else "webhook.disabled"
        change_webhook(self.store, id, values, action=action, actor=actor, at=now)
        if on and webhook.status != ACTIVE:
            messages.release(self.store, id, now)
        return self.find(id)

    def test(self, id: str) -> Outcome:
        """Send a message of type ``webhook.test`` now, whatever waits, and return what the receiver answered."""
        told = {"type": TEST, "timestamp": self.now().isoformat(), "data": {}}
        return self.posting.post(self.find(id), f"msg_{new_webhook_id()}", told)

    def replay(
        self, id: str, *, since: datetime | None, until: datetime | None, sourced_id: str | None, actor: str
    ) -> int:
        """Send again what happened in a time, or to one object, as far as it is kept; return how many messages.

        Raises:
            Misconfigured: ``webhook.replay_of_everything``: neither was named.
        """
        if since is None and sourced_id is None:
            raise Misconfigured("webhook.replay_of_everything", "Name the time to begin with, or an object.")
        webhook, now = self.find(id), self.now()
        application = find_application(self.store, webhook.application_id)
        tenants = None if application is None or application.all_tenants else application.tenants
        wanted = Wanted(tenants, webhook.event_types, since, until, sourced_id)
        with self.store.statements() as connection:
            begin = forgotten(connection)
        place = Place(webhook.after_xid, webhook.after_id)
        change_webhook(self.store, id, {"paused_until": None}, action="webhook.replayed", actor=actor, at=now)
        return messages.repeat(self.store, id, (begin, place), wanted, now)
