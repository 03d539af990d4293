"""`schoolgate db`, and what commands do with a database that lacks tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.store.schema import newest_revision
from providers.contract import Misconfigured

Call = Callable[..., Any]


@pytest.fixture
def empty_database(command_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database without any table."""
    monkeypatch.setenv("SCHOOLGATE_DATABASE_URL", f"sqlite:///{command_folder / 'new' / 'empty.db'}")


@pytest.fixture
def production(empty_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The strict mode."""
    monkeypatch.setenv("SCHOOLGATE_MODE", "production")
    monkeypatch.setenv("SCHOOLGATE_SECRET_KEY", "a-sealing-secret-that-is-long-enough")


@pytest.mark.usefixtures("empty_database")
def test_upgrade_makes_the_tables_and_may_be_repeated(read: Call, run: Call) -> None:
    assert read("db", "upgrade") == {"database": "sqlite", "revision": newest_revision()}
    assert run("db", "upgrade") == f"The sqlite database is at revision {newest_revision()}.\n"


@pytest.mark.usefixtures("empty_database")
def test_a_developers_database_is_upgraded_by_any_command(read: Call) -> None:
    assert read("orgs", "list") == {"orgs": []}


@pytest.mark.usefixtures("production")
def test_a_database_in_production_is_upgraded_by_its_own_command_alone(read: Call, run: Call) -> None:
    with pytest.raises(Misconfigured, match="run schoolgate db upgrade"):
        run("orgs", "list")
    run("db", "upgrade")
    assert read("orgs", "list") == {"orgs": []}
