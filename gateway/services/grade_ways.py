"""How a line item's scores and results get to and from its LMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.room_context import RoomContexts
from gateway.store import Store
from gateway.store.class_services import Course, courses_of
from gateway.store.grade_places import RosterPlace, roster_place
from gateway.store.grades import LineItemRow
from gateway.store.integrations import Integration, find_integration
from gateway.store.outbox import Link, link_of, subject_of, users_of
from providers.contract import (
    ClassGradebook,
    Context,
    Grades,
    GradesClaim,
    LineItem,
    LtiService,
    Misconfigured,
    Outcome,
    Result,
    Score,
)

LAUNCH: Final = "launch"
ROSTER: Final = "roster"
Places = dict[str, RosterPlace | None]
"""Class -> where its roster has it: kept while one run lasts."""


@dataclass(frozen=True, slots=True)
class LaunchedGradebook:
    """A `ClassGradebook` by what launches of the class said of the LMS's gradebook."""

    room: Grades
    context: Context[Any]
    service: LtiService
    claim: GradesClaim

    def open_line_item(self, wanted: LineItem) -> LineItem:
        """Find the tool's own line item, or make it."""
        return self.room.open_line_item(self.context, self.service, self.claim, wanted)

    def post_score(self, line_item_url: str, score: Score) -> Outcome:
        """Write one score."""
        return self.room.post_score(self.context, self.service, line_item_url, score)

    def read_results(self, line_item_url: str, *, subject: str | None = None) -> Iterator[Result]:
        """Read results."""
        return self.room.read_results(self.context, self.service, line_item_url, subject=subject)


class Way(NamedTuple):
    """How a line item's scores get to its LMS. `people`: the roster's ids of members; None: those of launches."""

    kind: str
    integration_id: str
    gradebook: ClassGradebook
    link: Link | None = None
    people: Mapping[str, str] | None = None

    def subject(self, store: Store, user_id: str) -> str | None:
        """Return what the LMS calls a person."""
        if self.people is not None:
            return self.people.get(user_id)
        return subject_of(store, self.integration_id, user_id)

    def users(self, store: Store, subjects: list[str]) -> dict[str, str]:
        """Return whom the LMS means."""
        if self.people is not None:
            return {subject: user for user, subject in self.people.items()}
        return users_of(store, self.integration_id, subjects)


@dataclass(frozen=True, slots=True)
class GradeWays:
    """Thread-safe."""

    store: Store
    contexts: RoomContexts
    registrations: Registrations

    def find(self, item: LineItemRow, places: Places) -> Way:
        """Return the way of a line item: the one that its column came by, or else a launch's before the roster's.

        Raises:
            Misconfigured: ``grades.no_gradebook``, ``class.integration_off``.
        """
        way = None if item.way == ROSTER else self._launched(item)
        if way is None and item.way != LAUNCH:
            way = self._rostered(item, places)
        if way is None:
            raise Misconfigured(
                "grades.no_gradebook", "This class comes from no LMS with a gradebook for us; it is kept."
            )
        return way

    def _launched(self, item: LineItemRow) -> Way | None:
        link = None if item.resource_link_row_id is None else link_of(self.store, item.resource_link_row_id)
        for course in self._courses(item, link):
            integration = find_integration(self.store, str(course.integration_id))
            room = None if integration is None else self.contexts.rooms.room(integration.provider).grades
            if integration is None or room is None:
                continue
            _must_be_on(integration, course.deployment_status)
            service = LtiService(endpoints_of(self.registrations.with_id(course.registration_id)), course.deployment_id)
            own = link if link is not None and link.deployment_row_id == course.deployment_row_id else None
            scopes = tuple((course.grades_scopes or "").split())
            claim = GradesClaim(scopes, course.line_items_url, own.line_item_url if own else None)
            gradebook = LaunchedGradebook(room, self.contexts.open(integration), service, claim)
            return Way(LAUNCH, integration.id, gradebook, own)
        return None

    def _courses(self, item: LineItemRow, link: Link | None) -> list[Course]:
        """Return the class's courses that have a gradebook, the link's own first, then the newest."""
        found = [course for course in reversed(courses_of(self.store, item.class_sourced_id)) if course.grades_scopes]
        mine = None if link is None else link.deployment_row_id
        return sorted(found, key=lambda course: course.deployment_row_id != mine)

    def _rostered(self, item: LineItemRow, places: Places) -> Way | None:
        """Return the way by the roster that the class came from, where its room has one (ADR 19)."""
        if item.class_sourced_id not in places:
            places[item.class_sourced_id] = roster_place(self.store, item.class_sourced_id)
        place = places[item.class_sourced_id]
        integration = None if place is None else find_integration(self.store, place.integration_id)
        room = None if integration is None else self.contexts.rooms.room(integration.provider).roster_grades
        if place is None or integration is None or room is None:
            return None
        _must_be_on(integration)
        context = self.contexts.open(integration)
        if not room.is_set_up(context.settings):
            return None
        return Way(ROSTER, integration.id, room.gradebook(context, place.class_id), people=place.people)


def _must_be_on(integration: Integration, deployment_status: str = "active") -> None:
    if integration.status != "active" or deployment_status != "active":
        raise Misconfigured("class.integration_off", "The integration of this class is switched off.")
