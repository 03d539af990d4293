"""Webhooks as their table keeps them: where they go, how they are signed, and how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, or_, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.events.lines import newest
from gateway.store.events.messages import has_due
from gateway.store.ids import new_id
from gateway.store.tables import webhooks

ACTIVE, DISABLED = "active", "disabled"
_w = webhooks.c


class Webhook(NamedTuple):
    """One receiver of an application. `misses` counts failures since it last took a message."""

    id: str
    application_id: str
    url: str
    secret_sealed: str
    previous_secret_sealed: str | None
    previous_secret_until: datetime | None
    event_types: list[str]
    status: str
    status_reason: str | None
    after_xid: int
    after_id: int
    misses: int
    failing_since: datetime | None
    paused_until: datetime | None
    slowest_seconds: int
    succeeded_at: datetime | None
    created_at: datetime


def health_of(webhook: Webhook) -> str:
    """Return ``active``, ``failing`` or ``disabled``."""
    return "failing" if webhook.status == ACTIVE and webhook.failing_since is not None else webhook.status


_COLUMNS = [webhooks.c[name] for name in Webhook._fields]


def new_webhook_id() -> str:
    """Return an id that is shown to people."""
    return new_id()


def add_webhook(store: Store, values: Mapping[str, Any], *, actor: str, at: datetime) -> None:
    """Keep a new webhook, which hears of what changes from now on."""
    with store.statements() as connection:
        place = newest(connection)
    row = {**values, "after_xid": place.xid, "after_id": place.id, "created_at": at}
    with store.transaction() as connection:
        connection.execute(insert(webhooks), row)
        _note(connection, values["id"], "webhook.added", actor, at, {"application": values["application_id"]})


def change_webhook(store: Store, id: str, values: Mapping[str, Any], *, action: str, actor: str, at: datetime) -> None:
    """Change a webhook, with its audit line."""
    with store.transaction() as connection:
        connection.execute(update(webhooks).where(_w.id == id).values(**values))
        _note(connection, id, action, actor, at, {})


def _note(connection: Connection, id: str, action: str, actor: str, at: datetime, detail: Mapping[str, Any]) -> None:
    note(connection, at=at, actor=actor, action=action, subject=id, detail=detail)


def note_round(store: Store, id: str, **values: Any) -> None:
    """Note how sending went."""
    with store.statements() as connection:
        connection.execute(update(webhooks).where(_w.id == id).values(**values))


def find_webhook(store: Store, id: str) -> Webhook | None:
    """Return one webhook."""
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(_w.id == id)).first()
    return None if row is None else Webhook._make(row)


def list_webhooks(store: Store, application_id: str | None = None) -> list[Webhook]:
    """Return webhooks, of one application or of all, oldest first."""
    question = select(*_COLUMNS).order_by(_w.created_at, _w.id)
    if application_id is not None:
        question = question.where(_w.application_id == application_id)
    with store.statements() as connection:
        return [Webhook._make(row) for row in connection.execute(question)]


def webhooks_with_work(store: Store, now: datetime) -> list[str]:
    """Return those that have something to do now: something was told since, or a message of theirs is due."""
    awake = (_w.status == ACTIVE, or_(_w.paused_until.is_(None), _w.paused_until <= now))
    with store.statements() as connection:
        found = connection.execute(select(_w.id, _w.after_xid, _w.after_id, has_due(now)).where(*awake)).all()
        if not found:
            return []
        last = newest(connection)
    return [str(id_) for id_, xid, change_id, is_due in found if is_due or (xid, change_id) < last]
