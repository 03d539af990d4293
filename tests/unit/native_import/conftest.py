"""A native school with a teacher, on SQLite, and on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.classrooms import Rooms, classrooms


@pytest.fixture
def rooms(sqlite_url: str) -> Iterator[Rooms]:
    with classrooms(sqlite_url) as world:
        yield world


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Rooms]:
    """The same on SQLite and on PostgreSQL."""
    with classrooms(database_url) as world:
        yield world
