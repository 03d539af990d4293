"""An invited school on both databases or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.connecting import Inviting, inviting


@pytest.fixture
def school(database_url: str) -> Iterator[Inviting]:
    """A school on SQLite and on PostgreSQL."""
    with inviting(database_url) as both:
        yield both


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Inviting]:
    """A school on SQLite."""
    with inviting(sqlite_url) as one:
        yield one
