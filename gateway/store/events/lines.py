"""Reads the changes in the order in which they may be told, from any place; what is told is never followed by less.

PostgreSQL gives numbers before transactions commit, so a number alone could be passed over. Lines go by (transaction,
number), and nobody reads beyond the oldest transaction that is still open: those before it can gain no line (ADR 17).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    tuple_,
    update,
)

from gateway.store.rosters.staging import ADDED, GONE, RETURNED, ROOT
from gateway.store.tables import event_marks, roles, roster_changes, webhooks

CREATED, UPDATED, DELETED = "created", "updated", "deleted"
SCANNED: Final = 20_000  # lines looked at in one question, however few of them concern the caller
_c, _m = roster_changes.c, event_marks.c


class Place(NamedTuple):
    """A place in the order: just behind this line."""

    xid: int
    id: int


START: Final = Place(0, 0)


class Line(NamedTuple):
    """One thing to tell: what became of which row. `kind` is OneRoster's collection, never `roles`."""

    xid: int
    id: int
    tenant_id: str
    kind: str
    action: Literal["created", "updated", "deleted"]
    sourced_id: str
    at: datetime


class Wanted(NamedTuple):
    """Whose and what a reader wants; None: all. `types` are `users` or `users.deleted`; `until` is not in it."""

    tenants: Collection[str] | None = None
    types: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    sourced_id: str | None = None


class Found(NamedTuple):
    """A piece of the order: the next one begins at `place`; `has_more`: there are lines behind it already."""

    lines: list[Line]
    place: Place
    has_more: bool


_KIND: ColumnElement[str] = case((_c.kind == "roles", "users"), else_=_c.kind)
_ACTION: ColumnElement[str] = case(
    (_c.kind == "roles", UPDATED),
    (_c.action.in_((ADDED, RETURNED)), CREATED),
    (_c.action == GONE, DELETED),
    else_=UPDATED,
)
_ROW: ColumnElement[str] = case((_c.kind == "roles", roles.c.user_sourced_id), else_=_c.sourced_id)


def lines_between(dialect: str, after: Place, until: Place, wanted: Wanted) -> Select[Any]:
    """Return the question for what is told between two places, in order; its columns are those of `Line`."""
    told = [
        beyond(dialect, after),
        ~beyond(dialect, until),
        _c.action != ROOT,
        _c.is_quiet.is_not(True),
        _ROW.is_not(None),
    ]
    if wanted.tenants is not None:
        told.append(_c.tenant_id.in_(wanted.tenants))
    if wanted.types:
        told.append(or_(*(_is_type(each) for each in wanted.types)))
    told += [_c.at >= wanted.since] if wanted.since is not None else []
    told += [_c.at < wanted.until] if wanted.until is not None else []
    told += [_ROW.in_((wanted.sourced_id,))] if wanted.sourced_id is not None else []
    of_role = and_(_c.kind == "roles", roles.c.sourced_id == _c.sourced_id)
    columns = (_c.xid, _c.id, _c.tenant_id, _KIND.label("kind"), _ACTION.label("action"), _ROW.label("row"), _c.at)
    found = select(*columns).select_from(roster_changes.outerjoin(roles, of_role))
    return found.where(*told).order_by(*_order(dialect))


def _is_type(type_: str) -> ColumnElement[bool]:
    kind, _, action = type_.partition(".")
    is_kind = _KIND.in_((kind,))
    return and_(is_kind, _ACTION.in_((action,))) if action else is_kind


def beyond(dialect: str, place: Place) -> ColumnElement[bool]:
    """Lines behind a place."""
    if dialect == "sqlite":  # one writer at a time: numbers come in the order of commits
        return _c.id > place.id
    return tuple_(_c.xid, _c.id) > tuple_(place.xid, place.id)


def _order(dialect: str) -> tuple[ColumnElement[int], ...]:
    return (_c.id,) if dialect == "sqlite" else (_c.xid, _c.id)


def newest(connection: Connection) -> Place:
    """Return the place behind all that may be told now."""
    dialect = connection.dialect.name
    question = select(_c.xid, _c.id).order_by(*(each.desc() for each in _order(dialect))).limit(1)
    if dialect != "sqlite":  # asked for first: whatever had ended then is seen by the question after it
        question = question.where(_c.xid < connection.execute(select(_number("pg_snapshot_xmin"))).scalar_one())
    row = connection.execute(question).first()
    return START if row is None else Place._make(row)


def _number(bound: str) -> ColumnElement[int]:
    snapshot: Any = func.pg_current_snapshot()
    return cast(cast(getattr(func, bound)(snapshot), Text), BigInteger)


def next_stretch(connection: Connection, after: Place, until: Place) -> Place:
    """Return where to stop looking: at most `SCANNED` lines behind `after`."""
    dialect = connection.dialect.name
    nth = select(_c.xid, _c.id).where(beyond(dialect, after), ~beyond(dialect, until))
    row = connection.execute(nth.order_by(*_order(dialect)).limit(1).offset(SCANNED - 1)).first()
    return until if row is None else Place._make(row)


def read_lines(connection: Connection, after: Place, wanted: Wanted, limit: int) -> Found:
    """Return up to `limit` lines behind a place."""
    last = newest(connection)
    if last <= after:
        return Found([], after, has_more=False)
    end = next_stretch(connection, after, last)
    question = lines_between(connection.dialect.name, after, end, wanted).limit(limit)
    lines = [Line._make(row) for row in connection.execute(question)]
    place = Place(lines[-1].xid, lines[-1].id) if len(lines) == limit else end
    return Found(lines, place, has_more=place < last)


def forgotten(connection: Connection) -> Place:
    """Return the place before which lines are too old to be told."""
    row = connection.execute(select(_m.xid, _m.change_id)).first()
    return START if row is None else Place._make(row)


def settled(connection: Connection, place: Place) -> Place:
    """Return a place that was told before the database moved to a server that counts transactions anew."""
    if place.xid == 0 or connection.dialect.name == "sqlite":
        return place
    return (
        Place(0, place.id)
        if place.xid >= connection.execute(select(_number("pg_snapshot_xmax"))).scalar_one()
        else place
    )


def settle_moved(connection: Connection) -> int:
    """Put lines that came with a dump before all that this server writes, or they were never told; return how many."""
    if connection.dialect.name == "sqlite":
        return 0
    # In this order: what is written meanwhile is no higher than what is asked for next, and has a number of its own.
    highest, known = connection.execute(select(func.max(_c.xid), func.max(_c.id))).one()
    bound = connection.execute(select(_number("pg_snapshot_xmax"))).scalar_one()
    if (highest or 0) < bound:
        return 0
    for xid in (_m.xid, webhooks.c.after_xid):
        connection.execute(update(xid.table).where(xid >= bound).values({xid: 0}))
    return connection.execute(update(roster_changes).where(_c.xid >= bound, _c.id <= known).values(xid=0)).rowcount
