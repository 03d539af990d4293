"""Operators' one-time links to the console and their sessions there; only hashes are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, insert, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.tables import operator_sessions, operator_sign_ins

_TO_THE = timedelta(minutes=1)


class OperatorSession(NamedTuple):
    """One session as stored. `seen_at` is its last request, to the minute."""

    name: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None


_COLUMNS = [operator_sessions.c[name] for name in OperatorSession._fields]


def add_sign_in(store: Store, token_hash: bytes, name: str, *, expires_at: datetime, actor: str, at: datetime) -> None:
    """Keep a one-time link for an operator of this name."""
    row = {"token_hash": token_hash, "name": name, "created_at": at, "expires_at": expires_at}
    with store.transaction() as connection:
        connection.execute(insert(operator_sign_ins), row)
        note(connection, at=at, actor=actor, action="operator.link_made", subject=name)


def is_good_link(store: Store, token_hash: bytes, at: datetime) -> bool:
    """Return whether a link would still open; asking uses nothing up."""
    with store.statements() as connection:
        question = select(operator_sign_ins.c.name).where(*_good(token_hash, at))
        return connection.execute(question).first() is not None


def begin_session(
    store: Store, token_hash: bytes, session_hash: bytes, *, expires_at: datetime, at: datetime
) -> str | None:
    """Use a link up for a new session; return whose it is, or None when the link is unknown, old or used."""
    with store.transaction() as connection:
        used = update(operator_sign_ins).where(*_good(token_hash, at)).values(used_at=at)
        name = connection.execute(used.returning(operator_sign_ins.c.name)).scalar()
        if name is None:
            return None
        row = {"session_hash": session_hash, "name": name, "created_at": at, "seen_at": at, "expires_at": expires_at}
        connection.execute(insert(operator_sessions), row)
        note(connection, at=at, actor=f"operator:{name}", action="operator.signed_in", subject=str(name))
        return str(name)


def _good(token_hash: bytes, at: datetime) -> tuple[ColumnElement[bool], ...]:
    links = operator_sign_ins.c
    return (links.token_hash == token_hash, links.used_at.is_(None), links.expires_at > at)


def find_session(store: Store, session_hash: bytes) -> OperatorSession | None:
    """Return a session, whatever became of it."""
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(operator_sessions.c.session_hash == session_hash)).first()
    return None if row is None else OperatorSession._make(row)


def note_seen(store: Store, session_hash: bytes, session: OperatorSession, at: datetime) -> None:
    """Date a session's use, at most once a minute."""
    if session.seen_at <= at - _TO_THE:
        target = update(operator_sessions).where(operator_sessions.c.session_hash == session_hash)
        with store.statements() as connection:
            connection.execute(target.values(seen_at=at))


def end_session(store: Store, session_hash: bytes, *, at: datetime) -> None:
    """End one session."""
    with store.transaction() as connection:
        mine = (operator_sessions.c.session_hash == session_hash) & operator_sessions.c.ended_at.is_(None)
        ended = update(operator_sessions).where(mine).values(ended_at=at).returning(operator_sessions.c.name)
        name = connection.execute(ended).scalar()
        if name is not None:
            note(connection, at=at, actor=f"operator:{name}", action="operator.signed_out", subject=str(name))


def end_sessions(store: Store, name: str | None, *, actor: str, at: datetime) -> int:
    """End every session and link of one operator or (None) of all; return how many sessions ended."""
    links = update(operator_sign_ins).where(operator_sign_ins.c.used_at.is_(None)).values(used_at=at)
    sessions = update(operator_sessions).where(
        operator_sessions.c.ended_at.is_(None), operator_sessions.c.expires_at > at
    )
    sessions = sessions.values(ended_at=at)
    if name is not None:
        links, sessions = (
            links.where(operator_sign_ins.c.name == name),
            sessions.where(operator_sessions.c.name == name),
        )
    with store.transaction() as connection:
        connection.execute(links)
        ended: int = connection.execute(sessions).rowcount
        note(
            connection, at=at, actor=actor, action="operator.signed_out", subject=name or "all",
            detail={"sessions": ended},
        )  # fmt: skip
    return ended
