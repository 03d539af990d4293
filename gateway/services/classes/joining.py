"""Students come in by a class code: with an account of their own making, or with the one they have (E1, E3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gateway.services.classes.codes import ClassCodes, Guesser
from gateway.services.classes.student_form import StudentForm
from gateway.services.native.names import folded
from gateway.services.native.passwords import Passwords
from gateway.services.native.visits import Browser, Visitor, Visits
from gateway.services.native.wall import Wall
from gateway.services.native_import.students import JudgePassword
from gateway.store import Connection, Store
from gateway.store.audit import note
from gateway.store.classrooms.codes import Found
from gateway.store.classrooms.joins import ask_to_join
from gateway.store.classrooms.members import STUDENT, Place, enroll
from gateway.store.classrooms.people import NewStudent, UsernameMeanwhileTaken, add_students
from gateway.store.native.accounts import account_of_user, give_role
from providers.contract import Refused


class Joined(NamedTuple):
    """A student who came in; `secret` is the new session's, and `waits` whether a teacher lets them in first."""

    found: Found
    waits: bool
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Joining:
    """Thread-safe. What a code opens is found anew at each step: one that was closed meanwhile opens nothing."""

    store: Store
    codes: ClassCodes
    wall: Wall
    passwords: Passwords
    visits: Visits
    judge_password: JudgePassword
    now: Callable[[], datetime]

    def with_new_account(self, typed: str, fields: Mapping[str, str], guesser: Guesser, browser: Browser) -> Joined:
        """Make an account and come in with it.

        Raises:
            Refused: ``native.class_code_unknown``, ``native.integrated``.
            FormFaults: what is wrong, field by field.
            Unavailable: ``native.too_many_tries``, ``native.busy``.
        """
        found = self.codes.look_up(typed, guesser)
        form = StudentForm(fields, self.judge_password)
        form.check(self.store)
        self.codes.count_join(found)
        student = form.student(self.passwords.hash(form.password))
        try:
            user_id = self._add(found, student)
        except UsernameMeanwhileTaken:
            raise form.taken() from None
        with self.store.statements() as connection:
            account = account_of_user(connection, found.code.tenant_id, user_id)
        assert account is not None
        return Joined(found, found.code.needs_approval, self.visits.begin(account, browser))

    def with_own_account(self, visitor: Visitor, typed: str, guesser: Guesser) -> Joined:
        """Come in as who is signed in.

        Raises:
            Refused: ``native.class_code_unknown``, ``native.integrated``; ``native.join_as_staff``: no student;
                ``native.join_elsewhere``: the class is another district's.
        """
        found = self.codes.look_up(typed, guesser)
        if visitor.is_staff:
            raise Refused(
                "native.join_as_staff",
                "Class codes are for students, and you are signed in as a teacher. To teach this class with somebody,"
                " ask them to add you to it as a teacher.",
            )
        if visitor.tenant_id != found.code.tenant_id:
            raise Refused(
                "native.join_elsewhere",
                "This class is at another school than your account. Sign out, and make an account there with the code.",
            )
        self.codes.count_join(found)
        at = self.now()
        with self.store.transaction() as connection:
            self.wall.must_be_native(connection, found.code.tenant_id, found.school_id)
            give_role(connection, tenant_id=visitor.tenant_id, user_id=visitor.user_id, org_id=found.school_id,
                      role=STUDENT, is_primary=False, at=at)  # fmt: skip
            waits = self._enter(connection, found, visitor.user_id, at)
        return Joined(found, waits)

    def _add(self, found: Found, student: NewStudent) -> str:
        tenant_id, at = found.code.tenant_id, self.now()
        with self.store.transaction() as connection:
            self.wall.must_be_native(connection, tenant_id, found.school_id)
            (user_id,) = add_students(connection, tenant_id, found.school_id, [student], at)
            self._enter(connection, found, user_id, at)
            note(connection, at=at, actor=f"user:{user_id}", action="student.joined", subject=user_id,
                 tenant_id=tenant_id, detail={"class": found.code.class_id})  # fmt: skip
        return user_id

    def _enter(self, connection: Connection, found: Found, user_id: str, at: datetime) -> bool:
        """Enroll a student, or put them on the waiting list; return whether they wait."""
        code = found.code
        if code.needs_approval:
            ask_to_join(connection, code.tenant_id, code.class_id, user_id, at)
            return True
        enroll(connection, code.tenant_id, found.school_id, [Place(user_id, code.class_id)], at)
        return False


def suggestions(given_name: str, family_name: str, taken: Callable[[set[str]], set[str]]) -> list[str]:
    """Return three free usernames made of a name."""
    given, family = (_letters(each) for each in (given_name, family_name))
    base = ".".join(part for part in (given, family[:1]) if part) or "student"
    tries = [base, f"{given}.{family}".strip("."), *(f"{base}{number}" for number in range(2, 60))]
    gone = taken({folded(each) for each in tries})
    return [each for each in dict.fromkeys(tries) if len(each) > 1 and folded(each) not in gone][:3]


def _letters(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())[:30]
