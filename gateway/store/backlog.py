"""How much work waits and how many scores are in which state, for whoever watches the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select

from gateway.store.engine import Store
from gateway.store.tables import jobs, scores, webhook_messages, webhooks


class Backlog(NamedTuple):
    """Rows by state; the seconds are how long the oldest has been due, or has waited to be sent: 0 when none does."""

    jobs: Mapping[str, int]
    jobs_overdue_seconds: float
    scores: Mapping[str, int]
    scores_oldest_seconds: float
    webhooks: Mapping[str, int]
    messages_oldest_seconds: float


JOB_STATES = ("waiting", "running", "failed")
WEBHOOK_STATES = ("active", "failing", "disabled")
_w = webhooks.c
SCORE_STATES = ("waiting", "sent", "failed", "kept")


def count_backlog(store: Store, now: datetime) -> Backlog:
    """Count."""
    # Periodic work always waits for its next round: only what is due is a backlog.
    state = case((jobs.c.state == "failed", "failed"), (jobs.c.leased_until > now, "running"), else_="waiting")
    work = select(state, func.count(), func.min(jobs.c.due_at)).where(
        (jobs.c.due_at <= now) | (jobs.c.state == "failed")
    )
    grades = select(scores.c.state, func.count()).group_by(scores.c.state)
    oldest = select(func.min(scores.c.created_at)).where(scores.c.state == "waiting")
    with store.statements() as connection:
        by_job = {str(row[0]): (int(row[1]), row[2]) for row in connection.execute(work.group_by(state))}
        by_score = {str(row[0]): int(row[1]) for row in connection.execute(grades)}
        waiting_since = connection.execute(oldest).scalar()
        health = case((_w.status != "active", "disabled"), (_w.failing_since.isnot(None), "failing"), else_="active")
        receivers = select(health, func.count()).group_by(health)
        by_health = {str(row[0]): int(row[1]) for row in connection.execute(receivers)}
        due = select(func.min(webhook_messages.c.at)).where(webhook_messages.c.state == "waiting")
        told_since = connection.execute(due).scalar()
    return Backlog(
        {name: by_job.get(name, (0, None))[0] for name in JOB_STATES},
        _age(by_job.get("waiting", (0, None))[1], now),
        {name: by_score.get(name, 0) for name in SCORE_STATES},
        _age(waiting_since, now),
        {name: by_health.get(name, 0) for name in WEBHOOK_STATES},
        _age(told_since, now),
    )


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)
