"""`schoolgate apps`, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.apps import apps

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
