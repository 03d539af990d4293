"""Judges results by their line items and enrollments, and the ids of learning objectives, as strict mode wants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from providers.contract import Fault
from providers.kit.oneroster.csv.faults import fault
from providers.kit.oneroster.csv.ids import Ids

_MOST_LINE_ITEMS: Final = 100_000  # the results of further ones are not compared with them
_CASE: Final = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
Values = Mapping[str, Sequence[Any]]
Rows = Sequence[int]


class _LineItem(NamedTuple):
    class_id: str
    least: str | None
    most: str | None


class Results:
    """Give it the files that are bulk, in reading order."""

    def __init__(self) -> None:
        self._line_items: dict[str, _LineItem] = {}
        self._enrolled, self._scored = Ids(), Ids()

    def block(self, file: str, values: Values, rows: Rows) -> list[Fault]:
        """Learn from a block, and judge it."""
        if file == "enrollments":
            self._enrolled.add(_pairs(values["classSourcedId"], values["userSourcedId"]), rows)
        elif file == "lineItems" and len(self._line_items) < _MOST_LINE_ITEMS:
            names = ("classSourcedId", "resultValueMin", "resultValueMax")
            told = map(_LineItem, *(values[name] for name in names))
            self._line_items.update(zip(values["sourcedId"], told, strict=True))
        elif file == "results":
            return list(self._judge(values, rows))
        elif "learningObjectiveId" in values:
            sources = zip(values["source"], values["learningObjectiveId"], rows, strict=True)
            return [
                fault(file, row, "learningObjectiveId", "csv.case_id")
                for source, objective, row in sources
                if source == "case" and not _CASE.fullmatch(objective)
            ]
        return []

    def _judge(self, values: Values, rows: Rows) -> Iterator[Fault]:
        named = values.get("classSourcedId") or (None,) * len(rows)
        of_class, students, where = [], [], []
        for item_id, score, class_id, student, row in zip(
            values["lineItemSourcedId"], values["score"], named, values["studentSourcedId"], rows, strict=True
        ):
            item = self._line_items.get(item_id)
            if item is None:
                continue
            if score and not _is_between(item, score):
                yield fault("results", row, "score", "csv.score_range")
            if class_id and class_id != item.class_id:
                yield fault("results", row, "classSourcedId", "csv.result_class")
            of_class.append(item.class_id)
            students.append(student)
            where.append(row)
        self._scored.add(_pairs(of_class, students), where)

    def end(self, file: str, *, knows_enrollments: bool) -> Iterator[Fault]:
        """Judge, once the results are read, whether their students are in the class."""
        if file == "results" and knows_enrollments:
            for row in self._scored.rows_outside(self._enrolled):
                yield fault("results", row, "studentSourcedId", "csv.result_student")

    def close(self) -> None:
        """Let go of the disk."""
        self._enrolled.close()
        self._scored.close()


def _is_between(item: _LineItem, score: str) -> bool:
    least, most = float(item.least or "-inf"), float(item.most or "inf")
    return least <= float(score) <= most


def _pairs(ones: Sequence[str], others: Sequence[str]) -> list[str]:
    return [f"{one}\n{other}" for one, other in zip(ones, others, strict=True)]
