"""The links in hand: a temporary table of them, and what uniting rows and parting them have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    insert,
    literal,
    null,
    select,
)

from gateway.store.matching.places import Hung, Place
from gateway.store.rosters.changing import CHANGE
from gateway.store.tables import link_traces, roster_changes
from gateway.store.tables.columns import Moment

MOST_AT_ONCE = 500
MOVED, ENDED, TAKEN, RETURNED = "moved", "ended", "changed", "returned"
_TRACE = ["tenant_id", "link_id", "place", "row_id", "action", "before"]
# `takes`: the row that stays has, or gets, the record of the other one.
pairs = Table(
    "links_in_hand",
    MetaData(),
    Column("link_id", Integer, nullable=False),
    Column("kept", String(36), nullable=False),
    Column("other", String(36), nullable=False),
    Column("source_id", Text().with_variant(Text(collation="C"), "postgresql"), nullable=False),
    Column("change_id", Integer, nullable=False),
    Column("takes", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
)


class Roster(NamedTuple):
    """Whose record it is: the roster's number and its tenant."""

    id: int
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Work:
    """One step of a merge or of its end, in the caller's transaction."""

    connection: Connection
    hung: Hung
    roster: Roster
    at: datetime
    xid: int

    @property
    def table(self) -> Table:
        """The table of persons or classes."""
        return self.hung.table

    def is_row(self, sourced_id: ColumnElement[str], table: Any = None) -> ColumnElement[bool]:
        """A row of this tenant."""
        of = self.table if table is None else table
        return and_(of.c.sourced_id == sourced_id, of.c.tenant_id == self.roster.tenant_id)

    def hangs_on(self, place: Place, row: ColumnElement[str], *where: ColumnElement[bool]) -> ColumnElement[bool]:
        """A row of this tenant that hangs on one in hand."""
        return and_(place.owner == row, place.table.c.tenant_id == self.roster.tenant_id, *where)

    def traced(self, place: Place, action: str) -> ColumnElement[bool]:
        """The traces of links in hand in one table."""
        mine = and_(link_traces.c.link_id == pairs.c.link_id, link_traces.c.place == place.table.name)
        return and_(mine, link_traces.c.action == action)

    def tell(self, kind: str, action: str, sourced_id: ColumnElement[str], found: Any) -> None:
        """Write events for applications; an undo of syncs passes over them."""
        columns: list[ColumnElement[Any]] = [
            literal(self.xid), literal(self.roster.tenant_id), null(), literal(kind), literal(action),
            sourced_id, literal(self.at, Moment()), null(), null(),
        ]  # fmt: skip
        self.connection.execute(insert(roster_changes).from_select(CHANGE, select(*columns).select_from(found)))

    def trace(
        self, place: str, row_id: ColumnElement[str], action: str, found: Any, before: ColumnElement[Any] | None = None
    ) -> None:
        """Keep what is done to rows, so that it can be taken back."""
        image: ColumnElement[Any] = null() if before is None else before
        columns: list[ColumnElement[Any]] = [
            literal(self.roster.tenant_id),
            pairs.c.link_id,
            literal(place),
            row_id,
            literal(action),
            image,
        ]
        told = select(*columns).select_from(found)
        self.connection.execute(insert(link_traces).from_select(_TRACE, told))


@contextmanager
def in_hand(connection: Connection, links: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    """Take links in hand; if anything fails the caller's transaction takes the table back with all else."""
    pairs.create(connection)
    connection.execute(insert(pairs), list(links))
    yield
    pairs.drop(connection)
