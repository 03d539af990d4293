"""How a line item's scores and results get to and from its LMS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.room_context import RoomContexts
from gateway.store import Store
from gateway.store.class_services import Course, courses_of
from gateway.store.grades import LineItemRow
from gateway.store.integrations import find_integration
from gateway.store.outbox import Link, link_of
from providers.contract import Context, Grades, GradesClaim, LtiService, Misconfigured


class Way(NamedTuple):
    """How a line item's scores get to its LMS."""

    course: Course
    room: Grades
    context: Context[Any]
    service: LtiService
    claim: GradesClaim
    link: Link | None


@dataclass(frozen=True, slots=True)
class GradeWays:
    """Thread-safe."""

    store: Store
    contexts: RoomContexts
    registrations: Registrations

    def find(self, item: LineItemRow) -> Way:
        """Return the way of a line item.

        Raises:
            Misconfigured: ``grades.no_gradebook``, ``class.integration_off``.
        """
        link = None if item.resource_link_row_id is None else link_of(self.store, item.resource_link_row_id)
        for course in self._courses(item, link):
            integration = find_integration(self.store, str(course.integration_id))
            room = None if integration is None else self.contexts.rooms.room(integration.provider).grades
            if integration is None or room is None:
                continue
            if integration.status != "active" or course.deployment_status != "active":
                raise Misconfigured("class.integration_off", "The integration of this class is switched off.")
            service = LtiService(endpoints_of(self.registrations.with_id(course.registration_id)), course.deployment_id)
            own = link if link is not None and link.deployment_row_id == course.deployment_row_id else None
            scopes = tuple((course.grades_scopes or "").split())
            claim = GradesClaim(scopes, course.line_items_url, own.line_item_url if own else None)
            return Way(course, room, self.contexts.open(integration), service, claim, own)
        raise Misconfigured("grades.no_gradebook", "This class comes from no LMS with a gradebook for us; it is kept.")

    def _courses(self, item: LineItemRow, link: Link | None) -> list[Course]:
        """Return the class's courses that have a gradebook, the link's own first, then the newest."""
        found = [course for course in reversed(courses_of(self.store, item.class_sourced_id)) if course.grades_scopes]
        mine = None if link is None else link.deployment_row_id
        return sorted(found, key=lambda course: course.deployment_row_id != mine)
