"""What a call's query asks: filter, sorting, members, and which page; a page's end travels on in its next link."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from gateway.services.oneroster.documents import MEMBERS
from gateway.services.oneroster.filters import read_filter
from gateway.services.oneroster.service import OLD, Operation
from gateway.services.oneroster.version_1_1 import old_members
from gateway.store.oneroster.pages import Order, Place
from gateway.store.oneroster.terms import Term
from providers.contract import BadData

DEFAULT_LIMIT: Final = 100
LARGEST_LIMIT: Final = 10_000
FURTHEST: Final = 2**31 - 1
Query = Mapping[str, Sequence[str]]


class After(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Where the page before this offset ended, and how many rows there were when the walk began."""

    offset: int
    total: int
    sourced_id: str
    value: str | None = None

    @property
    def place(self) -> Place:
        """The last row."""
        return Place(self.sourced_id, self.value)

    def written(self) -> str:
        """Return it as it stands in an address."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that was read. `after` is only there when it belongs to this offset."""

    term: Term | None
    order: Order
    fields: frozenset[str] | None
    limit: int
    offset: int
    after: After | None


def read_query(operation: Operation, query: Query) -> Asked:
    """Read the query of a collection.

    Raises:
        BadData: ``oneroster.filter_invalid``, ``oneroster.fields_invalid``, ``oneroster.page_invalid``.
    """
    offset = _number(query, "offset", 0, least=0)
    after = _after(_once(query, "after"))
    filter = _once(query, "filter")
    return Asked(
        term=None if filter is None else read_filter(filter),
        order=Order(_once(query, "sort"), _descends(_once(query, "orderBy"))),
        fields=read_fields(operation, query),
        limit=min(_number(query, "limit", DEFAULT_LIMIT, least=1), LARGEST_LIMIT),
        offset=offset,
        after=after if after is not None and after.offset == offset else None,
    )


def read_fields(operation: Operation, query: Query) -> frozenset[str] | None:
    """Return the members asked for, in one value or several; None is all. Raises BadData (``…fields_invalid``)."""
    if "fields" not in query:
        return None
    names = [name.strip() for value in query["fields"] for name in value.split(",")]
    known = MEMBERS[operation.kind]
    if operation.version == OLD:
        known = old_members(operation.kind, known)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadData("oneroster.fields_invalid", f"There is no field {unknown[0][:40]!r} to select.")
    return frozenset(names)


def _once(query: Query, name: str) -> str | None:
    values = query.get(name, ())
    if len(values) > 1:
        raise BadData("oneroster.page_invalid", f"{name} may stand in a query once.")
    return values[0] if values else None


def _number(query: Query, name: str, default: int, *, least: int) -> int:
    text = _once(query, name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text[:20]) <= FURTHEST:
        raise BadData("oneroster.page_invalid", f"{name} must be a whole number from {least} on.")
    return int(text)


def _descends(text: str | None) -> bool:
    if text not in {None, "asc", "desc"}:
        raise BadData("oneroster.page_invalid", "orderBy must be asc or desc.")
    return text == "desc"


def _after(text: str | None) -> After | None:
    """One that we did not write is as good as none: the offset says the same, slower."""
    try:
        return None if text is None else msgspec.json.decode(base64.urlsafe_b64decode(text + "=="), type=After)
    except (ValueError, msgspec.MsgspecError):
        return None
