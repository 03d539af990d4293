"""An invited school on both databases or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.connecting import Inviting, inviting
from tests.support.databases import KINDS


@pytest.fixture(params=KINDS)
def school(request: pytest.FixtureRequest) -> Iterator[Inviting]:
    """A school on SQLite and on PostgreSQL."""
    kind = "sqlite_url" if request.param == "sqlite" else "emptied_postgresql_url"
    with inviting(request.getfixturevalue(kind)) as both:
        yield both


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Inviting]:
    """A school on SQLite."""
    with inviting(sqlite_url) as one:
        yield one
