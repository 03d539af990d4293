"""Two districts to read, made once for a file's tests on each database: they only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import KINDS, PostgresDatabases, SqliteDatabases
from tests.support.providing import Providing, providing


@pytest.fixture(scope="module", params=KINDS)
def world(
    request: pytest.FixtureRequest, sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Providing]:
    """On both databases."""
    if request.param == "postgresql":
        lending: PostgresDatabases = request.getfixturevalue("postgres_databases")
        with lending.fresh() as address, providing(address) as world:
            yield world
        return
    folder: Path = tmp_path_factory.mktemp("provider")
    with sqlite_databases.fresh(folder) as address, providing(address) as world:
        yield world


@pytest.fixture(scope="module")
def sqlite_world(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providing]:
    """On SQLite, for what does not depend on the database."""
    with sqlite_databases.fresh(tmp_path_factory.mktemp("provider")) as address, providing(address) as world:
        yield world
