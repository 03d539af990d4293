"""Whether the roles of two accounts can be one person's: a student never becomes a teacher by being linked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

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
