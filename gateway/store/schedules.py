"""The rows of schedules and watched folders: one for each integration that has either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.integrations import Integration
from gateway.store.tables import integrations, roster_schedules
from gateway.store.upsert import insert_or_ignore


class Schedule(NamedTuple):
    """When one integration's roster is synced by itself. `seen` tells of the watched folder at the last look."""

    integration_id: str
    tenant_id: str
    daily_at: str | None
    zone: str
    every_minutes: int | None
    next_at: datetime | None
    paused_at: datetime | None
    freeze_from: date | None
    freeze_until: date | None
    frozen: str
    watch_folder: str | None
    seen: dict[str, list[int]]


_s = roster_schedules.c
_COLUMNS = [_s[name] for name in Schedule._fields]


def schedule_of(store: Store, integration: Integration) -> Schedule:
    """Return an integration's schedule; one that is off when it has none."""
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(*_is(integration))).first()
    if row is not None:
        return Schedule._make(row)
    return Schedule(
        integration.id, integration.tenant_id, None, "UTC", None, None, None, None, None, "preview", None, {}
    )


def change_schedule(
    store: Store, integration: Integration, values: Mapping[str, Any], *, action: str, actor: str, at: datetime
) -> None:
    """Change some of an integration's schedule, with a line in the audit log."""
    empty = {"id": new_id(), "tenant_id": integration.tenant_id, "integration_id": integration.id, "seen": {}}
    with store.transaction() as connection:
        insert_or_ignore(connection, roster_schedules, ["integration_id"], empty)
        connection.execute(update(roster_schedules).where(*_is(integration)).values(**values))
        told = {name: str(value) for name, value in values.items() if value is not None and name != "seen"}
        note(
            connection,
            at=at,
            actor=actor,
            action=action,
            subject=integration.id,
            tenant_id=integration.tenant_id,
            detail=told,
        )


def due_schedules(store: Store, now: datetime) -> list[Schedule]:
    """Return the schedules of active integrations whose time has come and that nobody paused."""
    question = (
        select(*_COLUMNS)
        .join(integrations, integrations.c.id == _s.integration_id)
        .where(_s.next_at <= now, _s.paused_at.is_(None), integrations.c.status == "active")
        .order_by(_s.next_at)
    )
    with store.statements() as connection:
        return [Schedule._make(row) for row in connection.execute(question)]


def take_turn(store: Store, schedule: Schedule, next_at: datetime | None) -> bool:
    """Move a due schedule to its next time; False when another worker has taken this turn."""
    target = update(roster_schedules).where(
        _s.integration_id == schedule.integration_id,
        _s.tenant_id == schedule.tenant_id,
        _s.next_at == schedule.next_at,
    )
    with store.statements() as connection:
        return connection.execute(target.values(next_at=next_at)).rowcount == 1


def watched(store: Store) -> list[Schedule]:
    """Return the schedules of active integrations that have a watched folder and that nobody paused."""
    question = (
        select(*_COLUMNS)
        .join(integrations, integrations.c.id == _s.integration_id)
        .where(_s.watch_folder.isnot(None), _s.paused_at.is_(None), integrations.c.status == "active")
        .order_by(_s.integration_id)
    )
    with store.statements() as connection:
        return [Schedule._make(row) for row in connection.execute(question)]


def keep_seen(store: Store, schedule: Schedule, seen: Mapping[str, list[int]]) -> None:
    """Remember what lies in a watched folder; writes nothing when that is known."""
    if seen == schedule.seen:
        return
    target = update(roster_schedules).where(
        _s.integration_id == schedule.integration_id, _s.tenant_id == schedule.tenant_id
    )
    with store.statements() as connection:
        connection.execute(target.values(seen=dict(seen)))


def _is(integration: Integration) -> tuple[Any, ...]:
    return _s.integration_id == integration.id, _s.tenant_id == integration.tenant_id
