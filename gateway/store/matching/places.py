"""What hangs on a person or a class: what of it moves when two rows become one, and what ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, String, Table, cast, exists, func, select

from gateway.store.matching.links import LinkKind
from gateway.store.rosters.shapes import SHAPES, Shape
from gateway.store.tables import (
    contexts,
    enrollments,
    identities,
    line_items,
    resource_links,
    results,
    roles,
    score_scales,
    scores,
)
from gateway.store.tables.columns import Moment


@dataclass(frozen=True, slots=True)
class Place:
    """A table whose rows hang on a person or a class; `unique`: what two rows of one person may not both say."""

    table: Table
    key: str
    column: str
    unique: tuple[str, ...] = ()

    @property
    def owner(self) -> ColumnElement[str]:
        """The column that names the person or class."""
        return self.table.c[self.column]

    @property
    def row_id(self) -> ColumnElement[str]:
        """The row's id as text."""
        return cast(self.table.c[self.key], String)

    def key_of(self, row_id: ColumnElement[str]) -> ColumnElement[Any]:
        """The key of a row whose id was kept as text."""
        return row_id if isinstance(self.table.c[self.key].type, String) else cast(row_id, BigInteger)

    def clashes(self, owner: ColumnElement[str]) -> ColumnElement[bool]:
        """Return whether another owner has a row already that says the same."""
        twin = self.table.alias("twin")
        same = [twin.c[name] == self.table.c[name] for name in self.unique]
        if "source" in twin.c:
            same.append(twin.c.source != "roster")
        return exists().where(twin.c[self.column] == owner, *same).correlate_except(twin)


@dataclass(frozen=True, slots=True)
class Hung:
    """All that hangs on one kind of row.

    `moved` goes to the row that stays, whoever told it; `told` is what launches say and a roster alone may say once it
    owns the row, so that it ends; `rostered` goes wherever the roster's record goes; `seen` is how people come in.
    """

    shape: Shape
    seen: Place
    told: Place
    moved: tuple[Place, ...]
    rostered: tuple[Place, ...]

    @property
    def table(self) -> Table:
        """The table of the persons or classes themselves."""
        return self.shape.table

    def first_seen(self) -> ScalarSelect[datetime | None]:
        """Return the question since when anybody came in as this row."""
        came: ColumnElement[datetime | None] = func.min(self.seen.table.c.created_at, type_=Moment)
        return select(came).where(self.seen.owner == self.table.c.sourced_id).correlate(self.table).scalar_subquery()


_ENROLLED = ("class_sourced_id", "role")
_OF_USER = "user_sourced_id"
_OF_CLASS = "class_sourced_id"

HUNG: Final[Mapping[LinkKind, Hung]] = {
    "users": Hung(
        SHAPES["users"],
        seen=Place(identities, "id", _OF_USER),
        told=Place(roles, "sourced_id", _OF_USER),
        moved=(
            Place(identities, "id", _OF_USER),
            Place(enrollments, "sourced_id", _OF_USER, _ENROLLED),
            Place(scores, "id", _OF_USER, ("line_item_id", "timestamp")),
            Place(results, "id", _OF_USER),
        ),
        rostered=(Place(roles, "sourced_id", _OF_USER), Place(enrollments, "sourced_id", _OF_USER)),
    ),
    "classes": Hung(
        SHAPES["classes"],
        seen=Place(contexts, "id", _OF_CLASS),
        told=Place(enrollments, "sourced_id", _OF_CLASS),
        moved=(
            Place(contexts, "id", _OF_CLASS),
            Place(resource_links, "id", _OF_CLASS),
            Place(line_items, "id", _OF_CLASS),
            Place(scores, "id", _OF_CLASS),
            Place(results, "id", _OF_CLASS),
            Place(score_scales, "id", _OF_CLASS),
        ),
        rostered=(Place(enrollments, "sourced_id", _OF_CLASS),),
    ),
}
