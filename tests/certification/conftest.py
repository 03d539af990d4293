"""One gate for the whole list, on each database: every case is a launch of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import KINDS, PostgresDatabases, SqliteDatabases
from tests.support.launching import Launching, launching


@pytest.fixture(scope="session", params=KINDS)
def certified(
    request: pytest.FixtureRequest, sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Launching]:
    """A gate with one platform."""
    folder: Path = tmp_path_factory.mktemp("certification")
    if request.param == "sqlite":
        fresh = sqlite_databases.fresh(folder)
    else:
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        fresh = databases.fresh()
    with fresh as address, launching(address) as world:
        yield world
