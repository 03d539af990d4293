"""A signed-in operator on both databases or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.connecting import inviting
from tests.support.consoling import Consoling


@pytest.fixture
def console(database_url: str) -> Iterator[Consoling]:
    """An operator on SQLite and on PostgreSQL."""
    with inviting(database_url) as school:
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
