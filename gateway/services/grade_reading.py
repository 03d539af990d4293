"""Reads what a class's LMS says of a line item now, beside what was sent there: a teacher may have changed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gateway.services.grade_ways import GradeWays
from gateway.store import Store
from gateway.store.grades import find_line_item, sent_scores
from providers.contract import Misconfigured


class Standing(NamedTuple):
    """One student in the LMS's gradebook. `user` is None for a stranger; `sent` is our last score there."""

    user: str | None
    score: float | None
    maximum: float
    comment: str | None
    sent: float | None


@dataclass(frozen=True, slots=True)
class GradeReading:
    """Thread-safe. Calls the LMS."""

    store: Store
    ways: GradeWays

    def results(self, application_id: str, sourced_id: str) -> list[Standing]:
        """Return what the LMS has for an application's own line item (attack H7).

        Raises:
            Misconfigured: ``line_item.unknown``, ``line_item.not_in_lms``, and what finding the way raises.
            Refused, Unavailable, BadData: as the room's `read_results`.
        """
        with self.store.statements() as connection:
            item = find_line_item(connection, application_id, sourced_id)
        if item is None:
            raise Misconfigured("line_item.unknown", "This application has no such line item.")
        way = self.ways.find(item, {})
        url = item.url or (way.link.line_item_url if way.link else None)
        if url is None:
            raise Misconfigured("line_item.not_in_lms", "Nothing of this line item has been sent to the LMS yet.")
        found = list(way.gradebook.read_results(url))
        people = way.users(self.store, [each.subject for each in found])
        sent = sent_scores(self.store, item.id)
        users = [people.get(each.subject) for each in found]
        return [
            Standing(user, each.score, each.maximum, each.comment, sent.get(user or ""))
            for user, each in zip(users, found, strict=True)
        ]
