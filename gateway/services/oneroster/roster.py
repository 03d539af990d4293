"""Answers the operations that read: what an application may see, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from gateway.services.oneroster.asking import After, Asked, Query, read_fields, read_query
from gateway.services.oneroster.documents import document
from gateway.services.oneroster.filters import filter_fault
from gateway.services.oneroster.references import references
from gateway.services.oneroster.service import Call, Operation
from gateway.store import Connection, Store
from gateway.store.applications import Application
from gateway.store.oneroster.pages import Place, Selection, Sight, count, exists_within, places
from gateway.store.oneroster.rows import rows_of
from gateway.store.oneroster.terms import UnknownField, UnreadableValue
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

    def one(self, application: Application, call: Call, query: Query) -> bytes:
        """Return one object in its envelope.

        Raises:
            Misconfigured: ``oneroster.unknown``.
            BadData: ``oneroster.fields_invalid``.
        """
        operation, id = call.operation, call.id or ""
        fields, sight = read_fields(operation.kind, query), sight_of(application)
        with self.store.statements() as connection:
            if not exists_within(connection, sight, ((operation.collection, id),)):
                raise unknown()
            (found,) = self._documents(connection, sight, operation, [id], fields)
        return msgspec.json.encode({operation.envelope: found})

    def page(self, application: Application, call: Call, query: Query) -> Page:
        """Return a page of a collection.

        Raises:
            Misconfigured: ``oneroster.unknown``: what it lies within.
            BadData: as `read_query`.
        """
        asked, sight = read_query(call.operation.kind, query), sight_of(application)
        selection = Selection(call.operation.collection, call.within, asked.term)
        with self.store.statements() as connection:
            if not exists_within(connection, sight, call.within):
                raise unknown()
            total, found = _find(connection, sight, selection, asked)
        end = asked.offset + len(found)
        more = len(found) == asked.limit and end < total
        return Page(
            asked=asked,
            total=total,
            next=After(end, total, *found[-1]) if more else None,
            body=self._body(sight, call.operation, [place.sourced_id for place in found], asked.fields),
        )

    def _body(
        self, sight: Sight, operation: Operation, ids: list[str], fields: frozenset[str] | None
    ) -> Iterator[bytes]:
        """Each batch is a reading of its own: a slow reader holds no connection, and memory stays flat."""
        yield b'{"%s":[' % operation.envelope.encode()
        for start in range(0, len(ids), AT_ONCE):
            with self.store.statements() as connection:
                found = self._documents(connection, sight, operation, ids[start : start + AT_ONCE], fields)
            yield (b"," if start and found else b"") + b",".join(msgspec.json.encode(each) for each in found)
        yield b"]}"

    def _documents(
        self,
        connection: Connection,
        sight: Sight,
        operation: Operation,
        ids: list[str],
        fields: frozenset[str] | None,
    ) -> list[dict[str, Any]]:
        to = references(self.public_url)
        whole = [document(operation.kind, row, to) for row in rows_of(connection, sight, operation.collection, ids)]
        if fields is None:
            return whole
        return [{name: value for name, value in each.items() if name in fields} for each in whole]


def unknown() -> Misconfigured:
    """Return the failure of an id that this application can't see, whether it exists or not (attack J1)."""
    return Misconfigured("oneroster.unknown", "Unknown Object: there is none of this sourcedId here.")


def _find(connection: Connection, sight: Sight, selection: Selection, asked: Asked) -> tuple[int, list[Place]]:
    try:
        total = asked.after.total if asked.after else count(connection, sight, selection)
        start = asked.after.place if asked.after else asked.offset
        found = places(connection, sight, selection, asked.order, start, asked.limit)
    except UnknownField as fault:
        raise filter_fault(f"there is no field {str(fault)[:60]!r}") from None
    except UnreadableValue as fault:
        raise filter_fault(str(fault)) from None
    return total, found


def sight_of(application: Application) -> Sight:
    """Return what an application may see; its masking has its place here."""
    return Sight(None if application.all_tenants else application.tenants, application.id)
