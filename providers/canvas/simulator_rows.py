"""What a simulated Canvas says of a made-up roster, and what is true of it there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from providers.canvas.simulator_odd import with_oddities
from providers.contract import RoleRecord, role_id
from providers.kit.simulator.numbers import Numbers, renumbered
from providers.kit.simulator.roster_data import Record, Roster
from providers.kit.simulator.roster_truth import truth_of
from providers.kit.simulator.simulated_roster import Truth

if TYPE_CHECKING:
    from providers.canvas.simulator_api import CanvasApi

Told = list[dict[str, Any]]
_TYPES: Final = {"student": "StudentEnrollment", "teacher": "TeacherEnrollment"}


class Rows:
    """Tells a roster in Canvas's words: each class is a course of its own with one section. Numbers stay the same."""

    def __init__(self, api: CanvasApi) -> None:
        self._api, self.numbers = api, Numbers()
        self._listed: dict[str, Told | None] = {}
        self._members: dict[int, Told] = {}
        self._told: tuple[Roster, Roster] | None = None

    def forget(self) -> None:
        """Tell everything anew: the roster or the switches are others."""
        self._listed.clear()
        self._members.clear()
        self._told = None

    @property
    def _roster(self) -> Roster:
        if self._told is None or self._told[0] is not self._api.roster:
            self._told = (self._api.roster, with_oddities(self._api.roster, self._api.switches.odd))
        return self._told[1]

    def _course_id(self, section: Mapping[str, Any]) -> int:
        """Return the course of a class: its own, unless it is a further section of another's."""
        return self.numbers.of("courses", section.get("within", section["sourcedId"]))

    def _id(self, kind: str, ref: Mapping[str, Any]) -> int:
        return self.numbers.of(kind, ref["sourcedId"])

    @property
    def root(self) -> int:
        """The root account."""
        return self._id("orgs", self._roster["orgs"][0])

    def one(self, path: str) -> dict[str, Any] | None:
        """Return an account, a section or a course."""
        kind, _, own = path.partition("/")
        if kind == "sections" and own.isdecimal():
            return next((each for each in self._sections(self.course_of(int(own))) if each["id"] == int(own)), None)
        if kind == "courses" and own.isdecimal():
            concluded = {"concluded": self._api.gradebook.is_over}
            return next(({**each, **concluded} for each in self._courses() if each["id"] == int(own)), None)
        if kind != "accounts" or not (own == "self" or own.isdecimal()):
            return None
        wanted = self.root if own == "self" else int(own)
        return next((each for each in self._accounts() if each["id"] == wanted), None)

    def course_of(self, section: int) -> int:
        """Return the course of a section; 0 where there is no such section."""
        classes = self._roster["classes"]
        return next((self._course_id(each) for each in classes if self._id("classes", each) == section), 0)

    def all(self, path: str) -> Told | None:
        """Return a list."""
        if path not in self._listed:
            kind, own, what = [*path.split("/", 2), "", ""][:3]
            found = self._below(kind, int(own), what) if own.isdecimal() and what else None
            self._listed[path] = None if found is None else list(found)
        return self._listed[path]

    def _below(self, kind: str, own: int, what: str) -> Iterable[dict[str, Any]]:
        if kind == "courses":
            return {"sections": self._sections, "enrollments": self._enrollments}[what](own)
        if what == "admins":
            return self._admins(own)
        lists = {"sub_accounts": self._accounts, "terms": self._terms, "courses": self._courses, "users": self._users}
        found = lists[what]()
        return (each for each in found if each["id"] != self.root) if what == "sub_accounts" else found

    def _accounts(self) -> Iterator[dict[str, Any]]:
        for each in self._roster["orgs"]:
            yield {
                "id": self._id("orgs", each),
                "name": each["name"],
                "parent_account_id": self._id("orgs", each["parent"]) if "parent" in each else None,
                "root_account_id": self.root if "parent" in each else None,
                "sis_account_id": self._sis(each.get("identifier")),
                "workflow_state": "active",
            }

    def _sis(self, value: str | None) -> str | None:
        return value if self._api.switches.sis_ids else None

    def _terms(self) -> Iterator[dict[str, Any]]:
        yield {"id": 1, "name": "Default Term", "start_at": None, "end_at": None, "workflow_state": "active"}
        for each in self._roster["academicSessions"]:
            if each["type"] == "term":
                times = {"start_at": f"{each['startDate']}T06:00:00Z", "end_at": f"{each['endDate']}T00:00:00Z"}
                yield {"id": self._id("academicSessions", each), "name": each["title"], **times}

    def _courses(self) -> Iterator[dict[str, Any]]:
        courses = {each["sourcedId"]: each for each in self._roster["courses"]}
        for each in self._roster["classes"]:
            if "within" in each:
                continue
            of = courses[each["course"]["sourcedId"]]
            yield {
                "id": self._id("courses", each),
                "name": of["title"],
                "course_code": of["courseCode"],
                "account_id": self._id("orgs", each["school"]),
                "enrollment_term_id": self._id("academicSessions", each["terms"][0]),
                "workflow_state": "available",
            }
        if self._api.switches.blueprint:
            yield {"id": 999_001, "name": "Blueprint of all", "account_id": self.root, "blueprint": True}

    def _sections(self, course: int) -> Iterator[dict[str, Any]]:
        for each in self._roster["classes"]:
            if self._course_id(each) == course:
                students = self._students(course, self._id("classes", each))
                yield {
                    "id": self._id("classes", each),
                    "course_id": course,
                    "name": each["title"],
                    "sis_section_id": self._sis(each.get("classCode")),
                    "nonxlist_course_id": each.get("origin"),
                    "total_students": len(students),
                }

    def _students(self, course: int, section: int) -> set[int]:
        here = (one for one in self._enrollments(course) if one["course_section_id"] == section)
        counted = ("active", "invited")
        return {
            one["user_id"] for one in here if one["type"] == "StudentEnrollment" and one["enrollment_state"] in counted
        }

    def _enrollments(self, course: int) -> Told:
        if not self._members:
            found: dict[int, Told] = defaultdict(list)
            courses = {each["sourcedId"]: self._course_id(each) for each in self._roster["classes"]}
            for each in self._roster["enrollments"]:
                own = courses.get(each["class"]["sourcedId"], self._id("courses", each["class"]))
                found[own].append(self._member(each, own))
            for own, members in found.items() if self._api.switches.test_student else ():
                members.append({**members[0], "id": 900_000_000 + own, "user_id": 1, "type": "StudentViewEnrollment"})
            self._members = found
        return self._members.get(course, [])

    def _member(self, each: Record, course: int) -> dict[str, Any]:
        own = dict(each.get("canvas", {}))
        if "watches" in own:
            own["associated_user_id"] = self.numbers.of("users", own.pop("watches"))
        return {
            "id": self._id("enrollments", each),
            "course_id": course,
            "course_section_id": self._id("classes", each["class"]),
            "user_id": self._id("users", each["user"]),
            "enrollment_state": "active",
            "start_at": None,
            "end_at": None,
            "type": _TYPES[each["role"]],
            **own,
        }

    def _users(self) -> Iterator[dict[str, Any]]:
        for each in self._roster["users"]:
            yield {
                "id": self._id("users", each),
                "name": f"{each['givenName']} {each['familyName']}",
                "first_name": each["givenName"],
                "last_name": each["familyName"],
                "sortable_name": f"{each['familyName']}, {each['givenName']}",
                "sis_user_id": self._sis(each.get("identifier")),
                "login_id": each["username"],
                "email": each["email"],
                "password": each["password"],
            }

    def _admins(self, account: int) -> Iterator[dict[str, Any]]:
        for each in self._roster["users"]:
            for role in each["roles"]:
                if role["role"].endswith("Administrator") and self._id("orgs", role["org"]) == account:
                    own = self._id("users", each)
                    yield {"id": own + 70_000_000, "role": "AccountAdmin", "user": {"id": own}}

    def truth(self) -> Truth:
        """Return what a right reader brings: no grades, first teachers or primary schools."""
        plain = dict(truth_of(self._roster))
        courses = {each.source_id: each for each in plain["courses"]}
        plain["courses"] = [
            courses[each.course_id]._replace(source_id=each.source_id, org_id=each.school_id, grades=(), subjects=())
            for each in plain["classes"]
        ]
        plain["classes"] = [
            each._replace(course_id=each.source_id, title=f"{courses[each.course_id].title}: {each.title}", periods=())
            for each in plain["classes"]
        ]
        plain["academicSessions"] = [
            each._replace(parent_id=None, school_year=None) for each in plain["academicSessions"] if each.type == "term"
        ]
        plain["users"] = [each._replace(grades=(), user_ids=(), primary_org_id=None) for each in plain["users"]]
        plain["enrollments"] = [each._replace(primary=False, begin_date=None) for each in plain["enrollments"]]
        plain["roles"] = self._true_roles(plain)
        return renumbered(plain, self.numbers)

    def _true_roles(self, plain: Truth) -> list[RoleRecord]:
        listed = {each.source_id for each in plain["users"]}
        told = {(each.user_id, each.school_id, each.role) for each in plain["enrollments"] if each.user_id in listed}
        told |= {(each.user_id, each.org_id, each.role) for each in plain["roles"] if "Admin" in each.role}
        return [RoleRecord(role_id(*each), *each, "primary") for each in told]
