"""Tells of a change: its line lands in the transaction of the change itself, for launches, members, orgs and accounts.

Syncs write their own lines by set (`rosters.changing`); whoever else writes a row of the roster calls `tell` beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import BigInteger, Connection, Insert, Text, bindparam, cast, func, insert, literal

from gateway.store.tables import roster_changes
from providers.contract import Kind

What = Literal["added", "changed", "returned", "gone"]


@cache
def _line(dialect: str) -> Insert:
    number: Any = literal(0, BigInteger)
    if dialect != "sqlite":
        number = cast(cast(func.pg_current_xact_id(), Text), BigInteger)
    names = ("tenant_id", "kind", "action", "sourced_id", "at")
    return insert(roster_changes).values(xid=number, **{name: bindparam(name) for name in names})


def tell(connection: Connection, tenant_id: str, kind: Kind, what: What, ids: Iterable[str], at: datetime) -> None:
    """Write one line for each of these rows, in the caller's transaction.

    A role is part of its user: tell of the user, and of a new user once.
    """
    lines = [{"tenant_id": tenant_id, "kind": kind, "action": what, "sourced_id": each, "at": at} for each in ids]
    if lines:
        connection.execute(_line(connection.dialect.name), lines)
