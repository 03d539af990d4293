"""Somebody who came by a launch first: the sync writes their record into the same person, who keeps their id."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.store.integrations import find_integration
from gateway.store.matching.staged import link_proven, note_linked
from gateway.store.rosters.sources import source_of
from gateway.store.rosters.staging import ADDED, LINKED, opened
from gateway.store.tables import audit, enrollments
from tests.support.matching import MatchingWorld

SAM, ALGEBRA = "NF-1011", "NF-ALG-1"


def planned(world: MatchingWorld, kind: Any, source_id: str, role: str = "student", **fields: Any) -> str | None:
    """Stage one record, let the plan look for its row and write the joins down; return the row found."""
    found = find_integration(world.store, world.roster_id)
    assert found is not None
    with opened(world.store, source_of(world.store, found), world.launches.clock()) as area:
        area.make({"sync_id": 1})
        own = {"position": 1, "source_id": source_id, "action": ADDED, "content_hash": 1, "sourced_id": "new"}
        with area.transaction(writes_house=True) as connection:
            connection.execute(area.tables.records[kind].insert(), {**own, **fields})
            of = {**own, "source_id": "r-1", "user_id": source_id, "org_id": "o", "role": role}
            connection.execute(area.tables.records["roles"].insert(), of)
            link_proven(area, kind)
            row = connection.execute(area.tables.records[kind].select()).one()
            note_linked(connection, area, kind, (1, 0))
        area.drop()
    return str(row.sourced_id) if row.action == LINKED else None


def test_a_record_meets_the_person_whom_a_launch_made(world: MatchingWorld) -> None:
    sam = world.who(world.launch())
    assert planned(world, "users", SAM) == sam
    assert [(row["user_sourced_id"], row["how"]) for row in world.links()] == [(sam, "sync")]
    assert [row["subject"] for row in world.launches.rows(audit) if row["action"] == "match.linked"] == [sam]


def test_a_record_meets_the_class_and_the_roster_takes_its_members(world: MatchingWorld) -> None:
    algebra = world.where(world.launch())
    assert len(world.enrolled(algebra)) == 1
    assert planned(world, "classes", ALGEBRA) == algebra
    assert world.enrolled(algebra) == []
    assert [row["status"] for row in world.launches.rows(enrollments)] == ["tobedeleted"]


# C5
def test_a_record_meets_nobody_without_a_pair(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    assert planned(unpaired, "users", SAM) is None


# D3
def test_a_teachers_record_never_meets_a_student(world: MatchingWorld) -> None:
    world.launch()
    assert planned(world, "users", SAM, role="teacher") is None


# D6
@pytest.mark.parametrize("near", ["nf-1011", "NF-1011 ", "NF\u20111011"])
def test_a_record_with_nearly_the_id_meets_nobody(world: MatchingWorld, near: str) -> None:
    world.launch()
    assert planned(world, "users", near) is None


def test_an_id_claimed_by_two_accounts_meets_nobody(world: MatchingWorld) -> None:
    world.launch()
    world.launch(put={"sub": "another-subject"})
    assert planned(world, "users", SAM) is None


# D1, D2
def test_an_e_mail_address_meets_nobody(world: MatchingWorld) -> None:
    world.launch()
    assert planned(world, "users", "guid-1", email="sam.okafor@northfield.example") is None


def test_an_identifier_is_the_proof_where_the_pair_says_so(unpaired: MatchingWorld) -> None:
    unpaired.pair("identifier")
    sam = unpaired.who(unpaired.launch())
    assert planned(unpaired, "users", "guid-1", identifier=SAM) == sam
