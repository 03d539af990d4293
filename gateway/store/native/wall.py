"""Which integration rosters an org: an active one at it or at an org above it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, select

from gateway.store.tables import integrations, orgs


class Rostering(NamedTuple):
    """The integration whose provider knows an org's people."""

    integration_id: str
    provider: str
    org_sourced_id: str


def _question() -> Select[Any]:
    """Walk up from the org within its tenant; the tree ends at the root or where somebody made a ring."""
    here = (
        select(orgs.c.sourced_id, orgs.c.parent_sourced_id)
        .where(orgs.c.tenant_id == bindparam("tenant"), orgs.c.sourced_id == bindparam("org"))
        .cte("here", recursive=True)
    )
    above = select(orgs.c.sourced_id, orgs.c.parent_sourced_id).where(
        orgs.c.tenant_id == bindparam("tenant"), orgs.c.sourced_id == here.c.parent_sourced_id
    )
    here = here.union(above)
    return (
        select(integrations.c.id, integrations.c.provider, integrations.c.org_sourced_id)
        .join(
            here,
            and_(integrations.c.org_sourced_id == here.c.sourced_id, integrations.c.tenant_id == bindparam("tenant")),
        )
        .where(integrations.c.status == "active")
        .order_by(integrations.c.created_at, integrations.c.id)
        .limit(1)
    )


_ABOVE = _question()


def rostering_of(connection: Connection, tenant_id: str, org_id: str) -> Rostering | None:
    """Return what rosters this org, None where it is native. An org that is not the tenant's is nobody's."""
    row = connection.execute(_ABOVE, {"tenant": tenant_id, "org": org_id}).first()
    return None if row is None else Rostering._make(row)
