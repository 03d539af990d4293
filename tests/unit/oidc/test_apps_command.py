"""`schoolgate apps`, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.apps import apps
from providers.contract import Misconfigured

ADD = ["add", "Maths", "--redirect-uri", "https://app.example/callback", "--login-uri", "https://app.example/login"]


@pytest.fixture(autouse=True)
def _environment(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SCHOOLGATE_VAR", str(tmp_path))
    monkeypatch.setenv("SCHOOLGATE_PUBLIC_URL", "https://gate.example")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(apps, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_add_prints_what_a_client_needs_and_list_never_shows_the_secret() -> None:
    told = json.loads(run(*ADD, "--json"))
    assert set(told) == {"client_id", "client_secret", "issuer", "redirect_uris", "login_uri"}
    assert told["issuer"] == "https://gate.example"
    listed = run("list", "--json")
    assert [each["client_id"] for each in json.loads(listed)["apps"]] == [told["client_id"]]
    assert told["client_secret"] not in listed
    assert told["client_id"] in run("list")


def test_add_says_that_the_secret_is_shown_once() -> None:
    assert "not shown again" in run(*ADD)
    assert "not shown again" not in run(*ADD, "--public")


def added() -> dict[str, str]:
    told: dict[str, str] = json.loads(run(*ADD, "--json"))
    return told


def test_a_change_is_what_was_named_and_nothing_else() -> None:
    id = added()["client_id"]
    after = json.loads(run("change", id, "--name", "Algebra", "--logout-uri", "https://app.example/bye", "--json"))
    assert (after["name"], after["logout_uris"]) == ("Algebra", ["https://app.example/bye"])
    assert after["redirect_uris"] == ["https://app.example/callback"]
    assert json.loads(run("show", id, "--json")) == after


def test_a_wrong_address_changes_nothing() -> None:
    id = added()["client_id"]
    with pytest.raises(Misconfigured) as wrong:
        run("change", id, "--name", "Algebra", "--redirect-uri", "https://app.example/*")
    assert wrong.value.code == "application.redirect_uri_invalid"
    assert "Algebra" not in run("show", id)


def test_an_application_is_switched_off_and_on() -> None:
    id = added()["client_id"]
    assert run("disable", id) == f"{id} is disabled.\n"
    assert json.loads(run("enable", id, "--json"))["status"] == "active"


def test_a_rotated_secret_is_shown_once() -> None:
    told = added()
    rotated = json.loads(run("rotate-secret", told["client_id"], "--json"))
    assert rotated["client_secret"] not in {told["client_secret"], None}
    assert rotated["client_secret"] not in run("show", told["client_id"])


def test_districts_are_granted_by_name_or_all() -> None:
    id = added()["client_id"]
    with pytest.raises(Misconfigured) as unknown:
        run("grant", id, "--org", "nowhere")
    assert unknown.value.code == "application.org_unknown"
    assert json.loads(run("grant", id, "--all", "--json"))["orgs"] == "all"
    assert CliRunner().invoke(apps, ["grant", id]).exit_code == 2


@pytest.mark.parametrize("command", ["show", "change", "rotate-secret", "disable", "enable"])
def test_an_unknown_application_is_said_to_be_unknown(command: str) -> None:
    with pytest.raises(Misconfigured) as unknown:
        run(command, "app_nobody")
    assert unknown.value.code == "application.unknown"
