"""The lines that changes made by people leave, in the order in which applications read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert

from gateway.store.rosters.changing import transaction_number
from gateway.store.tables import roster_changes

Told = Literal["users", "roles", "classes", "enrollments"]


def tell(
    connection: Connection,
    tenant_id: str,
    kind: Told,
    action: Literal["added", "changed", "gone", "returned"],
    ids: Iterable[str],
    at: datetime,
) -> None:
    """Leave a line for each of these rows, in the caller's transaction."""
    base = {"xid": transaction_number(connection), "tenant_id": tenant_id, "kind": kind, "action": action, "at": at}
    if rows := [base | {"sourced_id": each} for each in ids]:
        connection.execute(insert(roster_changes), rows)
