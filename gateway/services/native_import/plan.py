"""Says of each row what will happen: new, same, changed, in doubt or refused, by what is known and what came before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from gateway.services.native.names import folded as username_key
from gateway.services.native_import.faults import RowFault
from gateway.services.native_import.known import Known, Person, folded, name_key, number_key
from gateway.services.native_import.students import Reading, Student

Action = Literal["new", "same", "changed", "doubt", "refused"]
ACTIONS: Final[tuple[Action, ...]] = ("new", "changed", "same", "doubt", "refused")

# Why a row is in doubt, as the page says it.
DOUBTS: Final[dict[str, str]] = {
    "case": "There is a student with this username in other capital letters.",
    "other_name": "The student with this username has quite another name.",
    "other_number": "The student with this username has another student number.",
    "number": "There is a student with this student number, under another username.",
    "name": "There is a student with this name, under another username.",
    "name_in_file": "Row {row} has the same name, with another username.",
}
# A doubt that can't be a new student: the username is in use.
NEVER_NEW: Final = frozenset({"case", "other_name", "other_number"})


class Change(NamedTuple):
    """A field that a row changes."""

    column: str
    before: str | None
    after: str


class Outcome(NamedTuple):
    """What will happen with a row. `user_id` is the student who is or may be meant; `other_row` is for sentences."""

    action: Action
    user_id: str | None = None
    changes: tuple[Change, ...] = ()
    class_ids: tuple[str, ...] = ()
    doubt: str | None = None
    faults: tuple[RowFault, ...] = ()
    other_row: int | None = None


class Earlier(NamedTuple):
    """What is remembered of a row, for fifty thousand are: where it is, its username, and a hash of all but classes."""

    row: int
    username: str
    content: int


@dataclass(slots=True)
class Plan:
    """Compares row after row; remembers those before. `taken` are usernames, folded, of accounts outside the school."""

    known: Known
    _rows: dict[str, Earlier] = field(default_factory=dict)  # by folded username
    _numbers: dict[str, tuple[int, str]] = field(default_factory=dict)
    _names: dict[str, tuple[int, str]] = field(default_factory=dict)

    def outcome(self, reading: Reading, taken: frozenset[str] | set[str]) -> Outcome:
        """Return what will happen with a row."""
        student = reading.student
        if student is None:
            return Outcome("refused", faults=reading.faults)
        key = username_key(student.username)
        person = self.known.by_username.get(key)
        if person is None and key in taken:
            return _refused("username", "row.username_taken")
        class_ids, code = self._classes(student)
        if code:
            return _refused("className", code)
        earlier = self._rows.get(key)
        if earlier is not None:
            return self._again(student, earlier, person, class_ids)
        return self._first(student, key, person, class_ids)

    def _first(self, student: Student, key: str, person: Person | None, class_ids: tuple[str, ...]) -> Outcome:
        if student.number and (other := self._numbers.get(number_key(student.number))):
            return _refused("studentNumber", "row.number_twice", other[0])
        self._rows[key] = Earlier(student.row, student.username, _content(student))
        if student.number:
            self._numbers[number_key(student.number)] = (student.row, key)
        outcome = self._found(student, person, class_ids) if person else self._not_found(student, class_ids)
        self._names.setdefault(name_key(student.given_name, student.family_name), (student.row, student.number or ""))
        return outcome

    def _again(self, student: Student, earlier: Earlier, person: Person | None, class_ids: tuple[str, ...]) -> Outcome:
        """Return what happens with a student's further row: one row for each class is usual."""
        if student.username != earlier.username:
            return _refused("username", "row.twice_case", earlier.row)
        if _content(student) != earlier.content:
            return _refused("username", "row.twice_different", earlier.row)
        joined = self._not_yet(person, class_ids)
        return Outcome("changed" if joined else "same", person.user_id if person else None, class_ids=joined,
                       other_row=earlier.row)  # fmt: skip

    def _found(self, student: Student, person: Person, class_ids: tuple[str, ...]) -> Outcome:
        joined = self._not_yet(person, class_ids)
        changes = _changes(student, person)
        if doubt := _doubt(student, person):
            return Outcome("doubt", person.user_id, changes, joined, doubt)
        return Outcome("changed" if changes or joined else "same", person.user_id, changes, joined)

    def _not_found(self, student: Student, class_ids: tuple[str, ...]) -> Outcome:
        if student.number:
            same_number = self.known.by_number.get(number_key(student.number), ())
            if same_number:
                return self._doubtful(student, same_number[0], class_ids, "number")
        for person in self.known.same_name(student):
            if not _are_two(student.number, person.number):
                return self._doubtful(student, person, class_ids, "name")
        earlier = self._names.get(name_key(student.given_name, student.family_name))
        if earlier and not _are_two(student.number, earlier[1]):
            return Outcome("doubt", None, (), class_ids, "name_in_file", other_row=earlier[0])
        return Outcome("new", class_ids=class_ids)

    def _doubtful(self, student: Student, person: Person, class_ids: tuple[str, ...], doubt: str) -> Outcome:
        return Outcome("doubt", person.user_id, _changes(student, person), class_ids, doubt)

    def _not_yet(self, person: Person | None, class_ids: tuple[str, ...]) -> tuple[str, ...]:
        if person is None:
            return class_ids
        return tuple(each for each in class_ids if person.user_id not in self.known.members.get(each, ()))

    def _classes(self, student: Student) -> tuple[tuple[str, ...], str | None]:
        """Return the classes that a row names, or the code of what is wrong with them."""
        if not student.class_names:
            return (), None
        whole = self.known.classes.get(folded(student.class_names))
        named = [whole] if whole else [self.known.classes.get(folded(each)) for each in _parts(student.class_names)]
        if not all(named):
            return (), "row.class_unknown"
        if any(len(found) > 1 for found in named if found):
            return (), "row.class_ambiguous"
        return tuple(dict.fromkeys(found[0].class_id for found in named if found)), None


def _content(student: Student) -> int:
    return hash(student._replace(row=0, class_names=None))


def _refused(column: str, code: str, other_row: int | None = None) -> Outcome:
    return Outcome("refused", faults=(RowFault(column, code),), other_row=other_row)


def _parts(class_names: str) -> Sequence[str]:
    return [part for part in re.split(r"[;|,]", class_names) if part.strip()]


def _are_two(number: str | None, other: str | None) -> bool:
    """Return whether two student numbers say that these are two people."""
    return bool(number and other and number_key(number) != number_key(other))


def _doubt(student: Student, person: Person) -> str | None:
    """Return why the student with this username may not be the one who is meant."""
    if student.username != person.username:
        return "case"
    if _are_two(student.number, person.number):
        return "other_number"
    is_same_number = bool(student.number and person.number)
    is_other = folded(student.given_name) != folded(person.given_name) and folded(student.family_name) != folded(
        person.family_name
    )
    return "other_name" if is_other and not is_same_number else None


def _changes(student: Student, person: Person) -> tuple[Change, ...]:
    """Return what a row changes: a blank cell nothing, and a number that only lost its zeros neither."""
    pairs: Mapping[str, tuple[str | None, str | None]] = {
        "username": (person.username, student.username),
        "givenName": (person.given_name, student.given_name),
        "familyName": (person.family_name, student.family_name),
        "middleName": (person.middle_name, student.middle_name),
        "grade": (person.grade, student.grade),
        "studentNumber": (person.number, student.number),
    }
    return tuple(
        Change(column, before, after)
        for column, (before, after) in pairs.items()
        if after and after != before and not (column == "studentNumber" and _only_lost_zeros(before, after))
    )


def _only_lost_zeros(before: str | None, after: str) -> bool:
    return (
        before is not None and before != after and number_key(before) == number_key(after) and len(after) < len(before)
    )
