"""An operator says whose ids are whose, and the database refuses strays."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from gateway.store.tables import audit, integration_pairs, record_links
from providers.contract import Misconfigured, Refused
from tests.support.launching import a_config
from tests.support.matching import ACTOR, MatchingWorld


def test_a_pair_is_listed_audited_and_taken_back(unpaired: MatchingWorld) -> None:
    pairing = unpaired.launches.gate.pairing
    unpaired.pair()
    (pair,) = pairing.list()
    assert (pair.launch_integration_id, pair.match) == (unpaired.launches.integration_id, "sis_id")
    pairing.unpair(pair.launch_integration_id, pair.roster_integration_id, actor=ACTOR)
    assert pairing.list() == []
    told = [row["action"] for row in unpaired.launches.rows(audit)]
    assert told[-2:] == ["integration.paired", "integration.unpaired"]


def test_a_pair_that_can_not_be_is_named(unpaired: MatchingWorld) -> None:
    pairing, lms, roster = unpaired.launches.gate.pairing, unpaired.launches.integration_id, unpaired.roster_id
    for one, other, code in [(roster, roster, "no_launches"), (lms, lms, "no_roster"), ("x", roster, "unknown")]:
        with pytest.raises(Misconfigured, match=code):
            pairing.pair(one, other, "sis_id", actor=ACTOR)
    unpaired.pair()
    with pytest.raises(Misconfigured, match="known"):
        unpaired.pair()
    with pytest.raises(Misconfigured, match="unknown"):
        pairing.unpair(roster, lms, actor=ACTOR)


# D4
def test_two_tenants_are_never_paired(unpaired: MatchingWorld) -> None:
    unpaired.launches.join(a_config(issuer="https://other.example", client_id="client-2"), key=1)
    with pytest.raises(Refused, match="other_tenant"):
        unpaired.pair()


# D4
def test_the_database_refuses_a_pair_across_tenants(world: MatchingWorld) -> None:
    own = world.launches.integration_id
    world.launches.join(a_config(issuer="https://other.example", client_id="client-2"), key=1)
    row = {
        "tenant_id": world.launches.org_id,
        "launch_integration_id": world.launches.integration_id,
        "roster_integration_id": own,
        "match": "sis_id",
        "created_at": world.launches.clock(),
    }
    with pytest.raises(IntegrityError), world.store.transaction() as connection:
        connection.execute(insert(integration_pairs), row)


# D4
def test_the_database_refuses_a_link_across_tenants(world: MatchingWorld) -> None:
    sam = world.user("NF-1011")
    own = world.launches.integration_id
    world.launches.join(a_config(issuer="https://other.example", client_id="client-2"), key=1)
    row = {
        "tenant_id": world.launches.org_id,
        "status": "linked",
        "how": "person",
        "evidence": "sis_id",
        "user_sourced_id": sam,
        "roster_source_id": world.source,
        "source_id": "NF-1011",
        "integration_id": own,
        "actor": ACTOR,
        "created_at": world.launches.clock(),
    }
    with pytest.raises(IntegrityError), world.store.transaction() as connection:
        connection.execute(insert(record_links), row)
