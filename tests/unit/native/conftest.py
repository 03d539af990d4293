"""A native school on both databases, or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.natives import NativeWorld, native_world


@pytest.fixture
def native(database_url: str) -> Iterator[NativeWorld]:
    """A native school on SQLite and on PostgreSQL."""
    with native_world(database_url) as world:
        yield world


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[NativeWorld]:
    """A native school on SQLite."""
    with native_world(sqlite_url) as world:
        yield world
