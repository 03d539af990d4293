"""Somebody came by a launch before any roster: the sync writes the record into that person, by proof or not at all."""

from __future__ import annotations

import pytest

from gateway.store.tables import audit, enrollments, roles, users
from providers.contract import UserRecord
from tests.support.matching import MatchingWorld
from tests.support.meeting import ALGEBRA, SAM, a_roster, sync, syncs_of


def test_the_person_keeps_the_id_that_the_application_knows(world: MatchingWorld) -> None:
    before = world.who(world.launch())
    sync(world, a_roster())
    (row,) = world.launches.rows(users)
    assert (row["sourced_id"], row["given_name"], row["name"]) == (before, "Samuel", None)
    assert world.who(world.launch()) == before


def test_the_class_keeps_its_id_and_the_roster_says_who_is_in_it(world: MatchingWorld) -> None:
    first = world.launch()
    sync(world, a_roster())
    again = world.launch()
    assert world.where(again) == world.where(first)
    assert world.enrolled(world.where(first)) == [(world.who(first), "roster")]


def test_what_the_launch_said_of_roles_ends_with_the_roster(world: MatchingWorld) -> None:
    world.launch()
    sync(world, a_roster())
    active = [(row["role"], row["source"]) for row in world.launches.rows(roles) if row["status"] == "active"]
    assert active == [("student", "roster")]


# D5
def test_every_join_is_kept_and_audited(world: MatchingWorld) -> None:
    sam = world.who(world.launch())
    done = sync(world, a_roster())
    kept = {(link["user_sourced_id"], link["source_id"], link["how"], link["sync_id"]) for link in world.links()}
    assert (sam, SAM, "sync", done.id) in kept
    assert (None, ALGEBRA, "sync", done.id) in kept
    lines = [row for row in world.launches.rows(audit) if row["action"] == "match.linked"]
    assert {line["actor"] for line in lines} == {"sync"}


def test_a_second_sync_writes_nothing(world: MatchingWorld) -> None:
    world.launch()
    sync(world, a_roster())
    again = sync(world, a_roster())
    assert (again.status, again.rows_written) == ("unchanged", 0)
    assert len(world.links()) == 2


# D5
def test_an_undo_gives_the_person_back_as_the_launch_made_them(world: MatchingWorld) -> None:
    world.launch()
    before = [
        {name: value for name, value in row.items() if name != "date_last_modified"}
        for table in (users, enrollments, roles)
        for row in world.launches.rows(table)
    ]
    done = sync(world, a_roster())
    syncs_of(world, a_roster()).undo(done.id, actor="test")
    after = [
        {name: value for name, value in row.items() if name != "date_last_modified"}
        for table in (users, enrollments, roles)
        for row in world.launches.rows(table)
    ]
    assert [row for row in after if row["status"] == "active"] == before


def test_a_preview_joins_nobody_and_its_approval_does(world: MatchingWorld) -> None:
    sam = world.who(world.launch())
    own = syncs_of(world, a_roster())
    preview = own.run(world.roster_id, actor="test", preview=True)
    assert world.links() == []
    own.approve(preview.id, actor="test")
    assert [row["sourced_id"] for row in world.launches.rows(users)] == [sam]


def test_a_pair_taken_back_before_the_approval_joins_nobody(world: MatchingWorld) -> None:
    world.launch()
    own = syncs_of(world, a_roster())
    preview = own.run(world.roster_id, actor="test", preview=True)
    world.launches.gate.pairing.unpair(world.launches.integration_id, world.roster_id, actor="test")
    own.approve(preview.id, actor="test")
    assert len(world.launches.rows(users)) == 2
    assert world.links() == []


# D3
@pytest.mark.parametrize("role", ["teacher", "guardian", "siteAdministrator"])
def test_a_student_never_becomes_the_record_of_another_sort(world: MatchingWorld, role: str) -> None:
    sam = world.who(world.launch())
    sync(world, a_roster(role=role))
    assert len(world.launches.rows(users)) == 2
    assert {link["user_sourced_id"] for link in world.links()} == {None}  # the class alone
    assert world.who(world.launch()) == sam


# D1, D2
def test_the_same_name_and_e_mail_are_no_proof(world: MatchingWorld) -> None:
    world.launch()
    sync(world, a_roster("other", email="sam.okafor@northfield.example", given_name="Sam"))
    assert len(world.launches.rows(users)) == 2


# D6
@pytest.mark.parametrize("near", ["nf-1011", "NF-1011 ", "NF-1O11", "ＮＦ-1011"])
def test_an_id_that_only_looks_alike_is_another(world: MatchingWorld, near: str) -> None:
    world.launch()
    sync(world, a_roster(near))
    assert len(world.launches.rows(users)) == 2


def test_without_a_pair_equal_ids_mean_nothing(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    sync(unpaired, a_roster())
    assert len(unpaired.launches.rows(users)) == 2
    assert unpaired.links() == []


def test_an_identifier_is_the_proof_where_the_pair_says_so(unpaired: MatchingWorld) -> None:
    unpaired.pair("identifier")
    sam = unpaired.who(unpaired.launch())
    sync(unpaired, a_roster("guid-1", identifier=SAM))
    assert [row["sourced_id"] for row in unpaired.launches.rows(users)] == [sam]


def test_an_id_that_two_records_have_is_nobodys_proof(unpaired: MatchingWorld) -> None:
    unpaired.pair("identifier")
    unpaired.launch()
    roster = a_roster("guid-1", identifier=SAM)
    roster["users"].append(UserRecord("guid-2", identifier=SAM))
    sync(unpaired, roster)
    assert len(unpaired.launches.rows(users)) == 3
