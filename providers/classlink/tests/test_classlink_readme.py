"""The tables in the room's README are what the readers do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from providers.classlink.roles import read_roles
from providers.classlink.sign_in import key_of, sourced_id_of
from providers.classlink.sign_in import person_of as read_person
from providers.contract import Kind, LaunchPerson
from tests.support.oneroster_table import changed_by, every_field, rows_of

README = Path(__file__).parent.parent / "README.md"
ROWS = rows_of(README)
PROFILE = re.findall(r"^\| profile \| (\w+) \| (\w+) \|$", README.read_text(), re.MULTILINE)
LEAST = {"UserId": 1, "TenantId": 2}
OTHER = {"Role": "Teacher", "Role_Level": 4, "UserId": 7}
OWN: dict[str, Callable[[dict[str, Any]], Any]] = {"subject": key_of, "roles": lambda told: read_roles(told, {})}


def value(told: dict[str, Any], field: str) -> Any:
    return OWN[field](told) if field in OWN else getattr(read_person(told, sourced_id_of(told)), field)


@pytest.mark.parametrize(("kind", "member", "field"), ROWS)
def test_each_row_of_the_roster_is_what_happens(kind: Kind, member: str, field: str) -> None:
    assert changed_by(kind, member, field) == [field]


def test_the_table_has_every_field_of_every_record() -> None:
    assert {(kind, field) for kind, _, field in ROWS} == every_field()


@pytest.mark.parametrize(("name", "field"), PROFILE)
def test_each_row_of_the_profile_is_what_happens(name: str, field: str) -> None:
    assert value({**LEAST, name: OTHER.get(name, "other")}, field) != value(LEAST, field)


def test_no_field_of_a_person_is_filled_that_the_table_does_not_name() -> None:
    everything = {**LEAST, **{name: OTHER.get(name, "other") for name, _ in PROFILE}}
    person = read_person(everything, sourced_id_of(everything))
    filled = {each.name for each in fields(LaunchPerson) if getattr(person, each.name) is not None}
    assert filled == {field for _, field in PROFILE} - {*OWN}
