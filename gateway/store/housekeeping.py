"""Forgets what is past its time, a small batch at a time so that launches never wait for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Table, delete, null, select, update

from gateway.store.classrooms.imports import forget_imports
from gateway.store.engine import Store
from gateway.store.launches import forget_launches
from gateway.store.notices import forget_notices
from gateway.store.tables import (
    access_tokens,
    account_links,
    account_sessions,
    api_answers,
    application_tokens,
    approvals,
    attempts,
    authorization_codes,
    deep_linking_requests,
    deployments,
    invites,
    launches,
    operator_sessions,
    operator_sign_ins,
    sessions,
    tokens,
)

BATCH = 500
LISTS = 20  # of students, each of thousands of rows


def forget_old(store: Store, *, now: datetime, trace_days: int) -> int:
    """Delete old traces, codes, tokens and sessions, and empty launches' claims after a day; return rows touched."""
    day_ago = now - timedelta(days=1)
    touched = _empty_claims(store, day_ago)
    with store.statements() as connection:
        touched += forget_launches(connection, now - timedelta(days=trace_days), BATCH)
    with store.statements() as connection:
        touched += forget_notices(connection, before=now - timedelta(days=trace_days), now=day_ago, batch=BATCH)
    touched += _forget_expired(store, authorization_codes, day_ago)
    touched += _forget_expired(store, tokens, day_ago)
    touched += _forget_expired(store, access_tokens, day_ago)
    touched += _forget_expired(store, deep_linking_requests, day_ago)
    touched += _forget_expired(store, application_tokens, day_ago)
    for table in (operator_sign_ins, operator_sessions, api_answers, account_links, account_sessions, attempts):
        touched += _forget_expired(store, table, day_ago)
    with store.transaction() as connection:
        touched += forget_imports(connection, day_ago, LISTS)
    return touched + _forget_sessions(store, now - timedelta(days=trace_days))


def forget_invites(store: Store, *, before: datetime) -> int:
    """Delete a batch of invites that ended before then, with what was asked through them; return rows touched.

    What they led to stays. What nobody has decided by then goes with its link: the school would ask anew.
    """
    old = select(invites.c.id).where(invites.c.expires_at < before).order_by(invites.c.expires_at).limit(BATCH)
    with store.transaction() as connection:
        ids = list(connection.execute(old).scalars())
        connection.execute(delete(approvals).where(approvals.c.invite_id.in_(ids)))
        connection.execute(delete(invites).where(invites.c.id.in_(ids)))
    return len(ids)


def forget_deployments_of_nobody(store: Store, *, before: datetime) -> int:
    """Delete a batch of unknown deployments that nobody decided on; one that launches again is written down again."""
    mine = (
        deployments.c.status == "pending",
        deployments.c.integration_id.is_(None),
        deployments.c.created_at < before,
    )
    old = select(deployments.c.id).where(*mine).limit(BATCH)
    with store.statements() as connection:
        return connection.execute(delete(deployments).where(deployments.c.id.in_(old))).rowcount


def _empty_claims(store: Store, before: datetime) -> int:
    """Names and custom values of a launch are needed for its sign-in, not for its trace."""
    old = select(launches.c.ref).where(launches.c.created_at < before, launches.c.claims.isnot(None)).limit(BATCH)
    with store.statements() as connection:
        return connection.execute(update(launches).where(launches.c.ref.in_(old)).values(claims=null())).rowcount


def _forget_expired(store: Store, table: Table, before: datetime) -> int:
    key = next(iter(table.primary_key.columns))
    old = select(key).where(table.c.expires_at < before).limit(BATCH)
    with store.statements() as connection:
        return connection.execute(delete(table).where(key.in_(old))).rowcount


def _forget_sessions(store: Store, before: datetime) -> int:
    alive = select(tokens.c.session_id).where(tokens.c.session_id == sessions.c.id)
    old = select(sessions.c.id).where(sessions.c.created_at < before, ~alive.exists()).limit(BATCH)
    with store.statements() as connection:
        return connection.execute(delete(sessions).where(sessions.c.id.in_(old))).rowcount
