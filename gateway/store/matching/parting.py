"""Takes links back: of one row come two again, each with what was its own; what the roster told since goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, Text, and_, func, literal, null, select, true, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSONB, array

from gateway.store.matching.detaching import detach_arrivals, follow_record
from gateway.store.matching.dividing import divided
from gateway.store.matching.hand import ENDED, MOVED, RETURNED, Roster, Work, in_hand, pairs
from gateway.store.matching.links import Link, LinkKind, end_links
from gateway.store.matching.places import HUNG, Place
from gateway.store.matching.uniting import record_columns
from gateway.store.rosters import staging
from gateway.store.rosters.changing import transaction_number
from gateway.store.rosters.images import pictured
from gateway.store.tables import class_academic_sessions, link_traces, roster_changes, roster_records, syncs


def part(connection: Connection, links: Sequence[Link], status: str, *, actor: str, at: datetime) -> None:
    """End links of one kind and one roster, no row in two of them, in the caller's transaction and under its lock."""
    first = links[0]
    roster = Roster(first.roster_source_id, first.tenant_id)
    work = Work(connection, HUNG[first.kind], roster, at, transaction_number(connection))
    arrivals = [link for link in links if link.other is None and link.sync_id is None]
    whole = divided(work, [link for link in links if link.other is None and link.sync_id is not None])
    whole += [link for link in links if link.other is not None]
    if arrivals:
        detach_arrivals(work, first.kind, arrivals)
    if whole:
        with in_hand(connection, [_in_hand(work, link) for link in whole]):
            _part(work, first.kind)
    end_links(connection, links, status, actor=actor, at=at)


def _in_hand(work: Work, link: Link) -> dict[str, Any]:
    """A row that was nobody's roster's before gives the record back."""
    image = link_traces.c.before
    owner = work.table.c.roster_source_id
    question = select(pictured(work.connection.dialect.name, image, owner)).where(
        link_traces.c.link_id == link.id, link_traces.c.place == work.table.name, link_traces.c.row_id == link.kept
    )
    takes = work.connection.execute(question).scalar() is None
    told = {"link_id": link.id, "kept": link.kept, "other": link.other, "source_id": link.source_id}
    return told | {"change_id": link.change_id or 0, "takes": takes}


def _part(work: Work, kind: LinkKind) -> None:
    _give_record_back(work)
    for place in work.hung.rostered:
        _move_rostered_back(work, place)
    for place in work.hung.moved:
        _move_back(work, place)
    for place in dict.fromkeys((work.hung.told, *work.hung.moved)):
        _restore_status(work, place)
    follow_record(work, kind)
    _restore_kept(work)
    _retell(work)
    work.tell(kind, staging.CHANGED, pairs.c.kept, pairs)
    work.tell(kind, staging.RETURNED, pairs.c.other, pairs)


def _give_record_back(work: Work) -> None:
    table, ours = work.table, work.table.alias("ours")
    both = and_(work.is_row(pairs.c.other), work.is_row(pairs.c.kept, ours), pairs.c.takes.is_(true()))
    values: dict[str, Any] = {name: ours.c[name] for name in (*record_columns(work.hung), "status")}
    work.connection.execute(update(table).where(both).values({**values, "date_last_modified": work.at}))
    alone = update(table).where(work.is_row(pairs.c.other), pairs.c.takes.is_not(true()))
    work.connection.execute(alone.values(status="active", date_last_modified=work.at))
    record = and_(
        roster_records.c.roster_source_id == work.roster.id,
        roster_records.c.kind == work.hung.shape.kind,
        roster_records.c.source_id == pairs.c.source_id,
        roster_records.c.sourced_id == pairs.c.kept,
    )
    back = update(roster_records).where(record, pairs.c.takes.is_(true()))
    work.connection.execute(back.values(sourced_id=pairs.c.other))
    if work.hung.shape.kind == "classes":
        terms = class_academic_sessions.c
        mine = (terms.class_sourced_id == pairs.c.kept, terms.tenant_id == work.roster.tenant_id)
        moved = update(class_academic_sessions).where(*mine, pairs.c.takes.is_(true()))
        work.connection.execute(moved.values(class_sourced_id=pairs.c.other))


def _move_rostered_back(work: Work, place: Place) -> None:
    told = work.hangs_on(place, pairs.c.kept, place.table.c.source == "roster", pairs.c.takes.is_(true()))
    work.tell(place.table.name, staging.CHANGED, place.row_id, pairs.join(place.table, told))
    moved = update(place.table).where(told)
    work.connection.execute(moved.values({place.column: pairs.c.other, "date_last_modified": work.at}))


def _traced_ids(work: Work, place: Place, action: str) -> Any:
    ids = select(place.key_of(link_traces.c.row_id)).select_from(pairs.join(link_traces, work.traced(place, action)))
    return place.table.c[place.key].in_(ids)


def _move_back(work: Work, place: Place) -> None:
    values: dict[str, Any] = {place.column: pairs.c.other}
    if "date_last_modified" in place.table.c:
        values["date_last_modified"] = work.at
    moved = work.hangs_on(place, pairs.c.kept, _traced_ids(work, place, MOVED))
    if "status" in place.table.c:
        work.tell(place.table.name, staging.CHANGED, place.row_id, pairs.join(place.table, moved))
    work.connection.execute(update(place.table).where(moved).values(values))


def _restore_status(work: Work, place: Place) -> None:
    """What ended with the link is active again, what came back by it ends; not what somebody changed since."""
    table = place.table
    if "status" not in table.c:
        return
    for action, since, again in ((ENDED, "tobedeleted", "active"), (RETURNED, "active", "tobedeleted")):
        mine = (_traced_ids(work, place, action), table.c.status == since, table.c.tenant_id == work.roster.tenant_id)
        told = staging.RETURNED if again == "active" else staging.GONE
        work.tell(table.name, told, link_traces.c.row_id, pairs.join(link_traces, work.traced(place, action)))
        work.connection.execute(update(table).where(*mine).values(status=again, date_last_modified=work.at))


def _restore_kept(work: Work) -> None:
    table = work.table
    image = and_(
        link_traces.c.link_id == pairs.c.link_id,
        link_traces.c.place == table.name,
        link_traces.c.row_id == pairs.c.kept,
    )
    kept = {"sourced_id", "tenant_id", "date_last_modified"}
    values = {
        column.name: pictured(work.connection.dialect.name, link_traces.c.before, column)
        for column in table.columns
        if column.name not in kept
    }
    back = update(table).where(work.is_row(pairs.c.kept), image, pairs.c.takes.is_(true()))
    work.connection.execute(back.values({**values, "date_last_modified": work.at}))


def _retell(work: Work) -> None:
    """Let what syncs told of the record since be told of its own row again: their undo must find it there."""
    c = roster_changes.c
    runs = select(syncs.c.id).where(syncs.c.roster_source_id == work.roster.id)
    taking = select(pairs.c.kept).where(pairs.c.takes.is_(true()))
    first = select(func.min(pairs.c.change_id)).scalar_subquery()
    mine = (c.tenant_id == work.roster.tenant_id, c.id > first, c.sync_id.in_(runs))
    other = select(pairs.c.other).where(pairs.c.kept == c.sourced_id, pairs.c.change_id < c.id).scalar_subquery()
    later = (c.kind == work.hung.shape.kind, c.sourced_id.in_(taking))
    told = update(roster_changes).where(*mine, *later)
    values: dict[str, Any] = {"sourced_id": func.coalesce(other, c.sourced_id)}
    if launched := [each.name for each in work.table.columns if each.name in {"name", "locale", "picture"}]:
        values["before"] = _without(work.connection.dialect.name, launched)
    work.connection.execute(told.values(values))
    for place in work.hung.rostered:
        _retell_images(work, place, mine, taking)


def _without(dialect: str, names: Sequence[str]) -> Any:
    """The picture of a row without what a launch told of the other person."""
    image = roster_changes.c.before
    if dialect == "sqlite":
        return func.json_set(image, *(part for name in names for part in (f"$.{name}", null())))
    nothing = literal(dict.fromkeys(names), JSONB)
    return sql_cast(sql_cast(image, JSONB).op("||")(nothing), JSON)


def _retell_images(work: Work, place: Place, mine: Sequence[Any], taking: Any) -> None:
    c, dialect = roster_changes.c, work.connection.dialect.name
    owner = pictured(dialect, c.before, place.table.c[place.column])
    source = pictured(dialect, c.before, place.table.c.source)
    of = (c.kind == place.table.name, c.before.isnot(None), source == "roster", owner.in_(taking))
    other = select(pairs.c.other).where(pairs.c.kept == owner, pairs.c.change_id < c.id).scalar_subquery()
    named: Any = func.coalesce(other, owner)
    if dialect == "sqlite":
        image: Any = func.json_set(c.before, f"$.{place.column}", named)
    else:
        named = func.to_jsonb(sql_cast(named, Text))
        image = sql_cast(func.jsonb_set(sql_cast(c.before, JSONB), array([literal(place.column)]), named), JSON)
    work.connection.execute(update(roster_changes).where(*mine, *of).values(before=image))
