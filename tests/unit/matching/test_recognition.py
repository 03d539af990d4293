"""Somebody whom the roster brought first comes by a launch: known by proof, or not at all."""

from __future__ import annotations

import pytest

from gateway.store.tables import audit, identities, users
from tests.support.matching import MatchingWorld

SAM, TIA, ALGEBRA = "NF-1011", "NF-2012", "NF-ALG-1"  # the SIS ids that the simulated platform signs


def test_a_launch_comes_to_the_rostered_person_and_class(world: MatchingWorld) -> None:
    sam = world.user(SAM)
    algebra = world.class_(ALGEBRA, sam)
    outcome = world.launch()
    assert (world.who(outcome), world.where(outcome)) == (sam, algebra)
    assert world.launches.count(users) == 1
    assert world.enrolled(algebra) == [(sam, "roster")]


def test_the_next_launch_is_warm_and_the_same(world: MatchingWorld) -> None:
    sam = world.user(SAM)
    world.class_(ALGEBRA, sam)
    first, second = world.launch(), world.launch()
    assert world.who(first) == world.who(second) == sam
    assert len(world.links()) == 2


# D5
def test_every_link_is_kept_and_audited(world: MatchingWorld) -> None:
    sam = world.user(SAM)
    world.launch()
    (link,) = world.links()
    assert (link["user_sourced_id"], link["source_id"], link["how"], link["status"]) == (sam, SAM, "launch", "linked")
    (line,) = [row for row in world.launches.rows(audit) if row["action"] == "match.linked"]
    assert (line["subject"], line["actor"], line["detail"]["evidence"]) == (sam, "launch", "sis_id")


def test_the_rosters_names_stay(world: MatchingWorld) -> None:
    world.user(SAM, given_name="Samuel", email="s@school.example")
    world.launch()
    (row,) = world.launches.rows(users)
    assert (row["given_name"], row["email"], row["identifier"]) == ("Samuel", "s@school.example", None)


def test_an_identifier_is_the_proof_where_the_pair_says_so(unpaired: MatchingWorld) -> None:
    unpaired.pair("identifier")
    sam = unpaired.user("guid-1", identifier=SAM)
    unpaired.user(SAM, identifier="other")
    assert unpaired.who(unpaired.launch()) == sam


# Ids are not global: the same number means somebody else in another system.
def test_equal_ids_mean_nothing_without_a_pair(unpaired: MatchingWorld) -> None:
    sam = unpaired.user(SAM)
    assert unpaired.who(unpaired.launch()) != sam
    assert unpaired.links() == []


# C5, D4
def test_equal_ids_of_another_tenant_mean_nothing(world: MatchingWorld) -> None:
    sam = world.user(SAM)
    from tests.support.launching import a_config

    other = world.launches.join(a_config(issuer="https://other.example", client_id="client-2"), key=1)
    assert world.who(world.launch(platform=other)) != sam


# D3
def test_a_student_never_becomes_a_teacher(world: MatchingWorld) -> None:
    teacher = world.user(SAM, role="teacher")
    assert world.who(world.launch("sam")) != teacher
    assert world.links() == []


# D3
def test_a_teacher_never_becomes_a_student(world: MatchingWorld) -> None:
    student = world.user(TIA)
    assert world.who(world.launch("tia")) != student


def test_a_second_account_with_the_same_id_waits_for_a_person(world: MatchingWorld) -> None:
    sam = world.user(SAM)
    assert world.who(world.launch()) == sam
    again = world.launch(put={"sub": "another-subject"})
    assert world.who(again) != sam


def test_an_id_that_names_two_people_names_nobody(unpaired: MatchingWorld) -> None:
    unpaired.pair("identifier")
    twins = {unpaired.user("guid-1", identifier=SAM), unpaired.user("guid-2", identifier=SAM)}
    assert unpaired.who(unpaired.launch()) not in twins


# D6
@pytest.mark.parametrize("near", ["nf-1011", "NF-1011 ", "NF\u20111011", "NF-1011\u200b", "NF-01011"])
def test_an_id_is_compared_byte_for_byte(world: MatchingWorld, near: str) -> None:
    other = world.user(near)
    assert world.who(world.launch()) != other


# D1, D2
def test_an_e_mail_address_joins_nobody(world: MatchingWorld) -> None:
    waiting = world.user("guid-1", email="sam.okafor@northfield.example", username="sam")
    assert world.who(world.launch()) != waiting
    assert world.links() == []


# A19
def test_a_person_whom_the_roster_disabled_is_not_let_in_by_a_first_launch(world: MatchingWorld) -> None:
    world.user(SAM, enabled_user=False)
    assert world.launches.launch("sam").code == "account.user_suspended"
    assert world.launches.count(identities) == 0


def test_the_signed_id_is_kept_with_the_identity_also_when_it_comes_later(world: MatchingWorld) -> None:
    claim = "https://purl.imsglobal.org/spec/lti/claim/lis"
    world.launch(remove=[claim])
    assert [row["sis_id"] for row in world.launches.rows(identities)] == [None]
    world.launch()
    assert [row["sis_id"] for row in world.launches.rows(identities)] == [SAM]


def test_a_launch_of_somebody_whom_the_roster_does_not_list_enrolls_nobody(world: MatchingWorld) -> None:
    algebra = world.class_(ALGEBRA)
    outcome = world.launch("sam")
    assert world.where(outcome) == algebra
    assert world.enrolled(algebra) == []
    assert "membership#Learner" in str(world.launches.told(outcome))
