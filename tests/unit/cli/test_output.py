"""What every command shares, and how expected failures end."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import main
from gateway.cli.output import actor, lines, show, table

Call = Callable[..., Any]
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_actor_is_the_systems_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "olga")
    assert actor() == "cli:olga"


@pytest.mark.parametrize("fault", [KeyError, OSError])
def test_actor_is_the_command_where_the_system_knows_no_user(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> str:
        raise fault

    monkeypatch.setattr(getpass, "getuser", unknown)
    assert actor() == "cli"


def test_lines_write_times_lists_and_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    lines({"at": NOON, "names": ["a", NOON], "none": None})
    assert capsys.readouterr().out == "at: 2026-01-05 12:00:00\nnames: a, 2026-01-05 12:00:00\nnone: \n"


def test_table_says_that_there_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    table(["id"], [])
    assert capsys.readouterr().out == "Nothing here yet.\n"


def test_json_holds_times_and_nothing_unexpected(capsys: pytest.CaptureFixture[str]) -> None:
    show({"at": NOON}, True, lambda: None)
    assert '"at": "2026-01-05T12:00:00+00:00"' in capsys.readouterr().out
    with pytest.raises(TypeError, match="Path"):
        show({"file": Path()}, True, lambda: None)


@pytest.fixture
def end(
    command_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str]]:
    """Run `main` as the shell does; return the exit code and what went to standard error."""

    def call(*words: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["schoolgate", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capsys.readouterr().err

    return call


def test_a_command_that_works_ends_with_0(end: Call) -> None:
    assert end("orgs", "list") == (0, "")


def test_a_failure_is_one_sentence(end: Call) -> None:
    assert end("integrations", "show", "nobody") == (1, "Error: There is no integration 'nobody'.\n")


def test_every_wrong_setting_is_one_sentence(end: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_MODE", "sometimes")
    monkeypatch.setenv("SCHOOLGATE_TRACE_DAYS", "none")
    code, error = end("orgs", "list")
    assert (code, len(error.splitlines())) == (1, 2)
    assert "Error: SCHOOLGATE_MODE must be production or development.\n" in error


def test_a_secret_that_is_too_short_is_one_sentence(end: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_SECRET_KEY", "tiny-word")
    code, error = end("orgs", "list")
    assert (code, error.count("\n")) == (1, 1)
    assert error.startswith("Error: SCHOOLGATE_SECRET_KEY: ")
    assert "tiny-word" not in error
