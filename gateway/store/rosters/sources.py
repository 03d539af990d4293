"""Roster sources: the number that stands for an integration, what pauses it, its thresholds, its last reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.integrations import Integration
from gateway.store.rosters.staging import Source
from gateway.store.tables import roster_sources
from gateway.store.upsert import insert_or_ignore


class Standing(NamedTuple):
    """How a source stands: why it is paused, thresholds that are not the house's, and its last applied reading."""

    paused_at: datetime | None
    pause_code: str | None
    pause_sentence: str | None
    guards: dict[str, Any]
    digest: str | None
    since: str | None
    shapes: dict[str, str]


_s = roster_sources.c
_NOTHING: dict[str, Any] = {"digest": None, "since": None}  # of the last reading, once the rows are no longer its


def source_of(store: Store, integration: Integration) -> Source:
    """Return the integration's roster source, made when it has none yet."""
    question = select(_s.id).where(_s.integration_id == integration.id, _s.tenant_id == integration.tenant_id)
    row = {"tenant_id": integration.tenant_id, "integration_id": integration.id, "guards": {}, "shapes": {}}
    with store.statements() as connection:
        found = connection.execute(question).scalar_one_or_none()
        if found is None:
            insert_or_ignore(connection, roster_sources, ["integration_id"], row)
            found = connection.execute(question).scalar_one()
    return Source(int(found), integration.tenant_id, integration.id, integration.org_sourced_id)


def standing_of(store: Store, source: Source) -> Standing:
    """Return how a source stands."""
    columns = [_s[name] for name in Standing._fields]
    with store.statements() as connection:
        return Standing._make(connection.execute(select(*columns).where(*_is(source))).one())


def pauses(store: Store) -> dict[str, tuple[str, str]]:
    """Return why integrations are paused: (code, sentence) by integration id."""
    question = select(_s.integration_id, _s.pause_code, _s.pause_sentence).where(_s.paused_at.isnot(None))
    with store.statements() as connection:
        return {row[0]: (row[1], row[2]) for row in connection.execute(question)}


def pause(store: Store, source: Source, *, code: str, sentence: str, at: datetime) -> None:
    """Let no sync run by itself until one that a person starts succeeds."""
    with store.statements() as connection:
        target = update(roster_sources).where(*_is(source))
        connection.execute(target.values(paused_at=at, pause_code=code, pause_sentence=sentence))


def unpause(connection: Connection, source: Source) -> None:
    """Let syncs run again, in the caller's transaction; writes nothing when none was paused."""
    target = update(roster_sources).where(*_is(source), _s.paused_at.isnot(None))
    connection.execute(target.values(paused_at=None, pause_code=None, pause_sentence=None))


def keep_reading(connection: Connection, source: Source, standing: Standing, reading: Mapping[str, Any]) -> None:
    """Remember `digest`, `since` and `shapes` of a reading that was applied whole, where they differ."""
    known = standing._asdict()
    changed = {name: value for name, value in reading.items() if known[name] != value}
    if changed:
        connection.execute(update(roster_sources).where(*_is(source)).values(**changed))


def forget_reading(connection: Connection, source: Source, *, lines: bool = False) -> None:
    """Forget the last reading's digest and cursor, as the rows are no longer what it told, and its `lines` if asked."""
    shapes: dict[str, Any] = {"shapes": {}} if lines else {}
    connection.execute(update(roster_sources).where(*_is(source)).values(**_NOTHING, **shapes))


def set_guards(store: Store, source: Source, guards: Mapping[str, int], *, actor: str, at: datetime) -> None:
    """Set an integration's own thresholds; the digest goes, as the same roster may now be judged otherwise."""
    with store.transaction() as connection:
        connection.execute(update(roster_sources).where(*_is(source)).values(guards=dict(guards), **_NOTHING))
        note(
            connection,
            at=at,
            actor=actor,
            action="roster.guards_set",
            subject=source.integration_id,
            tenant_id=source.tenant_id,
            detail=guards,
        )


def _is(source: Source) -> tuple[Any, ...]:
    return _s.id == source.id, _s.tenant_id == source.tenant_id
