"""Sessions of native accounts in browsers; only hashes of their cookies are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.store.ids import new_id
from gateway.store.tables import account_sessions

_TO_THE = timedelta(minutes=1)


class AccountSession(NamedTuple):
    """One session as stored. `seen_at` is its last request, to the minute."""

    id: str
    tenant_id: str
    account_id: str
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None


_COLUMNS = [account_sessions.c[name] for name in AccountSession._fields]


def begin_session(
    connection: Connection,
    session_hash: bytes,
    *,
    tenant_id: str,
    account_id: str,
    device: str,
    expires_at: datetime,
    at: datetime,
) -> None:
    """Keep a new session."""
    session = AccountSession(new_id(), tenant_id, account_id, device, at, at, expires_at, None)
    connection.execute(insert(account_sessions), {"session_hash": session_hash, **session._asdict()})


def find_session(connection: Connection, session_hash: bytes) -> AccountSession | None:
    """Return a session, whatever became of it; it says which tenant its request belongs to."""
    row = connection.execute(select(*_COLUMNS).where(account_sessions.c.session_hash == session_hash)).first()
    return None if row is None else AccountSession._make(row)


def note_seen(connection: Connection, session: AccountSession, at: datetime) -> None:
    """Date a session's use, at most once a minute."""
    if session.seen_at <= at - _TO_THE:
        connection.execute(update(account_sessions).where(account_sessions.c.id == session.id).values(seen_at=at))


def list_sessions(connection: Connection, tenant_id: str, account_id: str, at: datetime) -> list[AccountSession]:
    """Return an account's live sessions, the one used last first."""
    mine = (account_sessions.c.tenant_id == tenant_id, account_sessions.c.account_id == account_id)
    alive = (account_sessions.c.ended_at.is_(None), account_sessions.c.expires_at > at)
    rows = connection.execute(select(*_COLUMNS).where(*mine, *alive).order_by(account_sessions.c.seen_at.desc()))
    return [AccountSession._make(row) for row in rows]


def end_sessions(
    connection: Connection,
    tenant_id: str,
    account_id: str,
    *,
    at: datetime,
    only: str | None = None,
    keep: str | None = None,
) -> int:
    """End an account's sessions: all, `only` one of them, or all but `keep`; return how many ended."""
    session = account_sessions.c
    target = [session.tenant_id == tenant_id, session.account_id == account_id, session.ended_at.is_(None)]
    if only is not None:
        target.append(session.id == only)
    if keep is not None:
        target.append(session.id != keep)
    return connection.execute(update(account_sessions).where(*target).values(ended_at=at)).rowcount
