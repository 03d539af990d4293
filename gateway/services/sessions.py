"""Ends people's sessions with applications, as an operator asks for it."""

from __future__ import annotations

from datetime import datetime

from gateway.store import Store
from gateway.store import sessions as kept
from gateway.store.audit import note
from gateway.store.people import tenant_of_user
from providers.contract import Misconfigured


def end_session(store: Store, session_id: str, *, now: datetime, actor: str) -> int:
    """End one session; returns 1, or 0 when it had ended before.

    Raises:
        Misconfigured: ``session.unknown``.
    """
    with store.transaction() as connection:
        tenant_id = kept.tenant_of_session(connection, session_id)
        if tenant_id is None:
            raise Misconfigured("session.unknown", f"There is no session {session_id!r}.")
        ended = kept.end_session(connection, session_id, now)
        note(connection, at=now, actor=actor, action="session.ended", subject=session_id, tenant_id=tenant_id)
    return int(ended)


def end_sessions_of(store: Store, user_id: str, *, now: datetime, actor: str) -> int:
    """End every session of a person; returns how many there were.

    Raises:
        Misconfigured: ``user.unknown``.
    """
    with store.transaction() as connection:
        tenant_id = tenant_of_user(connection, user_id)
        if tenant_id is None:
            raise Misconfigured("user.unknown", f"There is no user {user_id!r}.")
        ended = kept.end_sessions_of_user(connection, tenant_id, user_id, now)
        note(connection, at=now, actor=actor, action="sessions.ended", subject=user_id, tenant_id=tenant_id)
    return ended
