"""An OpenID provider with one client, as the OpenID Foundation's plans drive it, in each of its response modes."""

from __future__ import annotations

import pytest

from gateway.store import Store
from tests.support.oidc_plan import Plan
from tests.support.oidc_world import a_world


@pytest.fixture(params=["query", "form_post"])
def plan(request: pytest.FixtureRequest, sqlite_store: Store) -> Plan:
    """The Basic OP plan, and the Form Post OP plan, which asks the same by another response mode."""
    return Plan(a_world(sqlite_store), request.param)


@pytest.fixture
def basic(sqlite_store: Store) -> Plan:
    """One response mode, where it does not matter which."""
    return Plan(a_world(sqlite_store), "query")
