"""The tenant's wall for what a roster tells: proven for the whole mapping at once, before a row is written by it.

Roles and enrollments of a roster have no foreign keys (ADR 13). Whom they name is looked up in the mapping of their own
source alone; so they stay inside the tenant if every row that the mapping leads to does (attack F8).
"""

from __future__ import annotations

from sqlalchemy import exists, select

from gateway.store.rosters.changing import Merge
from gateway.store.rosters.shapes import SHAPES, Shape
from gateway.store.tables import roster_records
from providers.contract import Kind

_r = roster_records.c


class OutsideTenant(Exception):
    """A mapping leads to a row of another tenant, or to none: nothing may be written by it."""


def require_own(work: Merge, shape: Shape, proven: set[Kind]) -> None:
    """Prove of each kind that this one's records name, but for those `proven`, that its mapping stays in the tenant."""
    for kind in {reference.kind for reference in shape.references} - proven:
        table, source = SHAPES[kind].table, work.area.source
        own = exists().where(table.c.sourced_id == _r.sourced_id, table.c.tenant_id == source.tenant_id)
        mine = (_r.roster_source_id == source.id, _r.kind == kind)
        if work.connection.execute(select(_r.source_id).where(*mine, ~own).limit(1)).first() is not None:
            raise OutsideTenant(kind)
        proven.add(kind)
