"""An application's line items and the scores it handed in, in the order they came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from gateway.store.engine import Store
from gateway.store.people import Collision
from gateway.store.tables import enrollments, line_items, resource_links, scores

_TICK = timedelta(milliseconds=1)  # the smallest step that every LMS reads


class LineItemRow(NamedTuple):
    """One line item of an application."""

    id: str
    tenant_id: str
    application_id: str
    sourced_id: str
    class_sourced_id: str
    resource_link_row_id: str | None
    title: str
    score_maximum: float
    url: str | None
    way: str | None
    date_last_modified: datetime


class ScoreRow(NamedTuple):
    """One score on its way, or there."""

    id: int
    tenant_id: str
    application_id: str
    line_item_id: str
    class_sourced_id: str
    user_sourced_id: str
    result_id: str
    score: float | None
    score_status: str
    comment: str | None
    scored_at: datetime | None
    timestamp: datetime
    state: str
    reason: str | None
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    created_at: datetime


LINE_ITEM = [line_items.c[name] for name in LineItemRow._fields]
SCORE = [scores.c[name] for name in ScoreRow._fields]


def is_link_of(connection: Connection, tenant_id: str, class_id: str, link_row_id: str) -> bool:
    """Return whether a resource link hangs in this class."""
    own = (resource_links.c.id == link_row_id) & (resource_links.c.class_sourced_id == class_id)
    question = select(resource_links.c.id).where(own, resource_links.c.tenant_id == tenant_id)
    return connection.execute(question).first() is not None


def find_line_item(connection: Connection, application_id: str, sourced_id: str) -> LineItemRow | None:
    """Return an application's own line item (attack H7), unless it was deleted."""
    own = (line_items.c.application_id == application_id) & (line_items.c.sourced_id == sourced_id)
    row = connection.execute(select(*LINE_ITEM).where(own, line_items.c.status == "active")).first()
    return None if row is None else LineItemRow._make(row)


def was_enrolled(connection: Connection, tenant_id: str, class_id: str, user_id: str) -> bool:
    """Return whether somebody is or was a member of the class: who left may still get the last grade."""
    own = (enrollments.c.class_sourced_id == class_id) & (enrollments.c.user_sourced_id == user_id)
    question = select(enrollments.c.sourced_id).where(own, enrollments.c.tenant_id == tenant_id).limit(1)
    return connection.execute(question).first() is not None


def score_with(connection: Connection, score_id: int) -> ScoreRow | None:
    """Return a score by its row."""
    row = connection.execute(select(*SCORE).where(scores.c.id == score_id)).first()
    return None if row is None else ScoreRow._make(row)


def add_score(connection: Connection, item: LineItemRow, values: dict[str, Any], at: datetime) -> int:
    """Put a score into the outbox, its timestamp later than every earlier one of this student in this line item.

    Raises:
        Collision: another score of the same student came at the same moment.
    """
    own = (scores.c.line_item_id == item.id) & (scores.c.user_sourced_id == values["user_sourced_id"])
    last = connection.execute(select(func.max(scores.c.timestamp)).where(own)).scalar()
    now = at.replace(microsecond=at.microsecond // 1000 * 1000)
    base = {
        "tenant_id": item.tenant_id,
        "application_id": item.application_id,
        "line_item_id": item.id,
        "class_sourced_id": item.class_sourced_id,
        "timestamp": now if last is None else max(now, last + _TICK),
        "due_at": at,
        "created_at": at,
    }
    try:
        return int(connection.execute(insert(scores).returning(scores.c.id), base | values).scalar_one())
    except IntegrityError as fault:
        raise Collision from fault


def list_scores(store: Store, *, state: str | None, limit: int) -> list[ScoreRow]:
    """Return the newest scores, of one state if it is named."""
    question = select(*SCORE).order_by(scores.c.id.desc()).limit(limit)
    if state is not None:
        question = question.where(scores.c.state == state)
    with store.statements() as connection:
        return [ScoreRow._make(row) for row in connection.execute(question)]


def find_score(store: Store, score_id: int) -> ScoreRow | None:
    """Return one score."""
    with store.statements() as connection:
        return score_with(connection, score_id)


def sent_scores(store: Store, item_id: str) -> dict[str, float | None]:
    """Return the last score of each student that reached the LMS."""
    question = select(scores.c.user_sourced_id, scores.c.score).order_by(scores.c.id)
    with store.statements() as connection:
        rows = connection.execute(question.where(scores.c.line_item_id == item_id, scores.c.state == "sent"))
        return {str(row[0]): row[1] for row in rows}
