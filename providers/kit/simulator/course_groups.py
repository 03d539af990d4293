"""A simulated platform's course groups: by course, changed by whoever runs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from providers.kit.lti import claims as names
from providers.kit.lti.course_groups import SCOPE
from providers.kit.simulator.people import COURSES, Course, Person

if TYPE_CHECKING:
    from providers.kit.simulator.lti_platform import SimulatedPlatform

PROJECT: Final = {"id": "set-1", "name": "Project"}


class GroupOf(NamedTuple):
    """One group and the keys of who is in it."""

    id: str
    name: str
    people: Collection[str]
    set_id: str | None = "set-1"


class GroupsOfCourses:
    """What belongs to one platform."""

    def __init__(self, platform: SimulatedPlatform) -> None:
        self.platform = platform
        first = [GroupOf("group-1", "Red", ("sam", "robin")), GroupOf("group-2", "Blue", ("ada",), None)]
        self.by_course: dict[int, list[GroupOf]] = {course: [*first] for course in COURSES}
        self.sets: list[Mapping[str, str]] = [PROJECT]

    def claims(self, course: Course | None) -> dict[str, Any]:
        """Return the claim of a launch from this course."""
        switches, home, paths = self.platform.switches, self.platform.config.home, self.platform.paths
        if course is None or not switches.groups:
            return {}
        claim = {
            "scope": [SCOPE],
            "context_groups_url": home + paths.groups.format(course=course.id),
            "service_versions": ["1.0"],
        }
        sets = {"context_group_sets_url": home + paths.group_sets.format(course=course.id)}
        return {names.GROUPS: claim | (sets if switches.group_sets else {})}

    def records(self, course: Course) -> list[dict[str, Any]]:
        """Return the course's groups as the platform writes them."""
        listed = [{"id": one.id, "name": one.name, "set_id": one.set_id} for one in self.by_course[course.id]]
        return [{name: value for name, value in one.items() if value is not None} for one in listed]

    def enrollments(self, person: Person, course: Course) -> dict[str, Any]:
        """Return what a member's record says of groups when asked (`groups=true`)."""
        if not self.platform.switches.groups or not self.platform.switches.groups_of_members:
            return {}
        own = [{"group_id": one.id} for one in self.by_course[course.id] if person.key in one.people]
        return {"group_enrollments": own}
