"""The outbox of scores: which are to be sent now, in each student's order, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, null, or_, select, update

from gateway.store.engine import Store
from gateway.store.grades import LINE_ITEM, SCORE, LineItemRow, ScoreRow
from gateway.store.tables import identities, line_items, resource_links, scores

WAITING, SENT, FAILED, KEPT = "waiting", "sent", "failed", "kept"
_AT_ONCE = 500


class Due(NamedTuple):
    """A score that is to be sent now, with its line item."""

    score: ScoreRow
    item: LineItemRow


_EARLIER = scores.alias("earlier")
# A student's scores in one line item go out one after the other: none overtakes another that still waits.
_IS_HEAD = ~(
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.line_item_id == scores.c.line_item_id,
        _EARLIER.c.user_sourced_id == scores.c.user_sourced_id,
        # Wrapped, so that no planner takes the index on state here: with many waiting, each score would ask all others.
        func.coalesce(_EARLIER.c.state, "") == WAITING,
        _EARLIER.c.id < scores.c.id,
    )
    .exists()
)


def due_scores(store: Store, class_id: str, *, now: datetime, most: int) -> list[Due]:
    """Return scores of a class that are to be sent now, oldest first, at most one of each student and line item."""
    question = (
        select(*SCORE, *LINE_ITEM)
        .join(line_items, line_items.c.id == scores.c.line_item_id)
        .where(scores.c.class_sourced_id == class_id, scores.c.state == WAITING, scores.c.due_at <= now, _IS_HEAD)
        .order_by(scores.c.id)
        .limit(most)
    )
    size = len(SCORE)
    with store.statements() as connection:
        rows = connection.execute(question).all()
    return [Due(ScoreRow._make(row[:size]), LineItemRow._make(row[size:])) for row in rows]


def next_due(store: Store, class_id: str) -> datetime | None:
    """Return when the next score of a class may be sent."""
    waiting = and_(scores.c.class_sourced_id == class_id, scores.c.state == WAITING, _IS_HEAD)
    with store.statements() as connection:
        return connection.execute(select(func.min(scores.c.due_at)).where(waiting)).scalar()


def classes_with_due(store: Store, *, now: datetime, most: int) -> list[str]:
    """Return classes that have scores to be sent now."""
    due = select(scores.c.class_sourced_id).where(scores.c.state == WAITING, scores.c.due_at <= now)
    with store.statements() as connection:
        return list(connection.execute(due.distinct().limit(most)).scalars())


def settle(store: Store, score_id: int, state: str, *, reason: str | None, at: datetime) -> None:
    """Note how a score ended."""
    values: dict[str, Any] = {"state": state, "reason": reason, "attempts": scores.c.attempts + 1}
    if state == SENT:
        values["sent_at"] = at
    _change(store, scores.c.id == score_id, values)


def postpone(store: Store, score_id: int, *, reason: str, due_at: datetime) -> None:
    """Try a score again later."""
    values = {"reason": reason, "due_at": due_at, "attempts": scores.c.attempts + 1}
    _change(store, scores.c.id == score_id, values)


def pause_class(store: Store, class_id: str, until: datetime) -> None:
    """Let every score of a class wait: its LMS is down."""
    waiting = and_(scores.c.class_sourced_id == class_id, scores.c.state == WAITING, scores.c.due_at < until)
    _change(store, waiting, {"due_at": until})


def resend(store: Store, *, ids: Collection[int] = (), reason: str | None = None, now: datetime) -> list[str]:
    """Send ended scores again, at once; return the classes to wake.

    One that a later score of the same student has followed to the LMS stays: it would be older than what is there.
    """
    later = (
        select(_EARLIER.c.id)
        .where(
            _EARLIER.c.line_item_id == scores.c.line_item_id,
            _EARLIER.c.user_sourced_id == scores.c.user_sourced_id,
            _EARLIER.c.state == SENT,
            _EARLIER.c.id > scores.c.id,
        )
        .exists()
    )
    chosen = or_(scores.c.id.in_(ids), scores.c.reason == reason) if reason else scores.c.id.in_(ids)
    ended = and_(scores.c.state.in_([FAILED, KEPT]), chosen, ~later)
    again = update(scores).where(ended).values(state=WAITING, reason=null(), attempts=0, due_at=now)
    with store.statements() as connection:
        return sorted(set(connection.execute(again.returning(scores.c.class_sourced_id)).scalars()))


def _change(store: Store, where: ColumnElement[bool], values: dict[str, Any]) -> None:
    with store.statements() as connection:
        connection.execute(update(scores).where(where).values(**values))


def set_url(store: Store, item_id: str, url: str | None, way: str | None = None) -> None:
    """Keep where a line item is in the LMS and by which way it came there, or forget it."""
    with store.statements() as connection:
        connection.execute(update(line_items).where(line_items.c.id == item_id).values(url=url, way=way))


def subject_of(store: Store, integration_id: str, user_id: str) -> str | None:
    """Return what an LMS calls a person."""
    own = and_(identities.c.integration_id == integration_id, identities.c.user_sourced_id == user_id)
    question = select(identities.c.subject).where(own).order_by(identities.c.created_at.desc()).limit(1)
    with store.statements() as connection:
        return connection.execute(question).scalar()


def users_of(store: Store, integration_id: str, subjects: Sequence[str]) -> dict[str, str]:
    """Return whom an LMS means, by what it calls them; whom we do not know is left out."""
    found: dict[str, str] = {}
    with store.statements() as connection:
        for start in range(0, len(subjects), _AT_ONCE):
            those = identities.c.subject.in_(subjects[start : start + _AT_ONCE])
            question = select(identities.c.subject, identities.c.user_sourced_id)
            rows = connection.execute(question.where(identities.c.integration_id == integration_id, those))
            found.update((str(row[0]), str(row[1])) for row in rows)
    return found


class Link(NamedTuple):
    """A resource link as its LMS knows it."""

    deployment_row_id: str
    resource_link_id: str
    line_item_url: str | None


def link_of(store: Store, row_id: str) -> Link | None:
    """Return a resource link."""
    columns = [resource_links.c[name] for name in Link._fields]
    with store.statements() as connection:
        row = connection.execute(select(*columns).where(resource_links.c.id == row_id)).first()
    return None if row is None else Link._make(row)
