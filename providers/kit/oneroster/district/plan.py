"""How large a made-up district is, and who is there on which day: everything follows from seed and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

STUDENTS_IN_A_SCHOOL: Final = 700
STUDENTS_FOR_A_TEACHER: Final = 20
STUDENTS_FOR_A_CLASS: Final = 10
HOMEROOM_EVERY: Final = 5  # every fifth class of a school is a homeroom

# Of the share that changes in a day: most people are changed, some leave, as many come.
_CHANGED, _LEFT, _CAME = 0.7, 0.15, 0.15


class Student(NamedTuple):
    """One student on one day. `bits` are 64 random bits that never change; `version` counts the changes so far."""

    number: int
    bits: int
    school: int
    version: int


def has_guardian(student: Student) -> bool:
    """Return whether a guardian of this student has an account: one in 64."""
    return student.bits >> 57 & 63 == 0


def is_at_two_schools(student: Student) -> bool:
    """Return whether a student takes classes at a second school: one in 128."""
    return student.bits >> 13 & 127 == 0


def moved(student: Student) -> bool:
    """Return whether a student came from another school in mid-year: one in 128."""
    return student.bits >> 13 & 127 == 1


@dataclass(frozen=True, slots=True)
class District:
    """A made-up district: `day` 1 is the first day, each later day changes `change` (0.01 is 1 %) of the records."""

    students: int
    seed: int = 1
    day: int = 1
    change: float = 0.01

    def __post_init__(self) -> None:
        """Refuse what makes no district. Raises ValueError."""
        if self.students < 1 or self.day < 1 or not 0 <= self.change <= 1:
            raise ValueError("a district has students, days from 1 on, and a change between 0 and 100 %")

    @property
    def schools(self) -> int:
        """Return how many schools there are; never fewer than two, so that somebody can be at both."""
        return max(2, round(self.students / STUDENTS_IN_A_SCHOOL))

    @property
    def teachers(self) -> int:
        """Return how many teachers there are: at least one a school."""
        return max(self.schools, self.students // STUDENTS_FOR_A_TEACHER)

    @property
    def classes(self) -> int:
        """Return how many classes there are: at least ten a school."""
        return self.classes_in_a_school * self.schools

    @property
    def classes_in_a_school(self) -> int:
        """Return how many classes each school has."""
        return max(10, round(self.students / STUDENTS_FOR_A_CLASS / self.schools))

    def lot(self, purpose: str) -> Random:
        """Return a source of lots that depends on seed and purpose alone, the same in every file."""
        return Random(f"{self.seed}/{purpose}")  # noqa: S311 - made-up data has to repeat, not to be secret

    def present(self) -> Iterator[Student]:
        """Yield the students of this day in order; who left yesterday is back today."""
        came = round(self.students * self.change * _CAME)
        last = self.students + came * (self.day - 1)
        base = self.lot("students").getrandbits
        days = [self.lot(f"students of day {day}").random for day in range(2, self.day + 1)]
        leaves, changes = self.change * _LEFT, self.change * (_LEFT + _CHANGED)
        schools = self.schools
        for number in range(last):
            drawn = [draw() for draw in days]
            bits = base(64)
            if drawn and drawn[-1] < leaves:
                continue
            version = sum(leaves <= lot < changes for lot in drawn)
            yield Student(number, bits, number % schools, version)
