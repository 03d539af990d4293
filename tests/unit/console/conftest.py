"""A signed-in operator on both databases or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.connecting import inviting
from tests.support.consoling import Consoling
from tests.support.databases import KINDS


@pytest.fixture(params=KINDS)
def console(request: pytest.FixtureRequest) -> Iterator[Consoling]:
    """An operator on SQLite and on PostgreSQL."""
    kind = "sqlite_url" if request.param == "sqlite" else "emptied_postgresql_url"
    with inviting(request.getfixturevalue(kind)) as school:
        both = Consoling(school)
        both.enter()
        yield both


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Consoling]:
    """An operator on SQLite."""
    with inviting(sqlite_url) as school:
        one = Consoling(school)
        one.enter()
        yield one
