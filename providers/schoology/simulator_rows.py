"""What a simulated Schoology says of a made-up roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from providers.kit.simulator.numbers import Numbers
from providers.kit.simulator.roster_data import Roster

if TYPE_CHECKING:
    from providers.schoology.simulator_api import SchoologyApi

_TITLES: Final = {
    "districtAdministrator": "School Admin",
    "siteAdministrator": "School Admin",
    "teacher": "Teacher",
    "student": "Student",
    "parent": "Parent",
}
_ROLES: Final = ("School Admin", "Teacher", "Student", "Parent")
_SUBJECTS: Final = {"Mathematics": 3, "Art": 9}


class Rows:
    """Tells a roster in Schoology's words. Numbers stand for ids, and stay the same while it lives."""

    def __init__(self, api: SchoologyApi) -> None:
        self._api, self.numbers = api, Numbers()
        self._listed: dict[str, tuple[str, list[dict[str, Any]]] | None] = {}
        self._grouped: Mapping[int, list[dict[str, Any]]] = {}

    def forget(self) -> None:
        """Tell everything anew: the roster or the switches are others."""
        self._listed.clear()
        self._grouped = {}

    @property
    def _roster(self) -> Roster:
        return self._api.roster

    def id(self, kind: str, source_id: str) -> int:
        """Return the number of an id."""
        return self.numbers.of(kind, source_id)

    @property
    def root(self) -> int:
        """The school above all."""
        return self.id("orgs", self._roster["orgs"][0]["sourcedId"])

    def owner(self) -> int:
        """Return whose key it is: an administrator's."""
        staff = [each for each in self._roster["users"] if each["roles"][0]["role"].endswith("Administrator")]
        return self.id("users", (staff or self._roster["users"])[0]["sourcedId"])

    def one(self, path: str) -> dict[str, Any] | None:
        """Return what stands under a single thing's address."""
        kind, _, own = path.partition("/")
        if not own.isdecimal():
            return None
        listed = {"users": self._users, "schools": self._schools, "sections": self._all_sections}.get(kind)
        return next((each for each in listed() if each["id"] == int(own)), None) if listed else None

    def all(self, path: str, query: Mapping[str, str]) -> tuple[str, list[dict[str, Any]]] | None:
        """Return a list and its name."""
        key = f"{path}?{'include_past' in query}"
        if key not in self._listed:
            self._listed[key] = self._told(path, query)
        return self._listed[key]

    def _told(self, path: str, query: Mapping[str, str]) -> tuple[str, list[dict[str, Any]]] | None:
        lists = {
            "users": ("user", self._users),
            "courses": ("course", self._courses),
            "roles": ("role", self._roles),
            "gradingperiods": ("gradingperiods", self._periods),
        }
        if path in lists:
            return lists[path][0], list(lists[path][1]())
        kind, _, rest = path.partition("/")
        own, _, what = rest.partition("/")
        return self._below(kind, int(own), what, query) if own.isdecimal() else None

    def _below(
        self, kind: str, own: int, what: str, query: Mapping[str, str]
    ) -> tuple[str, list[dict[str, Any]]] | None:
        match kind, what:
            case "schools", "buildings":
                return "building", [each for each in self._schools() if each["id"] != self.root]
            case "courses", "sections":
                hidden = self._api.switches.period_over and "include_past" not in query
                return "section", [] if hidden else list(self._sections(own))
            case "sections", "enrollments":
                return "enrollment", self._members().get(own, [])
        return None

    def _schools(self) -> Iterator[dict[str, Any]]:
        for org in self._roster["orgs"]:
            yield {
                "id": self.id("orgs", org["sourcedId"]),
                "title": org["name"],
                "building_code": org.get("identifier", ""),
                "city": "Northfield",
            }

    def _roles(self) -> Iterator[dict[str, Any]]:
        for place, title in enumerate(_ROLES):
            faculty = int(title in ("School Admin", "Teacher"))
            yield {"id": self._role(place), "title": title, "faculty": faculty, "role_type": 1}

    def _role(self, place: int) -> str:
        return str(self._api.switches.first_role + place)  # text here, a number on users

    def _periods(self) -> Iterator[dict[str, Any]]:
        for each in self._roster["academicSessions"]:
            if each["type"] != "schoolYear":
                own = self.id("academicSessions", each["sourcedId"])
                yield {
                    "id": own,
                    "title": each["title"],
                    "start": each["startDate"],
                    "end": each["endDate"],
                    "active": "1",
                }

    def _courses(self) -> Iterator[dict[str, Any]]:
        for each in self._roster["courses"]:
            grade = int(each["grades"][0]) + 2
            yield {
                "id": self.id("courses", each["sourcedId"]),
                "building_id": self._building(each["org"]) if each.get("org") else 0,
                "title": each["title"],
                "course_code": each["courseCode"],
                "grade_level_range_start": grade,
                "grade_level_range_end": 0,
                "subject_area": _SUBJECTS[each["subjects"][0]],
                "synced": 1,
            }

    def _building(self, org: Mapping[str, Any]) -> int:
        own = self.id("orgs", org["sourcedId"])
        return 0 if own == self.root else own

    def _sections(self, course: int) -> Iterator[dict[str, Any]]:
        for each in self._roster["classes"]:
            if self.id("courses", each["course"]["sourcedId"]) == course:
                yield {
                    "id": self.id("classes", each["sourcedId"]),
                    "course_id": course,
                    "school_id": self._building(each["school"]),
                    "section_title": each["title"],
                    "section_code": "",
                    "section_school_code": each.get("classCode", ""),
                    "grading_periods": [self.id("academicSessions", term["sourcedId"]) for term in each["terms"]],
                    "meeting_days": [""],
                    "class_periods": each["periods"],
                    "location": "",
                    "active": 1,
                }

    def _all_sections(self) -> Iterator[dict[str, Any]]:
        for each in self._courses():
            for section in self._sections(each["id"]):
                yield {**section, "active": int(not self._api.gradebook.is_over)}

    def _users(self) -> Iterator[dict[str, Any]]:
        only = self._api.switches.building
        for each in self._roster["users"]:
            if only and each["primaryOrg"]["sourcedId"] != only:
                continue
            own, (first, *others) = self.id("users", each["sourcedId"]), each["roles"]
            yield {
                "uid": own,
                "id": own,
                "school_id": self.root,
                "building_id": self._building(first["org"]),
                "additional_buildings": ",".join(str(self._building(role["org"])) for role in others),
                "school_uid": each.get("identifier", ""),
                "name_first": each["givenName"],
                "name_first_preferred": "",
                "name_middle": "",
                "name_last": each["familyName"],
                "username": each["username"],
                "primary_email": each["email"],
                "role_id": int(self._role(_ROLES.index(_TITLES[first["role"]]))),
                "password": each["password"],
                "gender": None,
                "parents": None,
            }

    def _members(self) -> Mapping[int, list[dict[str, Any]]]:
        if self._grouped:
            return self._grouped
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for each in self._roster["enrollments"]:
            found[self.id("classes", each["class"]["sourcedId"])].append(
                {
                    "id": self.id("enrollments", each["sourcedId"]),
                    "uid": self.id("users", each["user"]["sourcedId"]),
                    "admin": int(each["role"] != "student"),
                    "status": each.get("schoology", 1),
                }
            )
        self._grouped = found
        return found
