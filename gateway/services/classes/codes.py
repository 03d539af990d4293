"""Class codes: made and closed by teachers, tried by students, and limited so that nobody guesses one (E1)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gateway.services.classes.classes import Classes
from gateway.services.classes.code_text import new_code, read_code
from gateway.services.native.limits import Budget, Limiter
from gateway.services.native.visits import Visitor
from gateway.store import Store
from gateway.store.audit import note
from gateway.store.classrooms.codes import ClassCode, Found, change_code, close_codes, find_code, newest_code, put_code
from gateway.store.classrooms.joins import LET_IN, TURNED_AWAY, Waiting, decide, who_waits
from gateway.store.classrooms.members import Place, enroll
from providers.contract import Refused

DAYS: Final = (1, 7, 14, 30, 90)
USUAL_DAYS: Final = 14
# Wrong codes of one browser or account in a quarter of an hour; all codes of an address, which a school shares.
BY_PERSON, BY_ADDRESS = 20, 1500
BY_CODE, BY_TENANT = 300, 5000  # newcomers in an hour
_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)


class Guesser(NamedTuple):
    """Who tries a code: the address and session of the browser, and the account that is signed in, if any."""

    address: str
    session: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class ClassCodes:
    """Thread-safe. What teachers do asks first whether the class is theirs, as `Classes` does."""

    store: Store
    classes: Classes
    limiter: Limiter
    now: Callable[[], datetime]

    def newest(self, tenant_id: str, class_id: str) -> ClassCode | None:
        """Return a class's newest code, open or not."""
        return newest_code(self.store, tenant_id, class_id)

    def make(self, visitor: Visitor, class_id: str, *, days: int, needs_approval: bool) -> None:
        """Give a class a new code that locks by itself after so many days; the one before it is closed (E3)."""
        lasts = timedelta(days=days if days in DAYS else USUAL_DAYS)
        with self.classes.changing(visitor, class_id) as (connection, classroom, at):
            put_code(
                connection, classroom.tenant_id, class_id, new_code(), needs_approval=needs_approval,
                actor=visitor.actor, at=at, locks_at=at + lasts,
            )  # fmt: skip

    def close(self, visitor: Visitor, class_id: str) -> None:
        """Let nobody else in by a class's code (E3)."""
        with self.classes.changing(visitor, class_id) as (connection, classroom, at):
            close_codes(connection, classroom.tenant_id, class_id, at)
            note(connection, at=at, actor=visitor.actor, action="class_code.closed", subject=class_id,
                 tenant_id=classroom.tenant_id)  # fmt: skip

    def ask_approval(self, visitor: Visitor, class_id: str, *, needs_approval: bool) -> None:
        """Let newcomers wait for a teacher from now on, or come in at once."""
        with self.classes.changing(visitor, class_id) as (connection, classroom, _):
            change_code(connection, classroom.tenant_id, class_id, needs_approval=needs_approval)

    def waiting(self, tenant_id: str, class_id: str) -> list[Waiting]:
        """Return who waits to be let in."""
        return who_waits(self.store, tenant_id, class_id)

    def let_in(self, visitor: Visitor, class_id: str, user_ids: Collection[str]) -> int:
        """Let students in who wait; return how many."""
        with self.classes.changing(visitor, class_id) as (connection, classroom, at):
            tenant_id = classroom.tenant_id
            found = decide(connection, tenant_id, class_id, user_ids, LET_IN, actor=visitor.actor, at=at)
            enroll(connection, tenant_id, classroom.school_id, [Place(each, class_id) for each in found], at)
            return len(found)

    def turn_away(self, visitor: Visitor, class_id: str, user_ids: Collection[str]) -> int:
        """Take students off the list who should not come in; return how many."""
        with self.classes.changing(visitor, class_id) as (connection, classroom, at):
            return len(
                decide(connection, classroom.tenant_id, class_id, user_ids, TURNED_AWAY, actor=visitor.actor, at=at)
            )

    def look_up(self, typed: str, guesser: Guesser) -> Found:
        """Return the class that a code opens. A wrong, closed, locked and replaced code look the same (E2).

        Raises:
            Refused: ``native.class_code_unknown``, ``native.integrated``.
            Unavailable: ``native.too_many_tries``.
        """
        narrow = _narrow(guesser)
        self.limiter.count([*narrow, Budget("class_code.address", guesser.address, BY_ADDRESS, _QUARTER)])
        code = read_code(typed)
        found = find_code(self.store, code, self.now()) if code else None
        if found is None:
            raise Refused(
                "native.class_code_unknown", "This code opens no class. Please check it, or ask your teacher."
            )
        self.limiter.take_back(narrow)
        with self.store.statements() as connection:
            self.classes.wall.must_be_native(connection, found.code.tenant_id, found.school_id)
        return found

    def count_join(self, found: Found) -> None:
        """Count somebody who comes in: no code and no school takes in thousands within the hour.

        Raises:
            Unavailable: ``native.too_many_tries``.
        """
        budgets = [Budget("class_code.code", found.code.code, BY_CODE, _HOUR)]
        self.limiter.count([*budgets, Budget("class_code.tenant", found.code.tenant_id, BY_TENANT, _HOUR)])


def _narrow(guesser: Guesser) -> list[Budget]:
    budgets = [Budget("class_code.session", guesser.session, BY_PERSON, _QUARTER)] if guesser.session else []
    return budgets + ([Budget("class_code.account", guesser.account, BY_PERSON, _QUARTER)] if guesser.account else [])
