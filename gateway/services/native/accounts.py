"""What people do with their own accounts: data, password, sessions, leaving; and a student's new password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gateway.services.native.limits import Budget, Limiter
from gateway.services.native.mail_links import MailLinks
from gateway.services.native.names import read_email
from gateway.services.native.password_rules import LEAST_STAFF, LEAST_STUDENT, check_password
from gateway.services.native.passwords import Passwords
from gateway.services.native.visits import Browser, Visitor, Visits
from gateway.services.native.wall import Wall
from gateway.services.native_import.passwords import new_password
from gateway.store import Connection, Store
from gateway.store.audit import note
from gateway.store.native.accounts import change_account, find_account, find_holder
from gateway.store.native.links import RESET, VERIFY
from gateway.store.native.reach import Pupil, reachable_pupil
from gateway.store.native.sessions import AccountSession, end_sessions, list_sessions
from gateway.store.people import change_user
from gateway.store.sessions import end_sessions_of_user
from providers.contract import BadData, Refused

_LONGEST_NAME: Final = 100


class Reset(NamedTuple):
    """A student's new password, which is known now and never again."""

    pupil: Pupil
    password: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """Thread-safe."""

    store: Store
    passwords: Passwords
    limiter: Limiter
    visits: Visits
    links: MailLinks
    wall: Wall
    now: Callable[[], datetime]

    def rename(self, visitor: Visitor, given_name: str, family_name: str) -> None:
        """Change one's own name. Raises BadData (``native.name_invalid``); Refused (``native.integrated``)."""
        names = {"given_name": given_name.strip(), "family_name": family_name.strip()}
        if any(not 0 < len(each) <= _LONGEST_NAME or not each.isprintable() for each in names.values()):
            raise BadData("native.name_invalid", "Please write a first and a last name.")
        with self.store.transaction() as connection:
            self._must_be_native(connection, visitor)
            change_user(connection, visitor.tenant_id, visitor.user_id, names, self.now())
            self._note(connection, visitor, "member.renamed")

    def change_email(self, visitor: Visitor, email: str) -> None:
        """Mail a link to a new address; it counts once the link was opened.

        Raises:
            BadData: ``native.email_invalid``.
            Unavailable: ``native.too_many_tries``.
        """
        address = read_email(email)
        self.links.may_mail(address)
        with self.store.transaction() as connection:
            self.links.send(connection, visitor.account, visitor.name, VERIFY, address)

    def change_password(self, visitor: Visitor, old: str, new: str) -> None:
        """Change one's own password; every other session of the account ends.

        Raises:
            Refused: ``native.password_wrong``.
            BadData: as `check_password`.
        """
        self._must_know(visitor, old)
        least = LEAST_STAFF if visitor.is_staff else LEAST_STUDENT
        check_password(
            new, least=least, near=(visitor.holder.given_name, visitor.holder.family_name, visitor.account.username)
        )
        if new == old:
            raise BadData("native.password_same", "This is the password you have. Please choose another.")
        password_hash = self.passwords.hash(new)
        with self.store.transaction() as connection:
            self._set_password(connection, visitor.tenant_id, visitor.account.id, password_hash, must_change=False)
            end_sessions(connection, visitor.tenant_id, visitor.account.id, at=self.now(), keep=visitor.session_id)
            self._note(connection, visitor, "member.password_changed")

    def choose_password(self, token: str | None, new: str, browser: Browser) -> str:
        """Choose a new password by a mailed link; every session ends, and the browser gets a new one.

        Raises:
            Refused: ``native.link_refused``, ``native.integrated``.
            BadData: as `check_password`; then the link still opens.
        """
        look = self.links.look_at(token)
        with self.store.statements() as connection:
            account = find_account(connection, look.tenant_id, look.account_id)
            holder = find_holder(connection, look.tenant_id, account.user_sourced_id) if account else None
        if account is None or holder is None or account.status != "active":
            raise Refused("native.link_refused", "This link was used, is too old, or a newer mail took its place.")
        check_password(new, least=LEAST_STAFF, near=(holder.given_name, holder.family_name, account.username))
        password_hash, at = self.passwords.hash(new), self.now()
        with self.store.transaction() as connection:
            self.links.use(connection, token, RESET)
            if holder.school_id:
                self.wall.must_be_native(connection, account.tenant_id, holder.school_id)
            self._set_password(connection, account.tenant_id, account.id, password_hash, must_change=False)
            end_sessions(connection, account.tenant_id, account.id, at=at)
            note(
                connection, at=at, actor="mail_link", action="member.password_changed", subject=account.id,
                tenant_id=account.tenant_id,
            )  # fmt: skip
        return self.visits.begin(account, browser)

    def sessions(self, visitor: Visitor) -> list[AccountSession]:
        """Return where somebody is signed in, the session used last first."""
        with self.store.statements() as connection:
            return list_sessions(connection, visitor.tenant_id, visitor.account.id, self.now())

    def end_session(self, visitor: Visitor, session_id: str) -> None:
        """End one of somebody's own sessions; another's is not there."""
        with self.store.transaction() as connection:
            end_sessions(connection, visitor.tenant_id, visitor.account.id, at=self.now(), only=session_id)

    def end_all(self, visitor: Visitor) -> None:
        """Sign out everywhere: here on every device, and in every application."""
        with self.store.transaction() as connection:
            end_sessions(connection, visitor.tenant_id, visitor.account.id, at=self.now())
            end_sessions_of_user(connection, visitor.tenant_id, visitor.user_id, self.now())
            self._note(connection, visitor, "member.signed_out")

    def deactivate(self, visitor: Visitor, password: str) -> None:
        """Close one's own account; an operator can open it again. Raises Refused (``native.password_wrong``)."""
        self._must_know(visitor, password)
        with self.store.transaction() as connection:
            change_account(connection, visitor.tenant_id, visitor.account.id, status="deactivated")
            change_user(connection, visitor.tenant_id, visitor.user_id, {"enabled_user": False}, self.now())
            end_sessions(connection, visitor.tenant_id, visitor.account.id, at=self.now())
            end_sessions_of_user(connection, visitor.tenant_id, visitor.user_id, self.now())
            self._note(connection, visitor, "member.deactivated")

    def pupil(self, visitor: Visitor, user_id: str) -> Pupil:
        """Return a student whom this person looks after. Raises Refused (``native.not_yours``) for anybody else."""
        with self.store.statements() as connection:
            return _mine(reachable_pupil(connection, visitor.tenant_id, visitor.user_id, user_id))

    def reset_pupil(self, visitor: Visitor, user_id: str) -> Reset:
        """Give a student a new password, shown once; they choose their own when they sign in with it.

        Raises:
            Refused: ``native.not_yours``, ``native.integrated``.
        """
        password = new_password()
        password_hash = self.passwords.hash(password)
        with self.store.transaction() as connection:
            pupil = _mine(reachable_pupil(connection, visitor.tenant_id, visitor.user_id, user_id))
            if pupil.school_id:
                self.wall.must_be_native(connection, visitor.tenant_id, pupil.school_id)
            self._set_password(connection, visitor.tenant_id, pupil.account_id, password_hash, must_change=True)
            end_sessions(connection, visitor.tenant_id, pupil.account_id, at=self.now())
            note(
                connection, at=self.now(), actor=visitor.actor, action="member.password_reset",
                subject=pupil.account_id, tenant_id=visitor.tenant_id,
            )  # fmt: skip
        return Reset(pupil, password)

    def _set_password(
        self, connection: Connection, tenant_id: str, account_id: str, password_hash: str, *, must_change: bool
    ) -> None:
        change_account(
            connection,
            tenant_id,
            account_id,
            password_hash=password_hash,
            must_change=must_change,
            password_changed_at=self.now(),
        )

    def _must_know(self, visitor: Visitor, password: str) -> None:
        """Raise Refused unless it is this person's password: an open screen is not enough to change the account."""
        budget = Budget("password.account", visitor.account.id, 10, timedelta(minutes=15))
        self.limiter.count([budget])
        if not self.passwords.matches(password, visitor.account.password_hash):
            raise Refused("native.password_wrong", "This is not your present password.")
        self.limiter.take_back([budget])

    def _must_be_native(self, connection: Connection, visitor: Visitor) -> None:
        if visitor.holder.school_id:
            self.wall.must_be_native(connection, visitor.tenant_id, visitor.holder.school_id)

    def _note(self, connection: Connection, visitor: Visitor, action: str) -> None:
        note(
            connection, at=self.now(), actor=visitor.actor, action=action, subject=visitor.account.id,
            tenant_id=visitor.tenant_id,
        )  # fmt: skip


def _mine(pupil: Pupil | None) -> Pupil:
    if pupil is None:
        raise Refused("native.not_yours", "This is not a student of yours.")
    return pupil
