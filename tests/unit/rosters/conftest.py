"""A district to sync, on both databases."""

from __future__ import annotations

import pytest

from gateway.store import Store
from tests.support.rosters import District, a_district


@pytest.fixture
def district(store: Store) -> District:
    """A district without a roster yet; the test runs once on SQLite and once on PostgreSQL."""
    return a_district(store)


@pytest.fixture
def sqlite_district(sqlite_store: Store) -> District:
    """The same on SQLite alone, for what can't depend on the database."""
    return a_district(sqlite_store)
