"""One simulated district: its objects as Clever keeps them, and the events that every change leaves."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from providers.kit.simulator.roster_data import Roster

Record = dict[str, Any]
COLLECTIONS: Final = ("schools", "terms", "courses", "sections", "users")
_counter: Iterator[int] = itertools.count(1)
_GRADES: Final = {"09": "9", "01": "1"}


def new_id(now: datetime) -> str:
    """Return an ObjectId: its second, then a number that only grows."""
    return f"{int(now.timestamp()):08x}{next(_counter):016x}"


class District:
    """Objects by collection and id; ids ascend as they are made."""

    def __init__(self, name: str, shortname: str, now: Callable[[], datetime]) -> None:
        self.name, self.shortname, self.now = name, shortname, now
        self.id = new_id(now())
        self.objects: dict[str, dict[str, Record]] = {name: {} for name in COLLECTIONS}
        self.events: list[Record] = []
        self.token = f"il{self.id}-1"
        self.pause_end = "2026-08-18T00:00:00.000Z"

    def rotate_token(self) -> None:
        """Change the token, as Clever may at any time."""
        head, _, number = self.token.rpartition("-")
        self.token = f"{head}-{int(number) + 1}"

    def add(self, collection: str, **fields: Any) -> Record:
        """Make an object, or share one again under the id that it had."""
        stamp = _stamp(self.now())
        record = {"id": new_id(self.now()), "district": self.id, "created": stamp, "last_modified": stamp, **fields}
        kept = self.objects[collection]
        is_newest = not kept or next(reversed(kept)) < record["id"]
        kept[record["id"]] = record
        if not is_newest:  # shared again
            self.objects[collection] = dict(sorted(kept.items()))
        self._tell(collection, "created", record)
        return record

    def change(self, collection: str, id: str, **fields: Any) -> Record:
        """Change an object."""
        record = self.objects[collection][id]
        previous = {name: copy.deepcopy(record.get(name)) for name in fields}
        record.update(fields, last_modified=_stamp(self.now()))
        self._tell(collection, "updated", record, previous)
        return record

    def remove(self, collection: str, id: str) -> Record:
        """Take an object away, or stop sharing it: both look the same."""
        record = self.objects[collection].pop(id)
        self._tell(collection, "deleted", record)
        return record

    def move(self, section: str, *, students: list[str] | None = None, teachers: list[str] | None = None) -> None:
        """Change who is in a section; the first teacher is its primary one."""
        fields: Record = {} if students is None else {"students": students}
        if teachers is not None:
            fields |= {"teachers": teachers, "teacher": teachers[0] if teachers else None}
        self.change("sections", section, **fields)

    def replace_user(self, id: str, **fields: Any) -> Record:
        """Give a person another id, as Clever does when an SIS id or an employee's address changes."""
        old = self.remove("users", id)
        kept = {name: copy.deepcopy(value) for name, value in old.items() if name not in {"id", "created"}}
        new = self.add("users", **{**kept, **fields})
        for section in list(self.objects["sections"].values()):
            for name in ("students", "teachers"):
                if id in section[name]:
                    swapped = [new["id"] if each == id else each for each in section[name]]
                    self.move(section["id"], **{name: swapped})
        return new

    def document(self, state: str) -> Record:
        """Return the district's own record."""
        paused = {"pause_start": "2026-06-10T00:00:00.000Z", "pause_end": self.pause_end} if state == "paused" else {}
        return {"id": self.id, "name": self.name, "sis_type": "other", "state": state, "nces_id": "0000001", **paused}

    def _tell(self, collection: str, action: str, record: Record, previous: Record | None = None) -> None:
        event: Record = {
            "id": new_id(self.now()),
            "type": f"{collection}.{action}",
            "created": _stamp(self.now()),
            "data": {"object": copy.deepcopy(record)},
        }
        if previous is not None:
            event["previous_attributes"] = previous
        self.events.append(event)


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fill(district: District, roster: Roster) -> dict[str, str]:
    """Put a made-up roster into a district, in Clever's words; return the ids that its records have there."""
    ids: dict[str, str] = {}
    for org in roster["orgs"]:
        if org["type"] == "school":
            told = district.add("schools", name=org["name"], school_number=org["identifier"], sis_id=org["sourcedId"])
            ids[org["sourcedId"]] = told["id"]
    for session in roster["academicSessions"]:
        dates = {"start_date": session["startDate"], "end_date": session["endDate"]}
        ids[session["sourcedId"]] = district.add("terms", name=session["title"], **dates)["id"]
    for course in roster["courses"]:
        ids[course["sourcedId"]] = district.add("courses", name=course["title"], number=course["courseCode"])["id"]
    for user in roster["users"]:
        ids[user["sourcedId"]] = district.add("users", **_user(user, ids))["id"]
    members: dict[str, list[Record]] = {}
    for each in roster["enrollments"]:
        members.setdefault(each["class"]["sourcedId"], []).append(each)
    for one in roster["classes"]:
        ids[one["sourcedId"]] = district.add("sections", **_section(one, members, ids))["id"]
    return ids


def _user(told: Record, ids: dict[str, str]) -> Record:
    (held,) = told["roles"]
    school = ids.get(held["org"]["sourcedId"])
    credentials = {"district_username": told["username"]}
    named = {"school": school, "schools": [school], "credentials": credentials, "legacy_id": f"old-{told['sourcedId']}"}
    sis = told.get("identifier") or told["sourcedId"]
    roles: dict[str, Record] = {
        "student": {**named, "sis_id": sis, "grade": _GRADES.get((told.get("grades") or [""])[0], ""), "gender": ""},
        "teacher": {**named, "sis_id": sis, "teacher_number": "", "title": None},
        "siteAdministrator": {"schools": [school], "staff_id": sis, "credentials": credentials, "roles": []},
        "districtAdministrator": {"title": "Head", "legacy_id": ""},
    }
    words = {"siteAdministrator": "staff", "districtAdministrator": "district_admin"}
    return {
        "name": {"first": told["givenName"], "last": told["familyName"], "middle": ""},
        "email": told["email"],
        "roles": {words.get(held["role"], held["role"]): roles[held["role"]]},
    }


def _section(told: Record, members: dict[str, list[Record]], ids: dict[str, str]) -> Record:
    here = members.get(told["sourcedId"], [])
    people = {
        role: [
            ids.setdefault(each["user"]["sourcedId"], f"{'f' * 8}{next(_counter):016x}")
            for each in here
            if each["role"] == role
        ]
        for role in ("student", "teacher")
    }
    return {
        "name": told["title"],
        "school": ids[told["school"]["sourcedId"]],
        "course": ids[told["course"]["sourcedId"]],
        "term_id": ids[told["terms"][0]["sourcedId"]],
        "period": told["periods"][0],
        "section_number": "",
        "subject": "",
        "grade": "",
        "sis_id": told["sourcedId"],
        "students": people["student"],
        "teachers": people["teacher"],
        "teacher": people["teacher"][0] if people["teacher"] else None,
    }
