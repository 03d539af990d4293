"""A gate with one platform, on both databases or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.launching import Launching, launching


@pytest.fixture
def world(database_url: str) -> Iterator[Launching]:
    """A gate on SQLite and on PostgreSQL."""
    with launching(database_url) as both:
        yield both


@pytest.fixture
def quick_world(sqlite_url: str) -> Iterator[Launching]:
    """A gate on SQLite."""
    with launching(sqlite_url) as quick:
        yield quick
