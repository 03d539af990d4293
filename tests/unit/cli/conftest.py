"""The `schoolgate` command on a database of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli import schoolgate
from tests.support.databases import migrate

Run = Callable[..., str]


@pytest.fixture(scope="session")
def command_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the first command leaves it: tables, a secret and signing keys, whose making takes long."""
    folder = tmp_path_factory.mktemp("command")
    migrate(f"sqlite:///{folder / 'gate.db'}")
    run = CliRunner().invoke(schoolgate, ["keys", "list"], env=_environment(folder))
    assert run.exit_code == 0, run.output
    return folder


def _environment(folder: Path) -> dict[str, str]:
    return {
        "SCHOOLGATE_DATABASE_URL": f"sqlite:///{folder / 'gate.db'}",
        "SCHOOLGATE_VAR": str(folder),
        "SCHOOLGATE_PUBLIC_URL": "https://gate.example",
    }


@pytest.fixture
def command_folder(command_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands of this test work in."""
    for file in command_template.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for name, value in _environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def run(command_folder: Path) -> Run:
    """Run a command that exits with `code` and return what it printed; what it raises comes through."""

    def call(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(schoolgate, arguments, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result.output

    return call


@pytest.fixture
def read(run: Run) -> Callable[..., Any]:
    """Run a command with --json and return the document."""
    return lambda *arguments, code=0: json.loads(run(*arguments, "--json", code=code))


@pytest.fixture
def org(read: Callable[..., Any]) -> str:
    """A school that is its own tenant."""
    return str(read("orgs", "add", "Northfield", "--type", "school")["id"])
