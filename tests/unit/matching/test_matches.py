"""Doubtful matches: found with their reasons, and nothing joined until a person says so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gateway.services.matches import Decided, Shown, Wish
from gateway.store.matching.proposals import Proposal
from gateway.store.tables import match_proposals, users
from providers.contract import Misconfigured
from tests.support.launching import a_config
from tests.support.matching import ACTOR, MatchingWorld

SAM, ALGEBRA = "NF-1011", "NF-ALG-1"  # the SIS ids that the simulated platform signs
MAIL = "sam.okafor@northfield.example"  # ... and what it tells of Sam


def found(world: MatchingWorld) -> list[Proposal]:
    world.launches.gate.matches.find(world.roster_id, actor=ACTOR)
    return world.launches.gate.matches.newest(Wish(), 100)


def reasons(world: MatchingWorld) -> list[list[str]]:
    return [each.reasons for each in found(world)]


def confirm(world: MatchingWorld, proposals: Sequence[Proposal]) -> Decided:
    return world.launches.gate.matches.confirm([each.id for each in proposals], actor=ACTOR)


def active(world: MatchingWorld) -> list[str]:
    return sorted(row["sourced_id"] for row in world.launches.rows(users) if row["status"] == "active")


# D1, D2
def test_an_e_mail_address_is_a_reason_to_ask_and_joins_nobody(unpaired: MatchingWorld) -> None:
    sam = unpaired.who(unpaired.launch())
    rostered = unpaired.user("guid-1", email=MAIL)
    (proposal,) = found(unpaired)
    assert (proposal.user_id, proposal.rostered_user_id, proposal.reasons) == (sam, rostered, ["email"])
    assert len(active(unpaired)) == 2
    assert unpaired.links() == []


@pytest.mark.parametrize(
    ("told", "rostered", "expected"),
    [
        ({"identifier": "7"}, {"source_id": "7"}, ["sis_id"]),
        ({"identifier": "7"}, {"identifier": "7"}, ["sis_id"]),
        ({"username": "ann"}, {"username": "ann"}, ["username"]),
        (
            {"email": "a@b.example", "username": "ann"},
            {"email": "a@b.example", "username": "ann"},
            ["username", "email"],
        ),
    ],
)
def test_each_reason_is_told(
    unpaired: MatchingWorld, told: dict[str, str], rostered: dict[str, str], expected: list[str]
) -> None:
    unpaired.person(**told)
    unpaired.user(**{"source_id": "guid-1", **rostered})
    assert reasons(unpaired) == [expected]


# D6
@pytest.mark.parametrize("near", ["A@b.example", "a+x@b.example", "\u0430@b.example", "a@b.example "])
def test_what_only_looks_alike_is_not_the_same(unpaired: MatchingWorld, near: str) -> None:
    unpaired.person(email="a@b.example")
    unpaired.user("guid-1", email=near)
    assert reasons(unpaired) == []


def test_a_name_alone_is_no_reason_and_in_one_class_it_is(unpaired: MatchingWorld) -> None:
    ann = unpaired.person(given_name="Ann", family_name="Lee")
    unpaired.in_class(ann, title="Algebra")
    other, same = (unpaired.user(each, given_name="Ann", family_name="Lee") for each in ("guid-1", "guid-2"))
    unpaired.class_("c-1", same)  # its title is Algebra, too
    (proposal,) = found(unpaired)
    assert (proposal.rostered_user_id, proposal.reasons) == (same, ["name_class"])
    assert other not in {proposal.rostered_user_id}


# D3
def test_a_student_is_never_proposed_for_a_teacher(unpaired: MatchingWorld) -> None:
    unpaired.launch("sam")
    unpaired.user("guid-1", role="teacher", email=MAIL)
    assert reasons(unpaired) == []


# D3
def test_a_role_that_came_meanwhile_stops_a_confirmation(unpaired: MatchingWorld) -> None:
    unpaired.launch("sam")
    rostered = unpaired.user("guid-1", email=MAIL)
    proposals = found(unpaired)
    unpaired.role_of(rostered, "teacher")
    assert confirm(unpaired, proposals) == Decided(0, [proposals[0].id])
    assert len(active(unpaired)) == 2


def test_a_key_that_many_have_says_nothing(unpaired: MatchingWorld) -> None:
    unpaired.person(email="office@b.example")
    for number in range(6):
        unpaired.user(f"guid-{number}", email="office@b.example")
    assert reasons(unpaired) == []


def test_a_confirmed_match_keeps_the_id_that_applications_know(unpaired: MatchingWorld) -> None:
    sam = unpaired.who(unpaired.launch())
    unpaired.user("guid-1", email=MAIL, given_name="Samuel")
    assert confirm(unpaired, found(unpaired)) == Decided(1, [])
    (row,) = [row for row in unpaired.launches.rows(users) if row["status"] == "active"]
    assert (row["sourced_id"], row["given_name"], row["roster_source_id"]) == (sam, "Samuel", unpaired.source)
    assert unpaired.who(unpaired.launch()) == sam
    (link,) = unpaired.links()
    assert (link["how"], link["evidence"], link["actor"]) == ("person", "email", ACTOR)


def test_who_came_in_first_on_either_side_keeps_the_id(unpaired: MatchingWorld) -> None:
    rostered = unpaired.user("guid-1")
    unpaired.identity_of(rostered, "came-last-year", days=-365)
    unpaired.person(identifier="guid-1", subject="new-account")
    assert confirm(unpaired, found(unpaired)) == Decided(1, [])
    assert active(unpaired) == [rostered]
    assert set(unpaired.whose()) == {rostered}


def test_a_rejected_match_stays_rejected(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    unpaired.user("guid-1", email=MAIL)
    gate = unpaired.launches.gate
    gate.matches.reject([each.id for each in found(unpaired)], actor=ACTOR)
    assert found(unpaired) == []
    (row,) = gate.matches.newest(Wish(state="rejected"), 10)
    assert (row.decided_by, row.decided_at) == (ACTOR, unpaired.launches.clock())


def test_a_rejected_match_is_not_joined_by_a_pair(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    unpaired.user(SAM)
    unpaired.launches.gate.matches.reject([each.id for each in found(unpaired)], actor=ACTOR)
    unpaired.pair()
    assert len(active(unpaired)) == 2


def test_a_second_search_writes_nothing(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    unpaired.user("guid-1", email=MAIL)
    before = found(unpaired)
    unpaired.launches.clock.move(hours=1)
    met = unpaired.launches.gate.matches.find(unpaired.roster_id, actor=ACTOR)
    assert (met.doubtful.added, met.doubtful.withdrawn, found(unpaired)) == (0, 0, before)


def test_what_no_longer_holds_is_withdrawn(unpaired: MatchingWorld) -> None:
    person = unpaired.person(email="a@b.example")
    unpaired.user("guid-1", email="a@b.example")
    assert len(found(unpaired)) == 1
    unpaired.change(person, email="other@b.example")
    assert found(unpaired) == []


def test_a_bulk_confirmation_leaves_who_has_several(unpaired: MatchingWorld) -> None:
    ann, twin = unpaired.person(username="ann"), unpaired.person(username="bo")
    for each in ("ann", "bo", "bo"):
        unpaired.user(f"guid-{each}-{len(unpaired.launches.rows(users))}", username=each)
    doubtful = [each.id for each in found(unpaired) if each.user_id == twin]
    decided = unpaired.launches.gate.matches.confirm_all(Wish(reason="username"), actor=ACTOR)
    assert decided == Decided(1, doubtful)
    assert ann in active(unpaired)


def test_a_bulk_confirmation_is_for_one_reason(unpaired: MatchingWorld) -> None:
    unpaired.person(username="ann")
    unpaired.user("guid-1", username="ann")
    found(unpaired)
    assert unpaired.launches.gate.matches.confirm_all(Wish(reason="sis_id"), actor=ACTOR) == Decided(0, [])


def test_one_confirmation_withdraws_its_rivals(unpaired: MatchingWorld) -> None:
    unpaired.person(username="ann")
    unpaired.user("guid-1", username="ann")
    unpaired.user("guid-2", username="ann")
    confirm(unpaired, found(unpaired)[:1])
    assert unpaired.launches.gate.matches.newest(Wish(), 10) == []


def test_the_unmatched_are_listed(unpaired: MatchingWorld) -> None:
    alone = unpaired.person(username="ann")
    unpaired.person(username="bo")
    unpaired.user("guid-1", username="bo")
    found(unpaired)
    assert unpaired.launches.gate.matches.unmatched(unpaired.roster_id, 10) == [alone]


# D4
def test_people_of_another_tenant_are_never_proposed(unpaired: MatchingWorld) -> None:
    other = unpaired.launches.join(a_config(issuer="https://other.example", client_id="client-2"), key=1)
    unpaired.launch(platform=other)
    unpaired.user(SAM, email=MAIL)
    assert reasons(unpaired) == []


# D5
def test_an_undone_match_is_not_proposed_again_and_may_be_confirmed_after_all(unpaired: MatchingWorld) -> None:
    sam = unpaired.who(unpaired.launch())
    unpaired.user("guid-1", email=MAIL)
    (proposal,) = found(unpaired)
    confirm(unpaired, [proposal])
    unpaired.launches.gate.links.undo([unpaired.links()[0]["id"]], actor=ACTOR)
    assert found(unpaired) == []
    assert confirm(unpaired, [proposal]) == Decided(1, [])
    assert active(unpaired) == [sam]


# D5
def test_who_was_taken_off_a_record_keeps_nobody_else_from_it(unpaired: MatchingWorld) -> None:
    sam = unpaired.who(unpaired.launch())
    unpaired.user("guid-1", email=MAIL)
    unpaired.user("guid-2", username="sam-2")
    confirm(unpaired, found(unpaired))
    unpaired.launches.gate.links.undo([unpaired.links()[0]["id"]], actor=ACTOR)
    unpaired.change(sam, username="sam-2")
    other = unpaired.person(email=MAIL)
    assert {each.user_id for each in found(unpaired)} == {sam, other}


def test_a_match_is_shown_with_both_people(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    unpaired.user("guid-1", email=MAIL, given_name="Samuel")
    shown: Shown = unpaired.launches.gate.matches.show(found(unpaired)[0].id)
    assert (shown.user["given_name"], shown.rostered_user["given_name"]) == ("Sam", "Samuel")


@pytest.mark.parametrize(("wrong", "code"), [("unknown", "match.unknown"), ("twice", "match.confirmed")])
def test_what_cannot_be_decided_says_why(unpaired: MatchingWorld, wrong: str, code: str) -> None:
    unpaired.launch()
    unpaired.user("guid-1", email=MAIL)
    (proposal,) = found(unpaired)
    confirm(unpaired, [proposal])
    ids = [proposal.id if wrong == "twice" else 4711]
    with pytest.raises(Misconfigured) as refused:
        unpaired.launches.gate.matches.reject(ids, actor=ACTOR)
    assert refused.value.code == code
    assert len(unpaired.launches.rows(match_proposals)) == 1
