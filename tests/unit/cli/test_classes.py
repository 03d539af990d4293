"""`schoolgate classes` and `schoolgate jobs` on a gate that knows one class."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli import schoolgate
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.support.classes import Classroom, classroom
from tests.support.launching import GATE, SECRET_KEY


@pytest.fixture
def room(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Classroom]:
    own = {"DATABASE_URL": sqlite_url, "PUBLIC_URL": GATE, "SECRET_KEY": SECRET_KEY, "ALLOW_HOSTS": "127.0.0.1"}
    for name, value in own.items():
        monkeypatch.setenv(f"SCHOOLGATE_{name}", value)
    with classroom(sqlite_url) as running:
        running.roster.only(ALGEBRA, [PEOPLE[name] for name in ("tia", "sam", "pat")])
        running.launch()
        yield running


def _run(*arguments: str) -> str:
    done = CliRunner().invoke(schoolgate, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_class_is_listed_read_and_shown(room: Classroom) -> None:
    assert "Algebra I" in _run("classes", "list")
    told = _run("classes", "sync", room.class_id)
    assert "added: 2" in told
    shown = _run("classes", "members", room.class_id)
    assert "Sam Okafor" in shown
    assert "as_of: 20" in shown


def test_the_same_comes_as_json(room: Classroom) -> None:
    reading: dict[str, Any] = json.loads(_run("classes", "sync", room.class_id, "--force", "--json"))["readings"][0]
    assert (reading["read"], reading["added"], reading["held"], reading["fault"]) == (3, 2, 0, None)
    document = json.loads(_run("classes", "members", room.class_id, "--json"))
    assert {one["source"] for one in document["members"]} == {"launch", "nrps"}
    assert json.loads(_run("classes", "list", "--json"))["classes"][0]["class_id"] == room.class_id


def test_groups_are_shown_with_who_is_in_them(room: Classroom) -> None:
    room.platform.switch(groups=True)
    room.launch()
    _run("classes", "sync", room.class_id)
    assert "Red" in _run("classes", "groups", room.class_id)
    document = json.loads(_run("classes", "groups", room.class_id, "--json"))
    assert [(one["group"], one["set"], one["name"]) for one in document["groups"]] == [
        ("Blue", None, None),
        ("Red", "Project", "Sam Okafor"),
    ]
    assert document["faults"] == []


def test_work_that_waits_is_listed(room: Classroom) -> None:
    assert "classes.members" in _run("jobs", "list")
