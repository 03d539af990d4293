"""The tokens of sessions; only their hashes are ever kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from gateway.store.engine import Store
from gateway.store.sessions import Session, end_session, session_of, sessions_now
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
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Return whether neither time nor a person has ended it or its session."""
        return self.revoked_at is None and self.session.ended_at is None and self.expires_at > now


_KEPT = ("kind", "scope", "issued_at", "expires_at", "revoked_at", "used_at")
_OF_TOKEN = select(tokens.c.session_id).where(tokens.c.token_hash == bindparam("token_hash")).scalar_subquery()
# The session is asked for by its key, not by a join with tokens: PostgreSQL may keep a plan that it made while both
# tables were small, and a join's plan could then read the whole of sessions.
_BY_TOKEN = (
    sessions_now()
    .add_columns(*(tokens.c[name] for name in _KEPT))
    .join(tokens, tokens.c.token_hash == bindparam("token_hash"))
    .where(sessions.c.id == _OF_TOKEN)
)


_USE_REFRESH = (
    update(tokens)
    .where(tokens.c.token_hash == bindparam("hash"), tokens.c.used_at.is_(None))
    .values(used_at=bindparam("now", type_=tokens.c.used_at.type))
)
_REVOKE = (
    update(tokens)
    .where(tokens.c.token_hash == bindparam("hash"), tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now", type_=tokens.c.revoked_at.type))
)


def add_tokens(store: Store, new: Sequence[NewToken]) -> None:
    """Keep tokens, all or none."""
    rows = [{name: getattr(token, name) for name in NewToken.__slots__} for token in new]
    with store.statements() as connection:
        connection.execute(insert(tokens).values(rows))


def use_refresh_token(store: Store, token_hash: bytes, now: datetime) -> bool:
    """Mark a refresh token as used; returns whether this call was the first to do so."""
    with store.statements() as connection:
        return connection.execute(_USE_REFRESH, {"hash": token_hash, "now": now}).rowcount == 1


def revoke_token(store: Store, token_hash: bytes, now: datetime) -> None:
    """Make one token worthless; its session goes on."""
    with store.statements() as connection:
        connection.execute(_REVOKE, {"hash": token_hash, "now": now})


def end_session_of(store: Store, session_id: str, now: datetime, *, tell: bool) -> bool:
    """End a session with all its tokens; returns whether this call did. See `end_session` for `tell`."""
    with store.transaction() as connection:
        return end_session(connection, session_id, now, tell=tell)


def find_token(store: Store, token_hash: bytes) -> Token | None:
    """Return a token of any state with its session; whether it still counts is the caller's to judge."""
    with store.statements() as connection:
        row = connection.execute(_BY_TOKEN, {"token_hash": token_hash}).mappings().one_or_none()
    if row is None:
        return None
    return Token(session_of(row), *(row[name] for name in _KEPT))
