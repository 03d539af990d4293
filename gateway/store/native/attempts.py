"""Counts tries in the database, so that all workers count together: one atomic statement each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, case, delete, update

from gateway.store.tables import attempts
from gateway.store.upsert import insert_into


class Spent(NamedTuple):
    """How often a key was tried in its current window, this time included, and when the window ends."""

    spent: int
    expires_at: datetime


def count_attempt(connection: Connection, key_hash: bytes, *, at: datetime, until: datetime) -> Spent:
    """Count one try; a window that has passed begins anew and lasts `until`."""
    statement = insert_into(attempts, connection.dialect.name)
    passed = attempts.c.expires_at <= at
    counted = statement.on_conflict_do_update(
        index_elements=["key_hash"],
        set_={
            "spent": case((passed, 1), else_=attempts.c.spent + 1),
            "expires_at": case((passed, statement.excluded.expires_at), else_=attempts.c.expires_at),
        },
    ).returning(attempts.c.spent, attempts.c.expires_at)
    row = connection.execute(counted, {"key_hash": key_hash, "spent": 1, "expires_at": until}).one()
    return Spent._make(row)


def forget_attempts(connection: Connection, key_hashes: Iterable[bytes]) -> None:
    """Begin these counts anew."""
    connection.execute(delete(attempts).where(attempts.c.key_hash.in_(list(key_hashes))))


def uncount_attempt(connection: Connection, key_hashes: Iterable[bytes]) -> None:
    """Count one try less of each."""
    target = update(attempts).where(attempts.c.key_hash.in_(list(key_hashes)), attempts.c.spent > 0)
    connection.execute(target.values(spent=attempts.c.spent - 1))
