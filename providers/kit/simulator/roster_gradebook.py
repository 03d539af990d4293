"""A gradebook behind a simulated system's REST interface: its columns, what stands in them, and faults on demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

from providers.kit.simulator.faults import Faults


class Grade(NamedTuple):
    """What stands in a column for one student, or once did. `comments` are all that were ever written."""

    column: int
    person: int
    points: float | None
    comments: tuple[str, ...] = ()


@dataclass
class GradeColumn:
    """One column. `place` is the course or section it belongs to, `body` what was asked for."""

    id: int
    place: int
    body: dict[str, Any]


@dataclass
class RosterGradebook:
    """Thread-safe. `written` keeps every grade that was put, in order.

    Faults have the places `columns` (making one) and `grades` (writing one). `is_over`: courses are concluded, and
    take nothing any more.
    """

    faults: Faults = field(default_factory=Faults)
    columns: dict[int, GradeColumn] = field(default_factory=dict)
    grades: dict[tuple[int, int], Grade] = field(default_factory=dict)
    written: list[Grade] = field(default_factory=list)
    is_over: bool = False
    _lock: Lock = field(default_factory=Lock)

    def reset(self) -> None:
        """Forget everything."""
        self.faults, self.is_over = Faults(), False
        self.columns.clear()
        self.grades.clear()
        self.written.clear()

    def add(self, place: int, body: dict[str, Any]) -> GradeColumn:
        """Make a column."""
        with self._lock:
            made = GradeColumn(6_000_001 + len(self.columns), place, body)
            return self.columns.setdefault(made.id, made)

    def of(self, place: int) -> list[GradeColumn]:
        """Return the columns of a place, the oldest first."""
        with self._lock:
            return [each for each in self.columns.values() if each.place == place]

    def stands(self, column: int, person: int) -> Grade:
        """Return what stands there."""
        with self._lock:
            return self.grades.get((column, person), Grade(column, person, None))

    def put(self, grade: Grade) -> Grade:
        """Write a grade."""
        with self._lock:
            self.grades[grade.column, grade.person] = grade
            self.written.append(grade)
        return grade
