"""A filter that was read: comparisons joined by AND and OR; no SQL yet."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Predicate = Literal["=", "!=", ">", ">=", "<", "<=", "~"]
PREDICATES: Final[tuple[Predicate, ...]] = ("!=", ">=", "<=", "=", ">", "<", "~")


class Comparison(NamedTuple):
    """One field against one value; `~` is "contains"."""

    field: str
    predicate: Predicate
    value: str


class Junction(NamedTuple):
    """Terms of which all (`is_and`) or at least one must hold."""

    is_and: bool
    terms: tuple[Term, ...]


Term: TypeAlias = Comparison | Junction


class UnknownField(Exception):
    """The collection has no such field to filter by."""


class UnreadableValue(Exception):
    """The value is none of the field's kind."""
