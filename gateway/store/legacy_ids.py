"""Which of our ids stands for which id of LTI 1.1; the first one that was proven stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select, tuple_

from gateway.store.tables import legacy_ids
from gateway.store.upsert import insert_or_ignore

_KEY = ["integration_id", "kind", "legacy_id", "sourced_id"]


class LegacyId(NamedTuple):
    """One old id: `kind` is `user`, `class` or `resource_link`, `sourced_id` is ours."""

    kind: str
    legacy_id: str
    sourced_id: str


def keep_legacy_ids(connection: Connection, tenant_id: str, integration_id: str, ids: Sequence[LegacyId]) -> None:
    """Write those that are new; asking again writes nothing."""
    columns = legacy_ids.c
    stored = select(columns.kind, columns.legacy_id, columns.sourced_id).where(
        columns.integration_id == integration_id,
        tuple_(columns.kind, columns.legacy_id).in_([(one.kind, one.legacy_id) for one in ids]),
    )
    have = {tuple(row) for row in connection.execute(stored)}
    for one in ids:
        if tuple(one) not in have:
            row = {"tenant_id": tenant_id, "integration_id": integration_id, **one._asdict()}
            insert_or_ignore(connection, legacy_ids, _KEY, row)
