"""Whether the roles of two accounts can be one person's: a student never becomes a teacher by being linked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, case, func, select

from gateway.store.tables import roles

_STUDENT: Final = {"student"}
_FAMILY: Final = {"guardian", "parent", "relative"}


def _sort_of(role: str) -> str:
    """Every role that is neither a student's nor a family's counts as staff: unknown ones may carry rights."""
    if role in _STUDENT:
        return "student"
    return "family" if role in _FAMILY else "staff"


def are_at_odds(one: Iterable[str], other: Iterable[str]) -> bool:
    """Return whether both sides have roles and these are not of the same sorts (attack D3)."""
    sorts, others = {_sort_of(role) for role in one}, {_sort_of(role) for role in other}
    return bool(sorts and others and sorts != others)


def sorts_of(user_id: ColumnElement[str]) -> ColumnElement[int]:
    """Return the same for the database: a number that is 0 for nobody's role, and equal for equal sorts."""
    sort = case((roles.c.role.in_(_STUDENT), 1), (roles.c.role.in_(_FAMILY), 2), else_=4)
    mine = (roles.c.user_sourced_id == user_id, roles.c.status == "active")
    parts = [func.max(case((sort == each, each), else_=0)) for each in (1, 2, 4)]
    return func.coalesce(
        select(parts[0] + parts[1] + parts[2]).where(*mine).correlate_except(roles).scalar_subquery(), 0
    )


def are_kin(connection: Connection, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those pairs of users whose roles are not at odds; for up to a few hundred."""
    ids = {each for pair in pairs for each in pair}
    mine = (roles.c.user_sourced_id.in_(ids), roles.c.status == "active")
    told: dict[str, set[str]] = {each: set() for each in ids}
    for user_id, role in connection.execute(select(roles.c.user_sourced_id, roles.c.role).where(*mine)):
        told[user_id].add(role)
    return {pair for pair in pairs if not are_at_odds(told[pair[0]], told[pair[1]])}
