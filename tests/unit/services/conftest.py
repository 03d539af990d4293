"""A gate with one platform, on both databases or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.databases import KINDS
from tests.support.launching import Launching, launching


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest) -> Iterator[Launching]:
    """A gate on SQLite and on PostgreSQL."""
    kind = "sqlite_url" if request.param == "sqlite" else "emptied_postgresql_url"
    with launching(request.getfixturevalue(kind)) as both:
        yield both


@pytest.fixture
def quick_world(sqlite_url: str) -> Iterator[Launching]:
    """A gate on SQLite."""
    with launching(sqlite_url) as quick:
        yield quick
