"""The tokens of sessions; only their hashes are ever kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from gateway.store.engine import Store
from gateway.store.sessions import Session, session_of, sessions_now
from gateway.store.tables import sessions, tokens


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to keep; only its hash is known here."""

    token_hash: bytes
    session_id: str
    application_id: str
    kind: str
    scope: str
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A kept token with its session."""

    session: Session
    kind: str
    scope: str
    expires_at: datetime
    revoked_at: datetime | None


_OF_TOKEN = select(tokens.c.session_id).where(tokens.c.token_hash == bindparam("token_hash")).scalar_subquery()
# The session is asked for by its key, not by a join with tokens: PostgreSQL may keep a plan that it made while both
# tables were small, and a join's plan could then read the whole of sessions.
_BY_TOKEN = (
    sessions_now()
    .add_columns(tokens.c.kind, tokens.c.scope, tokens.c.expires_at, tokens.c.revoked_at)
    .join(tokens, tokens.c.token_hash == bindparam("token_hash"))
    .where(sessions.c.id == _OF_TOKEN)
)


def add_token(store: Store, token: NewToken) -> None:
    """Keep a token."""
    with store.statements() as connection:
        connection.execute(insert(tokens), {name: getattr(token, name) for name in NewToken.__slots__})


def find_token(store: Store, token_hash: bytes) -> Token | None:
    """Return a token of any state with its session; whether it still counts is the caller's to judge."""
    with store.statements() as connection:
        row = connection.execute(_BY_TOKEN, {"token_hash": token_hash}).mappings().one_or_none()
    if row is None:
        return None
    return Token(session_of(row), row["kind"], row["scope"], row["expires_at"], row["revoked_at"])
