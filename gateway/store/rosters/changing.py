"""The line that each change leaves: the event for applications, and the row as it was, for undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    Table,
    Text,
    Update,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)

from gateway.store.rosters.images import image_of
from gateway.store.rosters.shapes import Shape
from gateway.store.rosters.staging import CHANGED, LINKED, RETURNED, ROOT, Area
from gateway.store.tables import orgs, roster_changes, roster_records
from gateway.store.tables.columns import Moment

# The content of a record that only a sync which was undone brought: its id is kept, but no reference leads to it.
NEVER_KNOWN = -1
REWRITTEN = (CHANGED, RETURNED, LINKED)
CHANGE = ["xid", "tenant_id", "sync_id", "kind", "action", "sourced_id", "at", "content_hash", "before"]


@dataclass(slots=True)
class Merge:
    """One apply, inside its transaction. `rows` counts the rows written to the house's tables."""

    connection: Connection
    area: Area
    sync_id: int
    xid: int
    rows: int = 0

    def write(self, statement: Insert | Update | Any) -> int:
        """Execute a statement and count its rows."""
        count = max(self.connection.execute(statement).rowcount, 0)
        self.rows += count
        return count

    @property
    def at(self) -> datetime:
        """When all of it happens."""
        return self.area.at


def transaction_number(connection: Connection) -> int:
    """Return PostgreSQL's number of this transaction, by which events are read in order; 0 on SQLite."""
    if connection.dialect.name == "sqlite":
        return 0
    return int(connection.execute(select(cast(func.pg_current_xact_id(), Text))).scalar_one())


def change(
    work: Merge, shape: Shape, action: ColumnElement[str], sourced_id: ColumnElement[str], *before: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    """Return the columns of a change, in the order of `CHANGE`."""
    return [
        literal(work.xid),
        literal(work.area.source.tenant_id),
        literal(work.sync_id),
        literal(shape.kind),
        action,
        sourced_id,
        literal(work.at, Moment()),
        *(before or (null(), null())),
    ]


def picture(work: Merge, shape: Shape, staged: Table) -> None:
    """Keep the rows as they are before they are rewritten."""
    table, area = shape.table, work.area
    record = and_(
        roster_records.c.roster_source_id == area.source.id,
        roster_records.c.kind == shape.kind,
        roster_records.c.source_id == staged.c.source_id,
    )
    before = (roster_records.c.content_hash, image_of(area.dialect, table))
    found = (
        select(*change(work, shape, staged.c.action, staged.c.sourced_id, *before))
        .select_from(staged.join(table, same_row(work, table, staged.c.sourced_id)).outerjoin(roster_records, record))
        .where(staged.c.action.in_(REWRITTEN))
    )
    work.write(insert(roster_changes).from_select(CHANGE, found))
    if table is orgs:
        root = staged.outerjoin(roster_records, record)
        mine = (staged.c.action.in_(REWRITTEN), staged.c.sourced_id == area.source.org_id)
        work.write(insert(roster_changes).from_select(CHANGE, of_root(work, shape, root, mine)))


def of_root(work: Merge, shape: Shape, place: Any, mine: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Keep of the root org's record what undo needs: its content, if it stood, or that nobody had known it."""
    hash_ = func.coalesce(roster_records.c.content_hash, NEVER_KNOWN)
    stood = case((or_(roster_records.c.is_gone.is_(False), hash_ == NEVER_KNOWN), hash_), else_=null())
    columns = change(work, shape, literal(ROOT), literal(work.area.source.org_id), stood, null())
    return select(*columns).select_from(place).where(*mine)


def same_row(work: Merge, table: Table, sourced_id: ColumnElement[str]) -> ColumnElement[bool]:
    """A row of this tenant, whatever the mapping says (attack F8); a root org is the operator's, not the roster's."""
    same = [table.c.sourced_id == sourced_id, table.c.tenant_id == work.area.source.tenant_id]
    if table is orgs:
        same.append(table.c.sourced_id != work.area.source.org_id)
    return and_(*same)
