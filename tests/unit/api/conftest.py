"""Callers on both databases or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.calling import Calling
from tests.support.connecting import inviting


@pytest.fixture
def calling(database_url: str) -> Iterator[Calling]:
    """Callers on SQLite and on PostgreSQL."""
    with inviting(database_url) as school:
        yield Calling(school)


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Calling]:
    """Callers on SQLite."""
    with inviting(sqlite_url) as school:
        yield Calling(school)
