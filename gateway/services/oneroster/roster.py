"""Answers the operations that read: what an application may see, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from gateway.services.oneroster.asking import After, Asked, Query, read_fields, read_query
from gateway.services.oneroster.counts import Counts
from gateway.services.oneroster.documents import document
from gateway.services.oneroster.filters import filter_fault
from gateway.services.oneroster.references import references
from gateway.services.oneroster.service import OLD, Call, Operation
from gateway.services.oneroster.version_1_1 import old_document
from gateway.store import Connection, Store
from gateway.store.applications import Application
from gateway.store.oneroster.pages import Order, Place, Selection, Sight, exists_within, places, row_with, rows_at
from gateway.store.oneroster.rows import Row, hang, rows_of
from gateway.store.oneroster.terms import Term, UnknownField, UnreadableValue
from providers.contract import Misconfigured

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its JSON in pieces that are read as they are sent, and what its headers say."""

    asked: Asked
    total: int
    next: After | None
    body: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class RosterReading:
    """The verbs behind OneRoster's services. Thread-safe."""

    store: Store
    public_url: str
    counts: Counts

    def one(self, application: Application, call: Call, query: Query) -> bytes:
        """Return one object in its envelope.

        Raises:
            Misconfigured: ``oneroster.unknown``.
            BadData: ``oneroster.fields_invalid``.
        """
        operation, sight = call.operation, sight_of(application)
        fields = read_fields(operation, query)
        with self.store.statements() as connection:
            row = row_with(connection, sight, operation.collection, call.id or "")
            if row is None:
                raise unknown()
            hang(connection, operation.collection, [row])
        (found,) = self._written(operation, [row], fields)
        return msgspec.json.encode({operation.envelope: found})

    def page(self, application: Application, call: Call, query: Query) -> Page:
        """Return a page of a collection.

        Raises:
            Misconfigured: ``oneroster.unknown``: what it lies within.
            BadData: as `read_query`.
        """
        operation, sight = call.operation, sight_of(application)
        asked = read_query(operation, query)
        selection = Selection(operation.collection, call.within, asked.term)
        with self.store.statements() as connection:
            if not exists_within(connection, sight, call.within):
                raise unknown()
            total, found, rows = self._find(connection, sight, selection, asked)
        ids = [place.sourced_id for place in found]
        pieces = self._pieces(sight, operation, ids) if rows is None else iter([rows])
        end = asked.offset + len(found)
        more = len(found) == asked.limit and end < total
        return Page(
            asked=asked,
            total=total,
            next=After(end, total, *found[-1]) if more else None,
            body=self._body(operation, pieces, asked.fields),
        )

    def every(self, application: Application, collection: str, term: Term | None) -> Iterator[list[dict[str, Any]]]:
        """Yield all objects of a collection in batches, in the order of their ids."""
        sight, operation = sight_of(application), Operation("every", f"/{collection}", ())
        start: int | Place = 0
        while True:
            with self.store.statements() as connection:
                found = rows_at(connection, sight, Selection(collection, (), term), Order(), start, AT_ONCE)
                rows = hang(connection, collection, [row for _, row in found])
            if not found:
                return
            yield self._written(operation, rows, None)
            start = found[-1][0]

    def _find(
        self, connection: Connection, sight: Sight, selection: Selection, asked: Asked
    ) -> tuple[int, list[Place], list[Row] | None]:
        """Return how many there are, the page's places and, of a page that is not large, its rows."""
        start = asked.after.place if asked.after else asked.offset
        page = (connection, sight, selection, asked.order, start, asked.limit)
        try:
            total = asked.after.total if asked.after else self.counts.of(connection, sight, selection)
            if asked.limit > AT_ONCE:
                return total, places(*page), None
            found = rows_at(*page)
        except UnknownField as fault:
            raise filter_fault(f"there is no field {str(fault)[:60]!r}") from None
        except UnreadableValue as fault:
            raise filter_fault(str(fault)) from None
        return total, [place for place, _ in found], hang(connection, selection.collection, [row for _, row in found])

    def _pieces(self, sight: Sight, operation: Operation, ids: list[str]) -> Iterator[list[Row]]:
        """Each piece is a reading of its own: a slow reader holds no connection, and memory stays flat."""
        for start in range(0, len(ids), AT_ONCE):
            with self.store.statements() as connection:
                rows = rows_of(connection, sight, operation.collection, ids[start : start + AT_ONCE])
            yield rows

    def _body(
        self, operation: Operation, pieces: Iterator[list[Row]], fields: frozenset[str] | None
    ) -> Iterator[bytes]:
        yield b'{"%s":[' % operation.envelope.encode()
        is_first = True
        for rows in pieces:
            if rows:
                yield (b"" if is_first else b",") + msgspec.json.encode(self._written(operation, rows, fields))[1:-1]
                is_first = False
        yield b"]}"

    def _written(self, operation: Operation, rows: list[Row], fields: frozenset[str] | None) -> list[dict[str, Any]]:
        to, kind = references(self.public_url, operation.version), operation.kind
        whole = [document(kind, row, to) for row in rows]
        if operation.version == OLD:
            whole = [old_document(kind, each) for each in whole]
        if fields is None:
            return whole
        return [{name: value for name, value in each.items() if name in fields} for each in whole]


def unknown() -> Misconfigured:
    """Return the failure of an id that this application can't see, whether it exists or not (attack J1)."""
    return Misconfigured("oneroster.unknown", "Unknown Object: there is none of this sourcedId here.")


def sight_of(application: Application) -> Sight:
    """Return what an application may see; its masking has its place here."""
    return Sight(None if application.all_tenants else application.tenants, application.id)
