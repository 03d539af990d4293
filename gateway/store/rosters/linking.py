"""Joins a staged record that no mapping knows yet with a row that is there already, keeping that row's sourcedId."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from gateway.store.rosters.staging import ADDED, LINKED, Area
from gateway.store.tables import orgs, roster_records
from providers.contract import Kind


def link(area: Area, kind: Kind, pairs: Iterable[tuple[str, str]]) -> None:
    """Let the plan write staged records into existing rows: pairs of the source's id and our sourcedId.

    Called after a reading is staged and before it is compared; only for ids that no mapping of this source has.
    The rows are changed rather than made, their history stays, and an undo brings them back as they were.
    """
    table = area.tables.records[kind]
    for source_id, sourced_id in pairs:
        target = update(table).where(table.c.source_id == source_id, table.c.action == ADDED)
        area.connection.execute(target.values(action=LINKED, sourced_id=sourced_id))


def link_root(area: Area) -> None:
    """Join a roster's only top org with the integration's own org, when both are of one type.

    Otherwise the roster's top orgs go below the integration's. The operator's name for it stays.
    """
    connection, source = area.connection, area.source
    orgs_known = roster_records.c.roster_source_id == source.id, roster_records.c.kind == "orgs"
    is_joined = select(roster_records.c.source_id).where(*orgs_known, roster_records.c.sourced_id == source.org_id)
    if connection.execute(is_joined.limit(1)).first() is not None:
        return
    staged = area.tables.records["orgs"]
    tops = select(staged.c.source_id, staged.c.type).where(staged.c.parent_id.is_(None), staged.c.action == ADDED)
    found = connection.execute(tops.limit(2)).all()
    house = orgs.c.tenant_id == source.tenant_id, orgs.c.sourced_id == source.org_id
    own_type = connection.execute(select(orgs.c.type).where(*house)).scalar_one()
    if len(found) != 1 or found[0].type != own_type:
        return
    has_a_row = select(roster_records.c.source_id).where(*orgs_known, roster_records.c.source_id == found[0].source_id)
    if connection.execute(has_a_row).first() is None:
        link(area, "orgs", [(found[0].source_id, source.org_id)])
