"""A gate of its own for every attack, since an attack may leave it changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.launching import Launching, launching


@pytest.fixture
def gate(database_url: str) -> Iterator[Launching]:
    """A gate with one platform, on both databases."""
    with launching(database_url) as world:
        yield world


@pytest.fixture
def quick_gate(sqlite_url: str) -> Iterator[Launching]:
    """A gate on SQLite, for what ends before the database is asked."""
    with launching(sqlite_url) as world:
        yield world
