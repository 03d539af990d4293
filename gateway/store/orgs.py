"""Districts and schools: the org tree, whose root is the tenant."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.tables import orgs


class Org(NamedTuple):
    """One org; `tenant_id` is the sourcedId of the root above it (its own, for a root)."""

    sourced_id: str
    tenant_id: str
    parent_sourced_id: str | None
    type: str
    name: str
    status: str
    suspended_at: datetime | None
    licence_ends_at: datetime | None


_COLUMNS = [orgs.c[name] for name in Org._fields]


def find_org(store: Store, sourced_id: str) -> Org | None:
    """Return one org."""
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(orgs.c.sourced_id == sourced_id)).first()
    return None if row is None else Org._make(row)


def list_orgs(store: Store) -> list[Org]:
    """Return every org, roots first, by name."""
    question = select(*_COLUMNS).order_by(orgs.c.parent_sourced_id.isnot(None), orgs.c.name)
    with store.statements() as connection:
        return [Org._make(row) for row in connection.execute(question)]


def add_org(store: Store, *, name: str, type: str, parent: Org | None, actor: str, at: datetime) -> Org:
    """Make an org below `parent`, or a new tenant without one."""
    sourced_id = new_id()
    values: dict[str, Any] = {
        "sourced_id": sourced_id,
        "tenant_id": parent.tenant_id if parent else sourced_id,
        "parent_sourced_id": parent.sourced_id if parent else None,
        "type": type,
        "name": name,
        "date_last_modified": at,
    }
    with store.transaction() as connection:
        connection.execute(insert(orgs), values)
        note(connection, at=at, actor=actor, action="org.added", subject=sourced_id, tenant_id=values["tenant_id"])
    return Org(sourced_id, values["tenant_id"], values["parent_sourced_id"], type, name, "active", None, None)


def change_org(store: Store, org: Org, fields: dict[str, Any], *, action: str, actor: str, at: datetime) -> Org:
    """Change an org's own standing (suspension, licence), with its audit line; return it as it is now."""
    with store.transaction() as connection:
        target = update(orgs).where(orgs.c.tenant_id == org.tenant_id, orgs.c.sourced_id == org.sourced_id)
        connection.execute(target.values(date_last_modified=at, **fields))
        note(connection, at=at, actor=actor, action=action, subject=org.sourced_id, tenant_id=org.tenant_id)
    return org._replace(**fields)
