"""Links that an e-mail carries to somebody with an account; their secret is in that mail alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.services.mail.mailing import Mailing
from gateway.services.native.limits import Budget, Limiter
from gateway.services.native.names import folded
from gateway.store import Connection, Store
from gateway.store.native.accounts import AccountRow, change_account
from gateway.store.native.links import RESET, VERIFY, MailLink, add_link, drop_links, find_link, use_link
from keys.sealing import fingerprint
from providers.contract import Refused

_LASTS: Final = {VERIFY: timedelta(days=3), RESET: timedelta(hours=1)}
_LETTERS: Final = {VERIFY: "verify_email", RESET: "reset_password"}


@dataclass(frozen=True, slots=True)
class MailLinks:
    """Thread-safe."""

    store: Store
    mailing: Mailing
    limiter: Limiter
    now: Callable[[], datetime]
    public_url: str

    def send(self, connection: Connection, account: AccountRow, name: str, purpose: str, email: str) -> None:
        """Mail a link, in the caller's transaction; earlier ones of the same purpose open nothing any more."""
        token, at = secrets.token_urlsafe(32), self.now()
        drop_links(connection, account.tenant_id, account.id, purpose, at)
        add_link(
            connection,
            account,
            fingerprint(token),
            purpose=purpose,
            email=email,
            expires_at=at + _LASTS[purpose],
            at=at,
        )
        values = {"link": f"{self.public_url}/letter/{token}", "name": name, "username": account.username}
        self.mailing.later(connection, _LETTERS[purpose], email, values)

    def may_mail(self, address: str) -> None:
        """Count a mail to an address. Raises Unavailable (``native.too_many_tries``): nobody's box is filled by us."""
        self.limiter.count([Budget("mail.to", folded(address), 5, timedelta(hours=1))])

    def look_at(self, token: str | None) -> MailLink:
        """Return what a link is for; a mail scanner that opens it uses nothing up.

        Raises:
            Refused: ``native.link_refused``.
        """
        with self.store.statements() as connection:
            found = find_link(connection, fingerprint(token or ""), self.now())
        return _good(found)

    def use(self, connection: Connection, token: str | None, purpose: str) -> MailLink:
        """Use a link up. Raises Refused (``native.link_refused``)."""
        found = _good(use_link(connection, fingerprint(token or ""), self.now()))
        if found.purpose != purpose:
            raise _refused()
        return found

    def verify(self, token: str | None) -> None:
        """Take the address that a link was sent to as the account's own. Raises Refused (``native.link_refused``)."""
        with self.store.transaction() as connection:
            link = self.use(connection, token, VERIFY)
            change_account(
                connection,
                link.tenant_id,
                link.account_id,
                email=link.email,
                email_key=folded(link.email),
                email_verified_at=self.now(),
            )


def _good(link: MailLink | None) -> MailLink:
    if link is None:
        raise _refused()
    return link


def _refused() -> Refused:
    return Refused("native.link_refused", "This link was used, is too old, or a newer mail took its place.")
