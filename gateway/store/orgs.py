"""Districts and schools: the org tree, whose root is the tenant."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.events.telling import tell
from gateway.store.ids import new_id
from gateway.store.tables import orgs
from gateway.store.upsert import insert_or_ignore


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
        return org_with_id(connection, sourced_id)


def list_orgs(store: Store) -> list[Org]:
    """Return every org, roots first, by name."""
    question = select(*_COLUMNS).order_by(orgs.c.parent_sourced_id.isnot(None), orgs.c.name)
    with store.statements() as connection:
        return [Org._make(row) for row in connection.execute(question)]


def add_org(store: Store, *, name: str, type: str, parent: Org | None, actor: str, at: datetime) -> Org:
    """Make an org below `parent`, or a new tenant without one."""
    with store.transaction() as connection:
        return insert_org(connection, name=name, type=type, parent=parent, actor=actor, at=at)


def insert_org(
    connection: Connection,
    *,
    name: str,
    type: str,
    parent: Org | None,
    customer_number: str | None = None,
    actor: str,
    at: datetime,
) -> Org:
    """Make an org in the caller's transaction; one that another just made with this number is returned instead."""
    sourced_id = new_id()
    values: dict[str, Any] = {
        "sourced_id": sourced_id,
        "tenant_id": parent.tenant_id if parent else sourced_id,
        "parent_sourced_id": parent.sourced_id if parent else None,
        "type": type,
        "name": name,
        "customer_number": customer_number,
        "date_last_modified": at,
    }
    if not insert_or_ignore(connection, orgs, ["customer_number"], values):
        found = org_with_number(connection, str(customer_number))
        assert found is not None
        return found
    tell(connection, values["tenant_id"], "orgs", "added", [sourced_id], at)
    note(connection, at=at, actor=actor, action="org.added", subject=sourced_id, tenant_id=values["tenant_id"])
    return Org(sourced_id, values["tenant_id"], values["parent_sourced_id"], type, name, "active", None, None)


def org_with_number(connection: Connection, customer_number: str) -> Org | None:
    """Return the org that operators gave this number of the publisher's, compared byte for byte."""
    row = connection.execute(select(*_COLUMNS).where(orgs.c.customer_number == customer_number)).first()
    return None if row is None else Org._make(row)


def org_with_id(connection: Connection, sourced_id: str) -> Org | None:
    """Return one org, read on this connection."""
    row = connection.execute(select(*_COLUMNS).where(orgs.c.sourced_id == sourced_id)).first()
    return None if row is None else Org._make(row)


def schools_below(connection: Connection, tenant_id: str, org_id: str) -> list[Org]:
    """Return the active schools of a district of this tenant, by name; a school's own are itself."""
    target = (orgs.c.tenant_id == tenant_id, orgs.c.type == "school", orgs.c.status == "active")
    mine = (orgs.c.sourced_id == org_id) | (orgs.c.parent_sourced_id == org_id)
    rows = connection.execute(select(*_COLUMNS).where(*target, mine).order_by(orgs.c.name, orgs.c.sourced_id))
    return [Org._make(row) for row in rows]


def change_org(store: Store, org: Org, fields: dict[str, Any], *, action: str, actor: str, at: datetime) -> Org:
    """Change an org's own standing (suspension, licence), with its audit line; return it as it is now."""
    with store.transaction() as connection:
        target = update(orgs).where(orgs.c.tenant_id == org.tenant_id, orgs.c.sourced_id == org.sourced_id)
        connection.execute(target.values(date_last_modified=at, **fields))
        tell(connection, org.tenant_id, "orgs", "changed", [org.sourced_id], at)
        note(connection, at=at, actor=actor, action=action, subject=org.sourced_id, tenant_id=org.tenant_id)
    return org._replace(**fields)
