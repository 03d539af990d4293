"""A gate of its own for every attack, since an attack may leave it changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import KINDS
from tests.support.launching import Launching, launching


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty database; the attack is tried on SQLite and on PostgreSQL."""
    address = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "emptied_postgresql_url")
    assert isinstance(address, str)
    return address


@pytest.fixture
def gate(empty_url: str) -> Iterator[Launching]:
    """A gate with one platform, on both databases."""
    with launching(empty_url) as world:
        yield world


@pytest.fixture
def quick_gate(sqlite_url: str) -> Iterator[Launching]:
    """A gate on SQLite, for what ends before the database is asked."""
    with launching(sqlite_url) as world:
        yield world
