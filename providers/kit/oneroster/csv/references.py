"""Judges records among each other, as strict mode wants: ids that come twice, references, roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from providers.contract import Fault
from providers.kit.oneroster.csv.columns import Column
from providers.kit.oneroster.csv.faults import fault
from providers.kit.oneroster.csv.ids import Ids
from providers.kit.oneroster.csv.results import Results
from providers.kit.oneroster.vocabulary import EXTENSION, SCHOOL

# column -> what the target's type must be, and the code when it is another (extensions are let through).
_TYPED: Final = {
    "schoolSourcedId": (SCHOOL, "csv.reference_school"),
    "schoolYearSourcedId": ("schoolYear", "csv.reference_year"),
}
Values = Mapping[str, Sequence[Any]]
Rows = Sequence[int]


class References:
    """Judges one bulk file after the other, in reading order.

    In a delta package the target of a reference may be with the receiver alone, so only a bulk file's references to
    bulk files are judged, and those to files that the package doesn't have.
    """

    def __init__(self, deltas: frozenset[str]) -> None:
        self._deltas = deltas
        self._ids: dict[str, Ids] = {}
        self._odd_types: dict[str, set[str]] = {name: set() for name in _TYPED}
        self._results = Results()
        self._own: dict[str, Ids] = {}  # by column: what it refers to in its own file
        self._roles, self._primary_roles, self._primary_orgs, self._profiles = Ids(), Ids(), Ids(), Ids()

    def block(self, file: str, columns: Sequence[Column], values: Values, rows: Rows) -> list[Fault]:
        """Judge a block of good rows."""
        ids = self._ids.setdefault(file, Ids())
        ids.add(values["sourcedId"], rows)
        if file in self._deltas:
            return []
        self._learn(file, values, rows)
        faults = [
            one
            for column in columns
            if column.refers_to and column.refers_to not in self._deltas
            for one in self._judge(file, column, column.refers_to, values[column.name], rows)
        ]
        if file == "roles":
            faults += self._judge_profiles(values, rows)
        faults += self._results.block(file, values, rows)
        if file == "lineItems":
            faults += _judge_limits(values, rows)
        if file == "demographics" and "users" not in self._deltas:
            own = Column("sourcedId", True, True, "guid", "users")
            faults += self._judge(file, own, "users", values["sourcedId"], rows, "csv.demographics_user")
        return faults

    def _learn(self, file: str, values: Values, rows: Rows) -> None:
        if file in {"orgs", "academicSessions"}:
            column = "schoolSourcedId" if file == "orgs" else "schoolYearSourcedId"
            wanted = _TYPED[column][0]
            for source_id, kind in zip(values["sourcedId"], values["type"], strict=True):
                if kind != wanted and not EXTENSION.fullmatch(kind):
                    self._odd_types[column].add(source_id)
        elif file == "userProfiles":
            self._profiles.add(_pairs(values["sourcedId"], values["userSourcedId"]), rows)
        elif file == "users" and "primaryOrgSourcedId" in values:
            there = [
                (user, org, row)
                for user, org, row in zip(*_of(values, "sourcedId", "primaryOrgSourcedId"), rows, strict=True)
                if org
            ]
            self._primary_orgs.add([f"{user}\n{org}" for user, org, _ in there], [row for _, _, row in there])
        elif file == "roles":
            pairs = _pairs(*_of(values, "userSourcedId", "orgSourcedId"))
            self._roles.add(pairs, rows)
            first = [
                (pair, row)
                for pair, kind, row in zip(pairs, values["roleType"], rows, strict=True)
                if kind == "primary"
            ]
            self._primary_roles.add([pair for pair, _ in first], [row for _, row in first])

    def _judge(
        self, file: str, column: Column, target: str, values: Sequence[Any], rows: Rows, code: str = "csv.reference"
    ) -> Iterator[Fault]:
        is_list = column.shape == "guids"
        asked = set(chain.from_iterable(values)) if is_list else set(values) - {None}
        if target == file and code == "csv.reference":  # the one it refers to may come later
            pairs = [
                (each, row)
                for value, row in zip(values, rows, strict=True)
                for each in (value if is_list else (value,) if value else ())
            ]
            own = self._own.setdefault(column.name, Ids())
            own.add([each for each, _ in pairs], [row for _, row in pairs])
            return
        known = self._ids.get(target, Ids())
        missing = {each for each in asked if each not in known}
        odd = asked & self._odd_types.get(column.name, set()) if column.name in _TYPED else set()
        if not missing and not odd:
            return
        for value, row in zip(values, rows, strict=True):
            each = set(value) if is_list else {value}
            if each & missing:
                yield fault(file, row, column.name, code)
            elif each & odd:
                yield fault(file, row, column.name, _TYPED[column.name][1])

    def _judge_profiles(self, values: Values, rows: Rows) -> Iterator[Fault]:
        for profile, user, row in zip(*_of(values, "userProfileSourcedId", "userSourcedId"), rows, strict=True):
            is_there = profile and profile in self._ids.get("userProfiles", Ids())
            if is_there and f"{profile}\n{user}" not in self._profiles:
                yield fault("roles", row, "userProfileSourcedId", "csv.profile_of_other")

    def __enter__(self) -> References:
        return self

    def __exit__(self, *_: object) -> None:
        own = (self._roles, self._primary_roles, self._primary_orgs, self._profiles)
        self._results.close()
        for ids in (*self._ids.values(), *self._own.values(), *own):
            ids.close()

    def end(self, file: str) -> Iterator[Fault]:
        """Judge what is known only when a file was read to its end."""
        ids = self._ids.get(file)
        if ids is None:
            return
        for row in ids.rows_twice():
            yield fault(file, row, "sourcedId", "csv.id_twice")
        for column, own in self._own.items():
            for row in own.rows_outside(ids):
                yield fault(file, row, column, "csv.reference")
            own.close()
        self._own = {}
        knows_enrollments = "enrollments" in self._ids and not self._deltas & {"enrollments", "results"}
        yield from self._results.end(file, knows_enrollments=knows_enrollments)
        if file == "roles" and not self._deltas & {"roles", "users"}:
            for row in self._primary_roles.rows_twice():
                yield fault("roles", row, "roleType", "csv.primary_role_twice")
            for row in self._primary_orgs.rows_outside(self._roles):
                yield fault("users", row, "primaryOrgSourcedId", "csv.primary_org_role")


def _judge_limits(values: Values, rows: Rows) -> Iterator[Fault]:
    for low, high, row in zip(*_of(values, "resultValueMin", "resultValueMax"), rows, strict=True):
        if low and high and float(low) > float(high):
            yield fault("lineItems", row, "resultValueMin", "csv.values_swapped")


def _of(values: Values, *names: str) -> list[Sequence[Any]]:
    return [values[name] for name in names]


def _pairs(ones: Sequence[str], others: Sequence[str]) -> list[str]:
    return [f"{one}\n{other}" for one, other in zip(ones, others, strict=True)]
