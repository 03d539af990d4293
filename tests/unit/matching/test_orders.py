"""A launch and the roster in any order: one person, one id; and every link of them comes apart again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gateway.store.tables import classes, enrollments, match_proposals, users
from providers.contract import Misconfigured, Unavailable
from tests.support.matching import ACTOR, MatchingWorld
from tests.support.meeting import ALGEBRA, SAM, a_roster, run_late_ids, sync, syncs_of
from tests.unit.matching.test_uniting import active, picture, undo_all

LIS = "https://purl.imsglobal.org/spec/lti/claim/lis"
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


def test_launch_roster_launch_is_one_user_with_one_id(world: MatchingWorld) -> None:
    first = world.launch()
    sync(world, a_roster())
    again = world.launch()
    assert world.who(first) == world.who(again)
    assert active(world, users) == [world.who(first)]
    assert active(world, classes) == [world.where(first)] == [world.where(again)]


def test_roster_launch_roster_is_one_user_with_one_id(world: MatchingWorld) -> None:
    sync(world, a_roster())
    (rostered,) = active(world, users)
    outcome = world.launch()
    sync(world, a_roster(given_name="Sammy"))
    assert active(world, users) == [world.who(outcome)] == [rostered]
    assert world.enrolled(world.where(outcome)) == [(rostered, "roster")]


def test_an_id_that_is_signed_later_joins_then(world: MatchingWorld) -> None:
    outcome = world.launch(remove=[LIS, CUSTOM])
    sync(world, a_roster())
    assert (len(active(world, users)), len(active(world, classes))) == (2, 2)
    assert world.who(world.launch()) == world.who(outcome)
    run_late_ids(world)
    assert (active(world, users), active(world, classes)) == ([world.who(outcome)], [world.where(outcome)])
    assert world.enrolled(world.where(outcome)) == [(world.who(outcome), "roster")]


def test_an_id_that_is_signed_later_waits_for_the_roster_if_need_be(world: MatchingWorld) -> None:
    outcome = world.launch(remove=[LIS, CUSTOM])
    world.launch()
    run_late_ids(world)
    sync(world, a_roster())
    assert (active(world, users), active(world, classes)) == ([world.who(outcome)], [world.where(outcome)])


def test_a_known_id_asks_for_nothing(world: MatchingWorld) -> None:
    world.launch()
    world.launch()
    assert run_late_ids(world) == 0


def test_who_came_meanwhile_is_joined_by_the_next_sync(world: MatchingWorld) -> None:
    outcome = world.launch(remove=[LIS, CUSTOM])
    sync(world, a_roster())
    world.launch()  # and no worker runs
    sync(world, a_roster(given_name="Sammy"))
    assert active(world, users) == [world.who(outcome)]


# D5
@pytest.mark.parametrize("first", ["launch", "roster", "pair"])
def test_every_kind_of_link_is_undone(unpaired: MatchingWorld, first: str) -> None:
    if first != "pair":
        unpaired.pair()
    arrive: list[Callable[[], object]] = [unpaired.launch, lambda: sync(unpaired, a_roster())]
    one, other = arrive if first != "roster" else reversed(arrive)
    one()
    other()
    if first == "pair":
        unpaired.pair()
    undo_all(unpaired)
    outcome = unpaired.launch()
    sync(unpaired, a_roster(given_name="Sammy"))
    assert (len(active(unpaired, users)), len(active(unpaired, classes))) == (2, 2)
    assert {each["status"] for each in unpaired.links()} == {"undone"}
    told = {row["sourced_id"]: row for row in unpaired.launches.rows(users)}
    mine = told.pop(unpaired.who(outcome))
    assert (mine["given_name"], mine["roster_source_id"]) == ("Sam", None)
    assert [row["given_name"] for row in told.values() if row["status"] == "active"] == ["Sammy"]


# D5
def test_what_a_sync_joined_comes_apart_exactly(world: MatchingWorld) -> None:
    outcome = world.launch()
    sam, algebra = world.who(outcome), world.where(outcome)
    before = {name: [row for row in rows if _is_of(row, sam, algebra)] for name, rows in picture(world).items()}
    sync(world, a_roster())
    undo_all(world)
    after = {name: [row for row in rows if _is_of(row, sam, algebra)] for name, rows in picture(world).items()}
    assert after == before
    theirs = [row["sourced_id"] for row in world.launches.rows(users) if row["roster_source_id"] == world.source]
    assert len(theirs) == 1
    (class_,) = [row["sourced_id"] for row in world.launches.rows(classes) if row["roster_source_id"] == world.source]
    assert world.enrolled(class_) == [(theirs[0], "roster")]


def _is_of(row: str, *ids: str) -> bool:
    return any(each in row for each in ids)


# F5
@pytest.mark.parametrize("after_links", [False, True])
def test_an_undone_sync_is_as_if_it_had_not_been_links_too(world: MatchingWorld, after_links: bool) -> None:
    world.launch()
    before = _standing(world)
    done = sync(world, a_roster())
    if after_links:
        undo_all(world)
    syncs_of(world, a_roster()).undo(done.id, actor=ACTOR)
    assert _standing(world) == before
    assert {link["status"] for link in world.links()} == {"undone" if after_links else "reverted"}


def _standing(world: MatchingWorld) -> dict[str, list[str]]:
    return {name: [row for row in rows if "'tobedeleted'" not in row] for name, rows in picture(world).items()} | {
        "roster_records": [row for row in picture(world)["roster_records"] if "'is_gone': False" in row]
    }


def test_after_an_undone_sync_the_same_proof_joins_again(world: MatchingWorld) -> None:
    outcome = world.launch()
    done = sync(world, a_roster())
    syncs_of(world, a_roster()).undo(done.id, actor=ACTOR)
    sync(world, a_roster())
    assert active(world, users) == [world.who(outcome)]
    assert sorted(link["status"] for link in world.links()) == ["linked", "linked", "reverted", "reverted"]


# F5
def test_an_undone_sync_takes_apart_what_was_joined_with_what_it_brought(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    before = _standing(unpaired)
    done = sync(unpaired, a_roster())
    unpaired.pair()
    assert len(active(unpaired, users)) == 1
    syncs_of(unpaired, a_roster()).undo(done.id, actor=ACTOR)
    assert _standing(unpaired) == before


# F5
def test_a_later_sync_is_undone_well_after_the_link_was(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    sync(unpaired, a_roster())
    unpaired.pair()
    undone = sync(unpaired, a_roster(given_name="Sammy", role="student"))
    undo_all(unpaired)
    before = _standing(unpaired)
    syncs_of(unpaired, a_roster()).undo(undone.id, actor=ACTOR)
    after = _standing(unpaired)
    assert sorted(row.replace("Sammy", "Samuel") for row in before["users"]) == after["users"]
    assert (after["roles"], after["enrollments"]) == (before["roles"], before["enrollments"])


def test_a_confirmed_match_is_open_again_once_its_sync_is_undone(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    done = sync(unpaired, a_roster("guid-1", email="sam.okafor@northfield.example"))
    (row,) = unpaired.launches.rows(match_proposals)
    unpaired.launches.gate.matches.confirm([row["id"]], actor=ACTOR)
    syncs_of(unpaired, a_roster()).undo(done.id, actor=ACTOR)
    (row,) = unpaired.launches.rows(match_proposals)
    assert (row["state"], row["link_id"], row["decided_by"]) == ("open", None, None)


def test_an_approval_after_a_confirmed_match_ends_the_right_person(unpaired: MatchingWorld) -> None:
    sam = unpaired.who(unpaired.launch())
    sync(unpaired, a_roster("guid-1", email="sam.okafor@northfield.example"))
    own = syncs_of(unpaired, {**a_roster("guid-2"), "classes": a_roster()["classes"]})
    preview = own.run(unpaired.roster_id, actor=ACTOR, preview=True)
    (row,) = unpaired.launches.rows(match_proposals)
    unpaired.launches.gate.matches.confirm([row["id"]], actor=ACTOR)
    own.approve(preview.id, actor=ACTOR)
    gone = {row["sourced_id"] for row in unpaired.launches.rows(users) if row["status"] != "active"}
    assert sam in gone


# F6
def test_nobody_is_joined_while_a_sync_writes(unpaired: MatchingWorld) -> None:
    from gateway.services.links import RosterLock
    from gateway.services.matches import Matches

    unpaired.launch()
    unpaired.user("guid-1", email="sam.okafor@northfield.example")
    lock = RosterLock(unpaired.store, lambda _seconds: None, wait_seconds=0)
    with lock.held(unpaired.source), pytest.raises(Unavailable) as refused:
        Matches(unpaired.store, lock, unpaired.launches.clock).find(unpaired.roster_id, actor=ACTOR)
    assert refused.value.code == "sync.busy"


@pytest.mark.parametrize(("which", "code"), [("unknown", "link.unknown"), ("undone", "link.not_linked")])
def test_what_cannot_be_undone_says_why(unpaired: MatchingWorld, which: str, code: str) -> None:
    unpaired.launch()
    unpaired.user(SAM)
    unpaired.pair()
    (link,) = unpaired.links()
    undo_all(unpaired)
    with pytest.raises(Misconfigured) as refused:
        unpaired.launches.gate.links.undo([link["id"] if which == "undone" else 4711], actor=ACTOR)
    assert refused.value.code == code


def test_of_two_links_of_one_person_the_newer_is_undone_first(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    unpaired.user("guid-1", email="sam.okafor@northfield.example")
    unpaired.launches.gate.matches.find(unpaired.roster_id, actor=ACTOR)
    unpaired.launches.gate.matches.confirm([unpaired.launches.rows(match_proposals)[0]["id"]], actor=ACTOR)
    unpaired.person(email="sam.okafor@northfield.example")
    unpaired.launches.gate.matches.find(unpaired.roster_id, actor=ACTOR)
    (open_,) = [row for row in unpaired.launches.rows(match_proposals) if row["state"] == "open"]
    unpaired.launches.gate.matches.confirm([open_["id"]], actor=ACTOR)
    older, newer = (link["id"] for link in unpaired.links())
    with pytest.raises(Misconfigured) as refused:
        unpaired.launches.gate.links.undo([older], actor=ACTOR)
    assert refused.value.code == "link.undo_too_late"
    unpaired.launches.gate.links.undo([older, newer], actor=ACTOR)
    assert len(active(unpaired, users)) == 3


def rows_of(world: MatchingWorld, user_id: str) -> list[dict[str, Any]]:
    return [row for row in world.launches.rows(enrollments) if row["user_sourced_id"] == user_id]


def test_history_in_an_unrostered_class_comes_along(unpaired: MatchingWorld) -> None:
    outcome = unpaired.launch()
    unpaired.user("guid-1", email="sam.okafor@northfield.example")
    unpaired.launches.gate.matches.find(unpaired.roster_id, actor=ACTOR)
    unpaired.launches.gate.matches.confirm([unpaired.launches.rows(match_proposals)[0]["id"]], actor=ACTOR)
    (row,) = rows_of(unpaired, unpaired.who(outcome))
    assert (row["class_sourced_id"], row["status"]) == (unpaired.where(outcome), "active")
    assert ALGEBRA
