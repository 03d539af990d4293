"""Which class and which link of ours another one was copied from; ids are comma-separated, newest origin first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Table, and_, select, update

from gateway.store.engine import Store
from gateway.store.grades import LineItemRow
from gateway.store.tables import contexts, deployments, line_items, resource_links

Home = tuple[str, str]
"""(tenant, integration)"""


def classes_of(connection: Connection, home: Home, context_ids: Sequence[str]) -> list[str]:
    """Return our classes for an integration's contexts, in their order; those that we don't know are left out."""
    return _ours(connection, contexts, contexts.c.context_id, contexts.c.class_sourced_id, home, context_ids)


def links_of(connection: Connection, home: Home, link_ids: Sequence[str]) -> list[str]:
    """Return our ids of an integration's links, in their order; those that we don't know are left out."""
    return _ours(connection, resource_links, resource_links.c.resource_link_id, resource_links.c.id, home, link_ids)


def write_origins_of_context(connection: Connection, deployment_row_id: str, context_id: str, origins: str) -> None:
    """Write down the classes that a course was copied from; empty means that none of them is known here."""
    target = (contexts.c.deployment_row_id == deployment_row_id) & (contexts.c.context_id == context_id)
    connection.execute(update(contexts).where(target).values(copied_from=origins))


def write_origins_of_link(connection: Connection, tenant_id: str, link_row_id: str, origins: str) -> None:
    """Write down the links that a link was copied from."""
    target = (resource_links.c.tenant_id == tenant_id) & (resource_links.c.id == link_row_id)
    connection.execute(update(resource_links).where(target).values(copied_from=origins))


def origins_of_item(store: Store, item: LineItemRow) -> tuple[tuple[str, str | None], ...]:
    """Return (link, resource) as an LMS knows them of the columns that a line item's may have been copied from.

    Only links in other classes count: in the same course the original's column is still the original's.
    """
    mine, origin = (resource_links.alias(name) for name in ("mine", "origin"))
    question = select(mine.c.copied_from).where(
        mine.c.tenant_id == item.tenant_id, mine.c.id == item.resource_link_row_id
    )
    with store.statements() as connection:
        told = connection.execute(question).scalar_one_or_none()
        ids = [each for each in (told or "").split(",") if each]
        if not ids:
            return ()
        same = (
            line_items.c.resource_link_row_id == origin.c.id,
            line_items.c.tenant_id == item.tenant_id,
            line_items.c.application_id == item.application_id,
            line_items.c.title == item.title,
        )
        found = connection.execute(
            select(origin.c.id, origin.c.resource_link_id, line_items.c.sourced_id)
            .select_from(origin.outerjoin(line_items, and_(*same)))
            .where(
                origin.c.tenant_id == item.tenant_id,
                origin.c.id.in_(ids),
                origin.c.class_sourced_id != item.class_sourced_id,
            )
        ).all()
    newest_first = sorted(found, key=lambda row: ids.index(row[0]))
    links = [(row[1], row[2]) for row in newest_first if row[2] is not None]
    return (*links, *((row[1], None) for row in newest_first))


def _ours(
    connection: Connection, table: Table, theirs: Column[str], ours: Column[str], home: Home, ids: Sequence[str]
) -> list[str]:
    if not ids:
        return []
    tenant_id, integration_id = home
    question = (
        select(theirs, ours)
        .join(deployments, deployments.c.id == table.c.deployment_row_id)
        .where(
            table.c.tenant_id == tenant_id,
            deployments.c.tenant_id == tenant_id,
            deployments.c.integration_id == integration_id,
            theirs.in_(ids),
        )
        .order_by(table.c.created_at, table.c.id)
    )
    found = {row[0]: str(row[1]) for row in connection.execute(question)}
    return list(dict.fromkeys(found[each] for each in ids if each in found))
