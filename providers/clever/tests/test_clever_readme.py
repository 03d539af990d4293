"""The table in the room's README is what the readers do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from providers.clever.fields import Fields
from providers.clever.reading import COLLECTIONS
from providers.clever.records import read_district
from providers.contract import RECORD_OF

README = (Path(__file__).parent.parent / "README.md").read_text()
ROWS = re.findall(r"^\| (\w+) \| ([\w.]+) \| (\w+) \|$", README, re.MULTILINE)
READERS = {name: read for name, (_, read) in COLLECTIONS.items()} | {"districts": read_district}
LEAST: dict[str, dict[str, Any]] = {
    "terms": {"start_date": "2026-08-01", "end_date": "2027-01-01"},
    "sections": {"school": "5" * 24},
    "users": {"roles": {"student": {}, "contact": {}}},
}
OTHER: dict[str, Any] = {
    "start_date": "2026-09-01",
    "end_date": "2027-02-01",
    "subject": "homeroom/advisory",
    "grade": "Kindergarten",
    "roles.student.grade": "3",
    "email": "somebody@school.example",
    "roles.contact.student_relationships": [{"student": "6" * 24, "relationship": "Parent"}],
}


def read(collection: str, path: str = "", value: Any = None) -> Any:
    record: dict[str, Any] = {"id": "4" * 24, **LEAST.get(collection, {})}
    here = record
    *parents, last = path.split(".")
    for name in parents:
        here[name] = {**here.get(name, {})}
        here = here[name]
    if path:
        here[last] = value
    return READERS[collection](Fields(record, collection, []))


@pytest.mark.parametrize(("collection", "path", "field"), ROWS)
def test_each_line_of_the_table_is_so(collection: str, path: str, field: str) -> None:
    told = read(collection, path, OTHER.get(path, "7" * 24))
    assert getattr(told, field) != getattr(read(collection), field)


def test_no_field_is_read_that_the_table_does_not_name() -> None:
    named = {(collection, field) for collection, _, field in ROWS}
    fixed = {"type", "status", "enabled_user", "school_year", "user_master_identifier"}
    for collection, (kind, _) in COLLECTIONS.items():
        every = {path: OTHER.get(path, "7" * 24) for name, path, _ in ROWS if name == collection}
        told = [read(collection, path, value) for path, value in every.items()]
        changed = {
            field
            for record in told
            for field in RECORD_OF[kind]._fields
            if getattr(record, field) != getattr(read(collection), field)
        }
        assert {(collection, field) for field in changed - fixed} <= named
