"""What a person is entitled to by orders that count now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, or_, select

from gateway.store.tables import orders, orgs, redemptions, roles


def _question() -> Select[Any]:
    """Ask for orders of an org at which, or below which, they have a role, and for orders that they redeemed."""
    tenant, user = bindparam("tenant", type_=String()), bindparam("user", type_=String())
    theirs = (
        select(orgs.c.sourced_id, orgs.c.parent_sourced_id)
        .join(roles, (roles.c.org_sourced_id == orgs.c.sourced_id) & (roles.c.tenant_id == orgs.c.tenant_id))
        .where(orgs.c.tenant_id == tenant, roles.c.user_sourced_id == user, roles.c.status == "active")
        .cte("theirs", recursive=True)
    )
    above = select(orgs.c.sourced_id, orgs.c.parent_sourced_id).where(
        orgs.c.tenant_id == tenant, orgs.c.sourced_id == theirs.c.parent_sourced_id
    )
    theirs = theirs.union(above)
    redeemed = select(redemptions.c.order_id).where(
        redemptions.c.tenant_id == tenant, redemptions.c.user_sourced_id == user
    )
    counts = (
        orders.c.revoked_at.is_(None),
        orders.c.expires_at > bindparam("at", type_=orders.c.expires_at.type),
        or_(orders.c.org_sourced_id.in_(select(theirs.c.sourced_id)), orders.c.id.in_(redeemed)),
    )
    return select(orders.c.entitlements).where(orders.c.tenant_id == tenant, *counts)


_ENTITLED = _question()


def entitlements_of(connection: Connection, tenant_id: str, user_id: str, at: datetime) -> list[str]:
    """Return the texts of all these orders, each once, in order."""
    rows = connection.execute(_ENTITLED, {"tenant": tenant_id, "user": user_id, "at": at})
    return sorted({each for (found,) in rows for each in found})
