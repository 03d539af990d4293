"""Makes one person or class of two rows that are both there: one known from launches, one that a roster's record made.

The row that applications saw first stays, with all that hangs on either; the other keeps its row and its id and is
marked as gone. What is done leaves traces, by which `parting` takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, true, update

from gateway.store.matching.hand import ENDED, MOVED, RETURNED, TAKEN, Roster, Work, in_hand, pairs
from gateway.store.matching.links import LinkKind, NewLink, write_links
from gateway.store.matching.places import HUNG, Hung, Place
from gateway.store.rosters.changing import transaction_number
from gateway.store.rosters.images import image_of
from gateway.store.rosters.staging import CHANGED, GONE
from gateway.store.tables import class_academic_sessions, link_traces, roster_changes, roster_records


class Candidate(NamedTuple):
    """Two rows that are one, and why: `row` is nobody's roster's, `rostered` is the record's."""

    row: str
    rostered: str
    source_id: str
    integration_id: str
    arrival_key: str | None
    how: str
    evidence: str


class _Row(NamedTuple):
    sourced_id: str
    status: str
    roster_source_id: int | None
    first_seen: datetime | None


def unite(
    connection: Connection, kind: LinkKind, roster: Roster, found: Sequence[Candidate], *, actor: str, at: datetime
) -> list[tuple[Candidate, int]]:
    """Make each candidate's two rows one; return those done with their link's id, and pass over what no longer fits.

    The caller holds the lock of the roster's syncs, and a transaction. Up to `MOST_AT_ONCE` at a time.
    """
    work = Work(connection, HUNG[kind], roster, at, transaction_number(connection))
    links, done = _links(work, kind, found, actor)
    if not links:
        return []
    ids = write_links(connection, links, at)
    with_takes = [(link, each, link.kept == one.row) for link, each, one in zip(links, ids, done, strict=True)]
    with in_hand(connection, [_in_hand(link, each, takes) for link, each, takes in with_takes]):
        _unite(work)
    return list(zip(done, ids, strict=True))


def _in_hand(link: NewLink, link_id: int, takes: bool) -> dict[str, Any]:
    told = {"kept": link.kept, "other": link.other, "source_id": link.source_id, "change_id": link.change_id}
    return told | {"link_id": link_id, "takes": takes}


def _links(work: Work, kind: LinkKind, found: Sequence[Candidate], actor: str) -> tuple[list[NewLink], list[Candidate]]:
    rows = _rows(work, {each for one in found for each in (one.row, one.rostered)})
    change_id = work.connection.execute(select(func.coalesce(func.max(roster_changes.c.id), 0))).scalar_one()
    links, done, busy = [], [], set[str]()
    for one in found:
        row, rostered = rows.get(one.row), rows.get(one.rostered)
        if row is None or rostered is None or {one.row, one.rostered} & busy:
            continue
        if row.roster_source_id is not None or rostered.roster_source_id != work.roster.id:
            continue
        busy |= {one.row, one.rostered}
        kept, other = _by_age(row, rostered)
        base = NewLink(
            work.roster.tenant_id, kind, kept, work.roster.id, one.source_id, one.integration_id, one.how, one.evidence,
            actor, other, one.arrival_key,
        )  # fmt: skip
        links.append(replace(base, change_id=change_id))
        done.append(one)
    return links, done


def _by_age(row: _Row, rostered: _Row) -> tuple[str, str]:
    """Who came in first stays; whom no launch made (a native account) or the roster alone told goes before it."""
    is_newer = row.first_seen is not None and rostered.first_seen is not None and rostered.first_seen < row.first_seen
    return (rostered.sourced_id, row.sourced_id) if is_newer else (row.sourced_id, rostered.sourced_id)


def _rows(work: Work, ids: Iterable[str]) -> dict[str, _Row]:
    """Return the active rows, held until the transaction ends: no launch may hang anything on them meanwhile."""
    table = work.table
    question = (
        select(table.c.sourced_id, table.c.status, table.c.roster_source_id, work.hung.first_seen())
        .where(table.c.sourced_id.in_(list(ids)), table.c.tenant_id == work.roster.tenant_id)
        .order_by(table.c.sourced_id)
        .with_for_update(of=table)
    )
    found = [_Row._make(row) for row in work.connection.execute(question)]
    return {row.sourced_id: row for row in found if row.status == "active"}


def _unite(work: Work) -> None:
    for row in (pairs.c.kept, pairs.c.other):
        _keep_image(work, row)
    _take_record(work)
    ended = update(work.table).where(work.is_row(pairs.c.other))
    values = {"status": "tobedeleted", "roster_source_id": None, "date_last_modified": work.at}
    work.connection.execute(ended.values(values))
    _end_told(work)
    for place in work.hung.rostered:
        _move_rostered(work, place)
    for place in work.hung.moved:
        _move(work, place)
    work.tell(work.hung.shape.kind, CHANGED, pairs.c.kept, pairs)
    work.tell(work.hung.shape.kind, GONE, pairs.c.other, pairs)


def _keep_image(work: Work, row: ColumnElement[str]) -> None:
    table, image = work.table, image_of(work.connection.dialect.name, work.table)
    work.trace(table.name, table.c.sourced_id, TAKEN, pairs.join(table, work.is_row(row)), image)


def record_columns(hung: Hung) -> list[str]:
    """Return the columns that a roster's record fills."""
    return [*hung.shape.fields, *(each.column for each in hung.shape.references), "roster_source_id"]


def _take_record(work: Work) -> None:
    """Write the record into the row that stays, as an automatic join does."""
    table, other = work.table, work.table.alias("theirs")
    both = and_(work.is_row(pairs.c.kept), work.is_row(pairs.c.other, other), pairs.c.takes.is_(true()))
    values: dict[str, Any] = {name: other.c[name] for name in record_columns(work.hung)}
    if "name" in table.c:
        values["name"] = None
    work.connection.execute(update(table).where(both).values({**values, "date_last_modified": work.at}))
    record = and_(
        roster_records.c.roster_source_id == work.roster.id,
        roster_records.c.kind == work.hung.shape.kind,
        roster_records.c.source_id == pairs.c.source_id,
        roster_records.c.sourced_id == pairs.c.other,
    )
    work.connection.execute(
        update(roster_records).where(record, pairs.c.takes.is_(true())).values(sourced_id=pairs.c.kept)
    )
    if work.hung.shape.kind == "classes":
        terms = class_academic_sessions.c
        mine = and_(terms.class_sourced_id == pairs.c.other, terms.tenant_id == work.roster.tenant_id)
        work.connection.execute(
            update(class_academic_sessions).where(mine, pairs.c.takes.is_(true())).values(class_sourced_id=pairs.c.kept)
        )


def _end_told(work: Work) -> None:
    """From now on the roster alone says what such a person is, and who is in such a class."""
    place = work.hung.told
    table = place.table
    mine = or_(place.owner == pairs.c.other, and_(place.owner == pairs.c.kept, pairs.c.takes.is_(true())))
    told = (mine, table.c.tenant_id == work.roster.tenant_id, table.c.source != "roster", table.c.status == "active")
    work.trace(table.name, place.row_id, ENDED, pairs.join(table, and_(*told)))
    _end_traced(work, place)


def _end_traced(work: Work, place: Place) -> None:
    table = place.table
    ended = work.traced(place, ENDED)
    work.tell(table.name, GONE, link_traces.c.row_id, pairs.join(link_traces, ended))
    ids = select(link_traces.c.row_id).select_from(pairs.join(link_traces, ended))
    gone = update(table).where(table.c[place.key].in_(ids), table.c.tenant_id == work.roster.tenant_id)
    work.connection.execute(gone.values(status="tobedeleted", date_last_modified=work.at))


def _move_rostered(work: Work, place: Place) -> None:
    """Let what the roster tells follow its record."""
    told = work.hangs_on(place, pairs.c.other, place.table.c.source == "roster")
    work.tell(place.table.name, CHANGED, place.row_id, pairs.join(place.table, told))
    moved = update(place.table).where(told)
    work.connection.execute(moved.values({place.column: pairs.c.kept, "date_last_modified": work.at}))


def _move(work: Work, place: Place) -> None:
    """Move what else hangs on the row that goes, but for what the row that stays says already."""
    table = place.table
    told = [work.hangs_on(place, pairs.c.other)]
    if "source" in table.c:
        told.append(table.c.source != "roster")
    if place.unique:
        told.append(~place.clashes(pairs.c.kept))
    work.trace(table.name, place.row_id, MOVED, pairs.join(table, and_(*told)))
    values: dict[str, Any] = {place.column: pairs.c.kept}
    if "date_last_modified" in table.c:
        values["date_last_modified"] = work.at
    if "status" in table.c:
        work.tell(table.name, CHANGED, place.row_id, pairs.join(table, and_(*told)))
    work.connection.execute(update(table).where(*told).values(values))
    if "source" in table.c:
        _end_clashing(work, place)


def _end_clashing(work: Work, place: Place) -> None:
    """End what both said, after what the row that stays says of it is active again, if it was not."""
    table, twin = place.table, place.table.alias("twin")
    left = work.hangs_on(place, pairs.c.other, table.c.source != "roster", table.c.status == "active")
    same = [twin.c[name] == table.c[name] for name in place.unique]
    said = exists().select_from(table).where(left, *same).correlate(pairs, twin)
    ours = (twin.c[place.column] == pairs.c.kept, twin.c.source != "roster", twin.c.status != "active")
    back = pairs.join(twin, and_(*ours, twin.c.tenant_id == work.roster.tenant_id, said))
    work.trace(table.name, twin.c[place.key], RETURNED, back)
    returned = select(link_traces.c.row_id).select_from(pairs.join(link_traces, work.traced(place, RETURNED)))
    active = update(table).where(table.c[place.key].in_(returned), table.c.tenant_id == work.roster.tenant_id)
    work.connection.execute(active.values(status="active", date_last_modified=work.at))
    work.tell(table.name, RETURNED, link_traces.c.row_id, pairs.join(link_traces, work.traced(place, RETURNED)))
    work.trace(table.name, place.row_id, ENDED, pairs.join(table, left))
    _end_traced(work, place)
