"""One transaction in an application's gradebook: what is put and deleted in it, and what is to be sent after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from gateway.services.gradebook import members as read
from gateway.services.gradebook.line_items import (
    delete_named,
    put_category,
    put_line_item,
    put_score_scale,
    reference_unknown,
)
from gateway.services.gradebook.results import put_result
from gateway.services.gradebook.shapes import read_line_item, read_result
from gateway.services.oneroster.service import Call
from gateway.store import Connection
from gateway.store.applications import Application
from gateway.store.gradebook import delete_line_item, delete_result

_NAMED_BY: Final = {"classes": "class", "schools": "school", "lineItems": "lineItem"}


@dataclass(slots=True)
class Writing:
    """Open as long as its transaction. `to_wake` are classes with new scores, `to_resend` scores to send again."""

    connection: Connection
    application: Application
    at: datetime
    to_wake: set[str] = field(default_factory=set)
    to_resend: list[int] = field(default_factory=list)

    def put(self, kind: str, id: str, told: dict[str, Any]) -> bool:
        """Make or replace an object of the kind; return whether it is new."""
        where = (self.connection, self.application, id)
        if kind == "categories":
            return put_category(*where, told, self.at)
        if kind == "scoreScales":
            return put_score_scale(*where, told, self.at)
        if kind == "lineItems":
            return put_line_item(*where, read_line_item(told), self.at)
        put = put_result(*where, read_result(told), self.at)
        self.to_wake |= set() if put.wake is None else {put.wake}
        self.to_resend += [] if put.again is None else [put.again]
        return put.is_new

    def delete(self, kind: str, id: str) -> bool:
        """Delete an object of the kind; return whether it was there."""
        if kind == "lineItems":
            return delete_line_item(self.connection, self.application.id, id, self.at)
        if kind == "results":
            return delete_result(self.connection, self.application.id, id)
        return delete_named(
            self.connection, self.application, "categories" if kind == "categories" else "scoreScales", id
        )


def placed(told: dict[str, Any], call: Call) -> dict[str, Any]:
    """Return what a POST brings with what its address says. Raises BadData when both speak of it and differ."""
    found = dict(told)
    for collection, id in call.within:
        name = _NAMED_BY.get(collection)
        if name is not None:
            if read.maybe_reference(told.get(name), name) not in {None, id}:
                raise reference_unknown(name)
            found[name] = {"sourcedId": id}
    return found
