"""A school whose person came by a launch and by a roster, and a district, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from gateway.services.links import RosterLock
from gateway.services.privacy import Privacy
from gateway.store import Store
from gateway.store.tables import metadata
from tests.support.matching import MatchingWorld, matching
from tests.support.rosters import District, a_district


@pytest.fixture
def school(database_url: str) -> Iterator[MatchingWorld]:
    with matching(database_url) as world:
        yield world


@pytest.fixture
def unpaired(database_url: str) -> Iterator[MatchingWorld]:
    with matching(database_url, paired=False) as world:
        yield world


@pytest.fixture
def district(store: Store) -> District:
    return a_district(store)


def privacy_of(district: District) -> Privacy:
    """Return the service as the gate opens it, with the district's clock."""
    return Privacy(district.store, RosterLock(district.store, wait_seconds=0), district.clock)


def whole(store: Store) -> str:
    """Return every cell of the whole database as one text."""
    with store.statements() as connection:
        rows = {
            table.name: [list(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }
    return json.dumps(rows, default=str, ensure_ascii=False)
