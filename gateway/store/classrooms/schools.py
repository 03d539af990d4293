"""The schools that a person may look after, as the org tree has them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select

from gateway.store.engine import Store
from gateway.store.tables import orgs


class School(NamedTuple):
    """An org at which classes are."""

    school_id: str
    name: str


def schools_at(store: Store, tenant_id: str, org_ids: Collection[str], below: Collection[str]) -> list[School]:
    """Return these orgs, and those that lie `below` others, by name. A district with no org below it is a school."""
    question = select(orgs.c.sourced_id, orgs.c.parent_sourced_id, orgs.c.name).where(
        orgs.c.tenant_id == tenant_id, orgs.c.status == "active"
    )
    with store.statements() as connection:
        rows = list(connection.execute(question))
    parents: dict[str, str | None] = {row[0]: row[1] for row in rows}
    has_children = {parent for parent in parents.values() if parent}
    found = [
        School(row[0], row[2])
        for row in rows
        if row[0] in org_ids or (_is_below(row[0], parents, below) and row[0] not in has_children)
    ]
    return sorted(found, key=lambda school: (school.name.casefold(), school.school_id))


def _is_below(org_id: str, parents: dict[str, str | None], above: Collection[str]) -> bool:
    at: str | None = org_id
    for _ in range(len(parents)):  # a ring that somebody made ends, too
        if at is None or at in above:
            break
        at = parents.get(at)
    return at is not None and at in above
