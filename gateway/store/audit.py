"""The audit log: who did what to which thing; rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from gateway.store.tables import audit


def note(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    tenant_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an audit line in the caller's transaction; `detail` holds ids and settings' names, no personal data."""
    connection.execute(
        insert(audit),
        {
            "at": at,
            "tenant_id": tenant_id,
            "actor": actor,
            "action": action,
            "subject": subject,
            "detail": dict(detail or {}),
        },
    )
