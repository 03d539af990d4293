"""A role comes and goes with its user: where both happen in one sync, applications are told of the user alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, null, select

from gateway.store.rosters.changing import CHANGE, REWRITTEN, Merge
from gateway.store.rosters.shapes import Shape
from gateway.store.rosters.staging import ADDED
from gateway.store.tables import roles

QUIET_CHANGE = [*CHANGE, "is_quiet"]


def added(work: Merge, shape: Shape, staged: Table, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Return the lines of what a sync adds, with the columns of `QUIET_CHANGE`."""
    is_added = staged.c.action == ADDED
    if shape.kind != "roles":
        return select(*columns, null()).where(is_added)
    users = work.area.tables.records["users"].alias("theirs")
    told = and_(users.c.source_id == staged.c.user_id, users.c.action.in_((ADDED, *REWRITTEN)))
    return select(*columns, users.c.source_id.is_not(None)).select_from(staged.outerjoin(users, told)).where(is_added)


def gone(
    work: Merge, shape: Shape, place: Any, columns: Sequence[ColumnElement[Any]], where: ColumnElement[bool]
) -> Select[Any]:
    """Return the lines of what a sync removes, likewise."""
    if shape.kind != "roles":
        return select(*columns, null()).select_from(place).where(where)
    lost = work.area.tables.gone.alias("lost")
    users = select(lost.c.sourced_id).where(lost.c.kind == "users").distinct().subquery("theirs")
    with_user = place.outerjoin(users, users.c.sourced_id == roles.c.user_sourced_id)
    return select(*columns, users.c.sourced_id.is_not(None)).select_from(with_user).where(where)
