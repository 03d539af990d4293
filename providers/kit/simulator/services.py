"""The services beside a simulated platform's launches: access tokens, class members and grades, without HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from providers.kit.lti import claims as names
from providers.kit.lti.ags import SCOPES
from providers.kit.lti.nrps import SCOPE
from providers.kit.simulator.access_tokens import AccessTokens, no_keys
from providers.kit.simulator.class_list import ClassList
from providers.kit.simulator.faults import Faults
from providers.kit.simulator.gradebook import Column, Gradebook
from providers.kit.simulator.people import COURSES, Course, Person

if TYPE_CHECKING:
    from providers.kit.simulator.lti_platform import SimulatedPlatform

MARK: Final = "pG"  # marks of pages are case-sensitive, as on real platforms


class Services:
    """What belongs to one platform. `tool_keys` may be set later: the tool's public key set."""

    def __init__(self, platform: SimulatedPlatform) -> None:
        self.platform = platform
        self.faults = Faults()
        self.tokens = AccessTokens(platform.config, platform.now, no_keys)
        self.classes = ClassList()
        self.gradebook = Gradebook()

    def claims(self, course: Course | None) -> dict[str, Any]:
        """Return the service claims of a launch from this course."""
        if course is None:
            return {}
        switches, claims = self.platform.switches, dict[str, Any]()
        if switches.names_roles:
            claims[names.NAMES_ROLES] = {
                "context_memberships_url": self.members_url(course),
                "service_versions": ["2.0"],
            }
        if switches.grades:
            scopes = [scope for scope in SCOPES if scope.rpartition("/")[2] in switches.grades_scopes]
            claims[names.GRADES] = {"scope": scopes, "lineitems": self.line_items_url(course)}
            if switches.line_item_of_link:
                claims[names.GRADES]["lineitem"] = self.line_item_url(self.column_of_link(course))
        return claims

    def members_url(self, course: Course) -> str:
        """Return the address of the course's member list."""
        query = self.platform.switches.members_url_query
        return self._address(self.platform.paths.members, course) + (f"?{query}" if query else "")

    def line_items_url(self, course: Course) -> str:
        """Return the address of the course's line items."""
        return self._address(self.platform.paths.line_items, course)

    def line_item_url(self, column: Column) -> str:
        """Return the address of one line item."""
        query = self.platform.switches.line_item_query
        return f"{self.line_items_url(COURSES[column.course])}/{column.id}" + (f"?{query}" if query else "")

    def _address(self, path: str, course: Course) -> str:
        return self.platform.config.home + path.format(course=course.id)

    def column_of_link(self, course: Course) -> Column:
        """Return the line item of the course's one link."""
        return self.gradebook.column_of_link(course, str(self.platform.resource_link(course)["id"]))

    def line_item(self, column: Column) -> dict[str, Any]:
        """Return a line item as the platform writes it."""
        return {"id": self.line_item_url(column)} | column.body

    def is_member(self, course: Course, user: str) -> bool:
        """Return whether somebody with this id is in the course."""
        return any(self.platform.subject(person) == user for person in self.classes.members(course))

    def member(
        self, person: Person, course: Course, *, link_id: str | None, status: str = "Active", groups: bool = False
    ) -> dict[str, Any]:
        """Return one member as the platform writes it (NRPS 2.2)."""
        platform = self.platform
        claims = platform.person_claims(person)
        shared = {name: claims[name] for name in ("name", "given_name", "family_name", "email") if name in claims}
        roles = platform.roles(person, course) if person.kinds.get(course.id) else [*platform.role_uris["student"]]
        if platform.switches.members_short_roles:
            roles = [role.split("membership#")[-1] for role in roles]
        record: dict[str, Any] = {"user_id": platform.subject(person), "roles": roles} | shared
        if person.shares_name and person.sis_id:
            record["lis_person_sourcedid"] = person.sis_id
        record |= platform.member_extras(person) | (platform.groups.enrollments(person, course) if groups else {})
        if platform.switches.members_status or status != "Active":
            record["status"] = status
        if link_id is not None and platform.switches.members_rlid:
            message = {names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST, names.CUSTOM: platform.custom(person, course)}
            record["message"] = [message]
        return record

    def members(self, course: Course, query: Mapping[str, str]) -> tuple[list[dict[str, Any]], str | None, str | None]:
        """Return a page of members, the query of the next page, and that of the differences."""
        switches, link_id = self.platform.switches, query.get("rlid")
        if (since := query.get("since")) is not None:
            changed = self.classes.changes(course, int(since))
            states = [(person, "Active" if is_there else "Deleted") for person, is_there in changed]
            gone = [self.member(person, course, link_id=link_id, status=status) for person, status in states]
            return gone, None, self._differences(course)
        size = min(int(query.get("limit", switches.members_page)), switches.members_most)
        start = int(query.get("page", f"{MARK}0").removeprefix(MARK))
        groups = query.get("groups") == "true"
        everybody = self.classes.members(course)
        page = [
            self.member(person, course, link_id=link_id, groups=groups) for person in everybody[start : start + size]
        ]
        kept = (f"&rlid={link_id}" if link_id is not None else "") + ("&groups=true" if groups else "")
        more = f"page={MARK}{start + size}&limit={size}{kept}" if start + size < len(everybody) else None
        if switches.members_next == "loop":
            more = f"page={MARK}{start}&limit={size}{kept}"
        if switches.members_next == "again" and more is not None:
            more = f"page={MARK}{start}&limit={size}&turn={int(query.get('turn', 0)) + 1}"
        return page, more, self._differences(course)

    def _differences(self, course: Course) -> str | None:
        return f"since={self.classes.count(course)}" if self.platform.switches.members_differences else None


__all__ = ["SCOPE", "SCOPES", "Services"]
