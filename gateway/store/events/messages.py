"""The log of a webhook's messages: written down in the feed's order, of each entity one at a time on its way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, ScalarSelect, and_, case, exists, func, literal, null, select, update

from gateway.store.engine import Store
from gateway.store.events.lines import Line, Place, Wanted, lines_between, read_lines
from gateway.store.tables import webhook_messages, webhooks
from gateway.store.tables.columns import Moment
from gateway.store.upsert import insert_into

WAITING, SENT, FAILED, WITHHELD = "waiting", "sent", "failed", "withheld"
AT_ONCE = 500
_m = webhook_messages.c


class Message(NamedTuple):
    """One event on its way to one webhook."""

    id: int
    tenant_id: str
    change_xid: int
    change_id: int
    kind: str
    action: str
    sourced_id: str
    at: datetime
    state: str
    attempts: int
    due_at: datetime
    first_tried_at: datetime | None
    reason: str | None
    sent_at: datetime | None


_COLUMNS = [webhook_messages.c[name] for name in Message._fields]
_EARLIER = webhook_messages.alias("earlier")
# An entity's messages go out one after the other: none overtakes another that still waits.
_IS_HEAD = ~(
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.webhook_id == _m.webhook_id,
        _EARLIER.c.sourced_id == _m.sourced_id,
        # Wrapped, so that no planner takes the index of what waits here: with many waiting, each would ask all others.
        func.coalesce(_EARLIER.c.state, "") == WAITING,
        _EARLIER.c.id < _m.id,
    )
    .exists()
)


def write_down(store: Store, webhook_id: str, after: Place, wanted: Wanted, now: datetime) -> bool:
    """Write the next messages down and move the webhook's place in one transaction; say whether there are more."""
    with store.statements() as connection:
        found = read_lines(connection, after, wanted, AT_ONCE)
    if found.place == after:
        return False
    here = and_(webhooks.c.id == webhook_id, webhooks.c.after_xid == after.xid, webhooks.c.after_id == after.id)
    with store.transaction() as connection:
        moved = update(webhooks).where(here).values(after_xid=found.place.xid, after_id=found.place.id)
        if connection.execute(moved).rowcount == 1:  # else another worker did it
            _insert(connection, webhook_id, found.lines, now)
    return found.has_more


def _insert(connection: Connection, webhook_id: str, lines: Collection[Line], now: datetime) -> None:
    rows = [_row(webhook_id, line, now) for line in lines]
    if rows:
        keys = ["webhook_id", "change_id"]
        statement = insert_into(webhook_messages, connection.dialect.name)
        connection.execute(statement.on_conflict_do_nothing(index_elements=keys), rows)


def _row(webhook_id: str, line: Line, now: datetime) -> dict[str, Any]:
    told = {"kind": line.kind, "action": line.action, "sourced_id": line.sourced_id, "at": line.at}
    own = {"webhook_id": webhook_id, "tenant_id": line.tenant_id, "due_at": now}
    return {**own, **told, "change_xid": line.xid, "change_id": line.id}


def repeat(store: Store, webhook_id: str, between: tuple[Place, Place], wanted: Wanted, now: datetime) -> int:
    """Send again what was told between two places; what its log lacks is written down. Return how many messages."""
    after, until = between
    total = 0
    while True:
        with store.transaction() as connection:
            question = lines_between(store.dialect, after, until, wanted).limit(AT_ONCE)
            lines = [Line._make(row) for row in connection.execute(question)]
            if not lines:
                return total
            _insert(connection, webhook_id, lines, now)
            those = (_m.webhook_id == webhook_id, _m.change_id.in_([line.id for line in lines]), _m.state != WAITING)
            again = {"state": WAITING, "due_at": now, "attempts": 0, "reason": null(), "first_tried_at": null()}
            connection.execute(update(webhook_messages).where(*those).values(**again))
        total, after = total + len(lines), Place(lines[-1].xid, lines[-1].id)


def has_due(now: datetime) -> ScalarSelect[Any]:
    """Return, beside a webhook, whether a message of its is to be sent now."""
    due = exists().where(_m.webhook_id == webhooks.c.id, _m.state == WAITING, _m.due_at <= now, _IS_HEAD)
    return select(case((due, 1), else_=0)).correlate(webhooks).scalar_subquery()


def due_messages(store: Store, webhook_id: str, *, now: datetime | None, most: int) -> list[Message]:
    """Return messages that are to be sent now, or (None) whenever; at most one of each entity.

    What has been due for longest comes first.
    """
    question = select(*_COLUMNS).where(_m.webhook_id == webhook_id, _m.state == WAITING, _IS_HEAD)
    if now is not None:
        question = question.where(_m.due_at <= now)
    with store.statements() as connection:
        found = connection.execute(question.order_by(_m.due_at, _m.id).limit(most))
        return [Message._make(row) for row in found]


def settle(store: Store, ids: Collection[int], state: str, *, reason: str | None, now: datetime) -> None:
    """Note how messages ended."""
    if not ids:
        return
    values: dict[str, Any] = {"state": state, "reason": reason}
    if state in {SENT, FAILED}:
        values |= {
            "attempts": _m.attempts + 1,
            "first_tried_at": func.coalesce(_m.first_tried_at, literal(now, Moment())),
        }
    if state == SENT:
        values["sent_at"] = now
    with store.statements() as connection:
        connection.execute(update(webhook_messages).where(_m.id.in_(ids)).values(**values))


def postpone(store: Store, id: int, *, reason: str, due_at: datetime, now: datetime) -> None:
    """Try a message again later."""
    tried = func.coalesce(_m.first_tried_at, literal(now, Moment()))
    values = {"reason": reason, "due_at": due_at, "attempts": _m.attempts + 1, "first_tried_at": tried}
    with store.statements() as connection:
        connection.execute(update(webhook_messages).where(_m.id == id).values(**values))


def release(store: Store, webhook_id: str, now: datetime) -> None:
    """Let everything that waits go now: the receiver is back."""
    waiting = (_m.webhook_id == webhook_id, _m.state == WAITING, _m.due_at > now)
    with store.statements() as connection:
        connection.execute(update(webhook_messages).where(*waiting).values(due_at=now))


def list_messages(
    store: Store, webhook_id: str, *, state: str | None = None, sourced_id: str | None = None, limit: int
) -> list[Message]:
    """Return the newest messages of a webhook, newest first."""
    question = select(*_COLUMNS).where(_m.webhook_id == webhook_id).order_by(_m.id.desc()).limit(limit)
    if state is not None:
        question = question.where(_m.state == state)
    if sourced_id is not None:
        question = question.where(_m.sourced_id == sourced_id)
    with store.statements() as connection:
        return [Message._make(row) for row in connection.execute(question)]
