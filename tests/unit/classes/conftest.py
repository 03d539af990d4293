"""A native school with a teacher, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.classrooms import Rooms, classrooms


@pytest.fixture
def rooms(sqlite_url: str) -> Iterator[Rooms]:
    with classrooms(sqlite_url) as world:
        yield world
