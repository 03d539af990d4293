"""The table in the README is what happens to Schoology's records."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from providers.contract import CourseRecord
from providers.schoology import records

README = (Path(__file__).parent.parent / "README.md").read_text()
ROWS = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|$", README, re.MULTILINE)
COURSE = CourseRecord("7", "Algebra", org_id="2")
READERS: dict[str, Any] = {
    "orgs": lambda told: records.read_org(told, "1", "school"),
    "academicSessions": records.read_session,
    "courses": lambda told: records.read_course(told, "1"),
    "classes": lambda told: records.read_class(told, COURSE, "1"),
    "users": lambda told: records.read_user(told, "1"),
    "enrollments": lambda told: records.read_enrollment(told, "5", "2", None),
}
LEAST: dict[str, dict[str, Any]] = {
    "academicSessions": {"start": "2026-08-01", "end": "2027-01-15", "title": "x"},
    "courses": {"title": "x", "grade_level_range_start": 3},
    "classes": {"section_title": "x"},
    "users": {"uid": "1"},
    "enrollments": {"uid": 1, "status": 1},
    "orgs": {"title": "x"},
}
OTHER: dict[str, Any] = {
    "start": "2026-12-31",
    "end": "2026-12-31",
    "grade_level_range_start": 4,
    "grade_level_range_end": 5,
    "subject_area": "3",
    "status": 5,
}


@pytest.mark.parametrize(("kind", "member", "field"), ROWS)
def test_each_row_of_the_table_is_what_happens(kind: str, member: str, field: str) -> None:
    told = {"id": 9, **LEAST[kind]}
    before, after = (
        READERS[kind](told),
        READERS[kind](told | {member: OTHER.get(member, 77 if member != "admin" else 1)}),
    )
    assert [name for name in before._fields if getattr(before, name) != getattr(after, name)] == [field]


def test_the_table_has_every_member_that_is_looked_at() -> None:
    source = Path(records.__file__).read_text()
    looked = set(re.findall(r'told\.get\("(\w+)"\)', source)) - {"additional_buildings", "section_code"}
    assert looked == {member for _, member, _ in ROWS}


@pytest.mark.parametrize("kind", READERS)
def test_a_record_without_an_id_is_not_one(kind: str) -> None:
    assert READERS[kind]({**LEAST[kind], "uid": None}) is None
