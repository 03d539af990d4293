"""Two who were there already become one by proof or by a person's word, and come apart again exactly."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table

from gateway.store.tables import (
    audit,
    classes,
    contexts,
    enrollments,
    identities,
    resource_links,
    roles,
    roster_records,
    users,
)
from tests.support.matching import MatchingWorld

SAM, TIA, ALGEBRA = "NF-1011", "NF-2012", "NF-ALG-1"  # the SIS ids that the simulated platform signs
LIS = "https://purl.imsglobal.org/spec/lti/claim/lis"
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
_TABLES = (users, classes, identities, contexts, resource_links, roles, enrollments, roster_records)


def picture(world: MatchingWorld) -> dict[str, list[Any]]:
    """Return everything that hangs on people and classes, but for when it was last modified."""
    return {table.name: sorted(map(str, map(_undated, world.launches.rows(table)))) for table in _TABLES}


def _undated(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sorted(row.items()) if name != "date_last_modified"}


def active(world: MatchingWorld, table: Table) -> list[str]:
    return [row["sourced_id"] for row in world.launches.rows(table) if row["status"] == "active"]


def undo_all(world: MatchingWorld) -> None:
    ids = [link["id"] for link in world.links() if link["status"] == "linked"]
    world.launches.gate.links.undo(ids, actor="test")


def test_pairing_joins_who_was_there_twice(unpaired: MatchingWorld) -> None:
    outcome = unpaired.launch()
    sam, algebra = unpaired.who(outcome), unpaired.where(outcome)
    unpaired.class_(ALGEBRA, unpaired.user(SAM))
    unpaired.pair()
    assert (active(unpaired, users), active(unpaired, classes)) == ([sam], [algebra])
    assert unpaired.enrolled(algebra) == [(sam, "roster")]
    again = unpaired.launch()
    assert (unpaired.who(again), unpaired.where(again)) == (sam, algebra)


def test_a_preview_of_a_pair_says_who_and_writes_nothing(unpaired: MatchingWorld) -> None:
    sam = unpaired.who(unpaired.launch())
    rostered = unpaired.user(SAM)
    unpaired.class_(ALGEBRA, rostered)
    before = picture(unpaired)
    found = unpaired.launches.gate.pairing.preview(unpaired.launches.integration_id, unpaired.roster_id, "sis_id")
    assert (found.users, found.classes) == (1, 1)
    assert (sam, rostered) in {(each.row, each.rostered) for each in found.sample}
    assert picture(unpaired) == before
    assert unpaired.launches.gate.pairing.list() == []


# D5
def test_an_undo_restores_both_with_all_that_hung_on_them(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    unpaired.class_(ALGEBRA, unpaired.user(SAM))
    before = picture(unpaired)
    unpaired.pair()
    assert picture(unpaired) != before
    undo_all(unpaired)
    assert picture(unpaired) == before


# D5
def test_no_launch_and_no_search_joins_again_what_a_person_undid(unpaired: MatchingWorld) -> None:
    sam = unpaired.who(unpaired.launch())
    rostered = unpaired.user(SAM)
    unpaired.pair()
    undo_all(unpaired)
    met = unpaired.launches.gate.matches.find(unpaired.roster_id, actor="test")
    assert (met.joined.users, met.doubtful.open) == (0, 0)
    assert unpaired.who(unpaired.launch()) == sam != rostered


# D5
def test_every_step_is_audited(unpaired: MatchingWorld) -> None:
    unpaired.launch()
    unpaired.user(SAM)
    unpaired.pair()
    undo_all(unpaired)
    told = [row["action"] for row in unpaired.launches.rows(audit) if row["action"].startswith("match.")]
    assert told == ["match.linked", "match.undone"]


# D3
def test_a_pair_joins_no_student_with_a_teacher(unpaired: MatchingWorld) -> None:
    unpaired.launch("sam")
    unpaired.user(SAM, role="teacher")
    unpaired.pair()
    assert len(active(unpaired, users)) == 2
    assert unpaired.launches.gate.matches.find(unpaired.roster_id, actor="test").doubtful.open == 0
