"""The table in the README is what happens to Canvas's records."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from providers.canvas import records
from providers.contract import CourseRecord

README = (Path(__file__).parent.parent / "README.md").read_text()
ROWS = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|$", README, re.MULTILINE)
COURSE = CourseRecord("7", "Algebra", org_id="2")
READERS: dict[str, Any] = {
    "orgs": lambda told: records.read_org(told, "school"),
    "academicSessions": records.read_session,
    "courses": lambda told: records.read_course(told, "2"),
    "classes": lambda told: records.read_class(told, COURSE, ("4",)),
    "users": lambda told: records.read_user(told, ()),
    "enrollments": lambda told: records.read_enrollment(told, "2"),
}
LEAST: dict[str, dict[str, Any]] = {
    "orgs": {"name": "x"},
    "academicSessions": {"start_at": "2026-08-01", "end_at": "2027-01-15T00:00:00Z", "name": "x"},
    "courses": {"name": "x"},
    "classes": {"name": "x"},
    "users": {"first_name": "x"},
    "enrollments": {
        "user_id": 1,
        "course_section_id": 2,
        "type": "StudentEnrollment",
        "enrollment_state": "active",
    },
}
OTHER: dict[str, Any] = {
    "start_at": "2026-12-31T00:00:00Z",
    "end_at": "2026-12-31T00:00:00Z",
    "type": "TeacherEnrollment",
    "enrollment_state": "inactive",
}


@pytest.mark.parametrize(("kind", "member", "field"), ROWS)
def test_each_row_of_the_table_is_what_happens(kind: str, member: str, field: str) -> None:
    told = {"id": 9, **LEAST[kind]}
    before, after = READERS[kind](told), READERS[kind](told | {member: OTHER.get(member, 77)})
    assert [name for name in before._fields if getattr(before, name) != getattr(after, name)] == [field]


@pytest.mark.parametrize("kind", READERS)
def test_a_record_without_an_id_is_not_one(kind: str) -> None:
    assert READERS[kind](LEAST[kind]) is None


def test_a_name_that_is_not_told_in_parts_is_taken_from_the_sorted_one() -> None:
    user = records.read_user({"id": 1, "sortable_name": "van der Berg, Mia", "name": "Mia van der Berg"}, ())
    assert user
    assert (user.given_name, user.family_name) == ("Mia", "van der Berg")
