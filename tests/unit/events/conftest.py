"""A district that is synced, and applications that hear of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.store import Store
from tests.support.calling import Calling
from tests.support.connecting import inviting
from tests.support.launching import Launching, launching
from tests.support.receiving import Receiving
from tests.support.rosters import District, a_district


@pytest.fixture
def district(store: Store) -> District:
    """On both databases."""
    return a_district(store)


@pytest.fixture
def quick_district(sqlite_store: Store) -> District:
    """On SQLite."""
    return a_district(sqlite_store)


@pytest.fixture
def calling(database_url: str) -> Iterator[Calling]:
    """A gate with a school, on both databases."""
    with inviting(database_url) as school:
        yield Calling(school)


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Calling]:
    """The same on SQLite."""
    with inviting(sqlite_url) as school:
        yield Calling(school)


@pytest.fixture
def world(database_url: str) -> Iterator[Launching]:
    """A gate with a platform, on both databases."""
    with launching(database_url) as both:
        yield both


@pytest.fixture
def receiving(world: Launching) -> Receiving:
    """A webhook's receiver, on both databases."""
    return Receiving(world)


@pytest.fixture
def quick_receiving(sqlite_url: str) -> Iterator[Receiving]:
    """The same on SQLite."""
    with launching(sqlite_url) as both:
        yield Receiving(both)
