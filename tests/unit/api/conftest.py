"""Callers on both databases or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.calling import Calling
from tests.support.connecting import inviting
from tests.support.databases import KINDS


@pytest.fixture(params=KINDS)
def calling(request: pytest.FixtureRequest) -> Iterator[Calling]:
    """Callers on SQLite and on PostgreSQL."""
    kind = "sqlite_url" if request.param == "sqlite" else "emptied_postgresql_url"
    with inviting(request.getfixturevalue(kind)) as school:
        yield Calling(school)


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Calling]:
    """Callers on SQLite."""
    with inviting(sqlite_url) as school:
        yield Calling(school)
