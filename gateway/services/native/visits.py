"""Signing in with username and password, and who a browser's session stands for at each later request."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gateway.services.account_state import OrgState, UserState, check_account
from gateway.services.forms import form_token
from gateway.services.native.limits import Budget, Limiter
from gateway.services.native.names import folded
from gateway.services.native.passwords import Passwords
from gateway.store import Connection, Store
from gateway.store.native.accounts import (
    AccountRow,
    Holder,
    account_with_username,
    change_account,
    find_account,
    find_holder,
)
from gateway.store.native.sessions import begin_session, end_sessions, find_session, note_seen
from keys.sealing import fingerprint
from providers.contract import Refused

LONGEST: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=1)
_QUARTER: Final = timedelta(minutes=15)
STAFF: Final = frozenset({"teacher", "siteAdministrator", "districtAdministrator"})


class Browser(NamedTuple):
    """What matters of the browser: where from, in words what it is, and the session cookie that it has."""

    address: str
    device: str
    secret: str | None = None


class Visitor(NamedTuple):
    """Somebody who is signed in. `roles` are (role, org) pairs; `form_token` must come back with every form."""

    account: AccountRow
    holder: Holder
    session_id: str
    form_token: str

    @property
    def tenant_id(self) -> str:
        """The tenant that everything they see belongs to."""
        return self.account.tenant_id

    @property
    def user_id(self) -> str:
        """Their sourcedId."""
        return self.account.user_sourced_id

    @property
    def actor(self) -> str:
        """Who acts, for the audit log."""
        return f"account:{self.account.id}"

    @property
    def name(self) -> str:
        """What the pages call them."""
        parts = (self.holder.given_name, self.holder.family_name)
        return " ".join(part for part in parts if part) or self.account.username

    @property
    def is_staff(self) -> bool:
        """Whether they are a teacher or an administrator anywhere."""
        return any(role in STAFF for role, _ in self.holder.roles)

    def orgs_as(self, *roles: str) -> list[str]:
        """Return the orgs at which they have one of these roles."""
        return list(dict.fromkeys(org for role, org in self.holder.roles if role in roles))


@dataclass(frozen=True, slots=True)
class Visits:
    """Thread-safe."""

    store: Store
    passwords: Passwords
    limiter: Limiter
    now: Callable[[], datetime]

    def sign_in(self, username: str, password: str, browser: Browser) -> str:
        """Return the secret of a new session, in place of the one this browser had (attack J2, fixation).

        Raises:
            Refused: ``native.sign_in_refused``: one sentence for an unknown name, a wrong password and a deactivated
                account; the codes of `check_account`, once the password was right.
            Unavailable: ``native.too_many_tries``, ``native.busy``.
        """
        budgets = _budgets(folded(username), browser.address)
        self.limiter.count(budgets)
        with self.store.statements() as connection:
            account = account_with_username(connection, folded(username))
        is_right = self.passwords.matches(password, account.password_hash if account else None)
        if account is None or not is_right or account.status != "active":
            raise Refused(
                "native.sign_in_refused",
                "Username and password do not go together. Check both, capital letters in the password too.",
            )
        self.limiter.take_back(budgets[:2])
        self.limiter.give_back(budgets[2:])
        with self.store.statements() as connection:
            self._admitted(connection, account)
        fields = (
            {"password_hash": self.passwords.hash(password)} if self.passwords.is_old(account.password_hash) else {}
        )
        return self.begin(account, browser, **fields)

    def begin(self, account: AccountRow, browser: Browser, **fields: str) -> str:
        """Give a browser a new session of an account whose way in was proven; `fields` change with it."""
        secret, at = secrets.token_urlsafe(32), self.now()
        with self.store.transaction() as connection:
            if browser.secret:
                _end(connection, browser.secret, at)
            begin_session(
                connection,
                fingerprint(secret),
                tenant_id=account.tenant_id,
                account_id=account.id,
                device=browser.device,
                expires_at=at + LONGEST,
                at=at,
            )
            change_account(connection, account.tenant_id, account.id, signed_in_at=at, **fields)
        return secret

    def visit(self, secret: str | None) -> Visitor | None:
        """Return who a browser's cookie stands for, None when it stands for nobody (any more).

        Raises:
            Refused: the person, the school or the tenant may not come in now (attack A19).
        """
        if not secret:
            return None
        at = self.now()
        with self.store.statements() as connection:
            session = find_session(connection, fingerprint(secret))
            if session is None or session.ended_at or at >= min(session.expires_at, session.seen_at + IDLE):
                return None
            account = find_account(connection, session.tenant_id, session.account_id)
            if account is None or account.status != "active":
                return None
            holder = self._admitted(connection, account)
            note_seen(connection, session, at)
        return Visitor(account, holder, session.id, form_token(secret))

    def sign_out(self, secret: str) -> None:
        """End a session."""
        with self.store.transaction() as connection:
            _end(connection, secret, self.now())

    def _admitted(self, connection: Connection, account: AccountRow) -> Holder:
        """Return whose account it is. Raises Refused when they may not come in: the check of every way in."""
        holder = find_holder(connection, account.tenant_id, account.user_sourced_id)
        if holder is None:
            raise LookupError("an account without its user")
        standing = holder.standing
        check_account(
            UserState(standing.enabled_user, standing.status),
            (
                OrgState(standing.tenant_suspended_at, standing.tenant_licence_ends_at),
                OrgState(standing.school_suspended_at, standing.school_licence_ends_at),
            ),
            now=self.now(),
        )
        return holder


def _budgets(username_key: str, address: str) -> list[Budget]:
    """A school shares one address: the narrow budgets are the name's, the wide one is the address's."""
    return [
        Budget("sign_in.name_at", f"{username_key}\n{address}", 10, _QUARTER),
        Budget("sign_in.name", username_key, 50, timedelta(hours=1)),
        Budget("sign_in.address", address, 1000, _QUARTER),
    ]


def _end(connection: Connection, secret: str, at: datetime) -> None:
    session = find_session(connection, fingerprint(secret))
    if session is not None:
        end_sessions(connection, session.tenant_id, session.account_id, at=at, only=session.id)
