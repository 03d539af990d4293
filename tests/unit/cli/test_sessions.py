"""`schoolgate sessions`, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli.sessions import sessions
from gateway.store import open_store
from tests.support.oidc_world import World, a_world, read_id_token


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SCHOOLGATE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SCHOOLGATE_VAR", str(tmp_path))
    return a_world(open_store(sqlite_url))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sessions, arguments, catch_exceptions=False)


def test_a_session_is_listed_and_ended(world: World) -> None:
    got = world.tokens()
    (listed,) = json.loads(run("list", "--json").output)["sessions"]
    assert (listed["id"], listed["user_sourced_id"]) == (read_id_token(got["id_token"])["sid"], world.student_id)
    assert run("end", listed["id"]).output == "1 ended.\n"
    assert world.userinfo(got["access_token"]).status == 401
    assert json.loads(run("list", "--json").output)["sessions"] == []
    assert listed["id"] in run("list", "--all", "--user", world.student_id).output


def test_all_sessions_of_a_person_are_ended(world: World) -> None:
    world.tokens()
    world.tokens()
    assert json.loads(run("end", "--user", world.student_id, "--json").output) == {"ended": 2}


@pytest.mark.parametrize("arguments", [[], ["one", "--user", "other"]])
def test_one_thing_is_to_be_named(world: World, arguments: list[str]) -> None:
    assert run("end", *arguments).exit_code == 2
