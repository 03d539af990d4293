"""Operators' keys for the API; only their hashes are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import NamedTuple

from sqlalchemy import insert, or_, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.tables import operator_keys

_TO_THE = timedelta(minutes=1)


class OperatorKey(NamedTuple):
    """One key as stored. `used_at` is its last use, to the minute."""

    id: str
    name: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


_COLUMNS = [operator_keys.c[name] for name in OperatorKey._fields]


def add_operator_key(store: Store, key: OperatorKey, key_hash: bytes) -> None:
    """Keep a new key."""
    with store.transaction() as connection:
        connection.execute(insert(operator_keys), {**key._asdict(), "key_hash": key_hash})
        note(
            connection, at=key.created_at, actor=key.created_by, action="operator_key.added", subject=key.id,
            detail={"name": key.name, "scopes": key.scopes},
        )  # fmt: skip


def list_operator_keys(store: Store) -> list[OperatorKey]:
    """Return every key, newest first."""
    with store.statements() as connection:
        rows = connection.execute(select(*_COLUMNS).order_by(operator_keys.c.id.desc()))
        return [OperatorKey._make(row) for row in rows]


def find_operator_key(store: Store, key_id: str) -> OperatorKey | None:
    """Return one key by its id."""
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(operator_keys.c.id == key_id)).first()
    return None if row is None else OperatorKey._make(row)


def operator_key_with(store: Store, key_hash: bytes) -> OperatorKey | None:
    """Return the key with this hash, whatever became of it; how long it takes says nothing of the key itself."""
    with store.statements() as connection:
        question = select(operator_keys.c.key_hash, *_COLUMNS).where(operator_keys.c.key_hash == key_hash)
        row = connection.execute(question).first()
    return OperatorKey._make(row[1:]) if row is not None and compare_digest(row[0], key_hash) else None


def note_use(store: Store, key: OperatorKey, at: datetime) -> None:
    """Date a key's use, at most once a minute."""
    old = or_(operator_keys.c.used_at.is_(None), operator_keys.c.used_at <= at - _TO_THE)
    with store.statements() as connection:
        connection.execute(update(operator_keys).where(operator_keys.c.id == key.id, old).values(used_at=at))


def revoke_operator_key(store: Store, key: OperatorKey, *, actor: str, at: datetime) -> None:
    """Make a key worthless from now on; later calls change nothing."""
    alive = update(operator_keys).where(operator_keys.c.id == key.id, operator_keys.c.revoked_at.is_(None))
    with store.transaction() as connection:
        if connection.execute(alive.values(revoked_at=at)).rowcount:
            note(connection, at=at, actor=actor, action="operator_key.revoked", subject=key.id)
