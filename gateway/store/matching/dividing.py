"""Of a row that a sync wrote a record into come two: as if the record had been given a row of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import and_, insert, literal, null, select, update

from gateway.store.ids import new_id
from gateway.store.matching.hand import ENDED, TAKEN, Work, in_hand, pairs
from gateway.store.matching.links import ROWS, Link
from gateway.store.rosters.staging import ADDED, GONE
from gateway.store.rosters.staging import LINKED as JOINED
from gateway.store.tables import record_links, roster_changes
from gateway.store.tables.columns import Moment

_c = roster_changes.c


def divided(work: Work, links: Iterable[Link]) -> list[Link]:
    """Give each link's record a row, and the link the traces that it would have left had both rows been there."""
    done: list[Link] = []
    for sync_id, group in groupby(sorted(links, key=_sync_of), key=_sync_of):
        done += _divide(work, sync_id, list(group))
    return done


def _sync_of(link: Link) -> int:
    return int(link.sync_id or 0)


def _divide(work: Work, sync_id: int, links: Sequence[Link]) -> list[Link]:
    joined = (_c.sync_id == sync_id, _c.kind == work.hung.shape.kind, _c.action == JOINED)
    question = select(_c.sourced_id, _c.id).where(*joined, _c.sourced_id.in_([link.kept for link in links]))
    numbers = {row[0]: int(row[1]) for row in work.connection.execute(question)}
    told = [link._replace(other=new_id(), change_id=numbers[link.kept]) for link in links if link.kept in numbers]
    if not told:
        return []
    with in_hand(work.connection, [_in_hand(link) for link in told]):
        _make_rows(work)
        _make_traces(work, sync_id)
    theirs = ROWS[told[0].kind][1]
    for link in told:
        own = update(record_links).where(record_links.c.id == link.id)
        work.connection.execute(own.values({theirs: link.other, "change_id": link.change_id}))
    return told


def _in_hand(link: Link) -> dict[str, Any]:
    told = {"link_id": link.id, "kept": link.kept, "other": link.other, "source_id": link.source_id}
    return told | {"change_id": link.change_id, "takes": True}


def _make_rows(work: Work) -> None:
    """The rest of the row is filled in when its record goes there."""
    table = work.table
    needed = [column for column in table.columns if column.name == "school_sourced_id"]
    own = {"tenant_id": literal(work.roster.tenant_id), "status": literal("tobedeleted")}
    own["date_last_modified"] = literal(work.at, Moment())
    found = select(pairs.c.other, *own.values(), *needed).select_from(pairs.join(table, work.is_row(pairs.c.kept)))
    names = ["sourced_id", *own, *(column.name for column in needed)]
    work.connection.execute(insert(table).from_select(names, found))


def _make_traces(work: Work, sync_id: int) -> None:
    table, told = work.table, work.hung.told
    change = and_(_c.id == pairs.c.change_id, _c.sourced_id == pairs.c.kept)
    work.trace(table.name, _c.sourced_id, TAKEN, pairs.join(roster_changes, change), _c.before)
    ended = select(_c.sourced_id).where(_c.sync_id == sync_id, _c.kind == told.table.name, _c.action == GONE)
    mine = work.hangs_on(told, pairs.c.kept, told.table.c.source != "roster", told.table.c.sourced_id.in_(ended))
    work.trace(told.table.name, told.row_id, ENDED, pairs.join(told.table, mine))
    added = update(roster_changes).where(change)
    work.connection.execute(added.values(action=ADDED, sourced_id=pairs.c.other, before=null(), content_hash=null()))
