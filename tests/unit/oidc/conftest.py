"""Worlds for the provider's tests."""

from __future__ import annotations

import pytest

from gateway.store import Store
from tests.support.oidc_world import World, a_world


@pytest.fixture
def world(sqlite_store: Store) -> World:
    return a_world(sqlite_store)


@pytest.fixture
def both(store: Store) -> World:
    """A world on each database in turn, for what depends on it."""
    return a_world(store)
