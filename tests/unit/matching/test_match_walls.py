"""Confirming a match and undoing a link stay within their tenant, and a launch in between finds one person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from gateway.services.matches import Wish
from gateway.store.ids import new_id
from gateway.store.orgs import add_org
from gateway.store.tables import (
    enrollments,
    identities,
    link_traces,
    match_proposals,
    record_links,
    roles,
    roster_records,
    users,
)
from tests.support.matching import ACTOR, MatchingWorld

MAIL = "sam.okafor@northfield.example"  # what the simulated platform tells of Sam


def _stranger(world: MatchingWorld) -> str:
    """Make a person of another tenant and return their id."""
    org = add_org(world.store, name="Southfield", type="district", parent=None, actor=ACTOR, at=world.launches.clock())
    person = new_id()
    own = {"sourced_id": person, "tenant_id": org.tenant_id, "date_last_modified": world.launches.clock()}
    with world.store.transaction() as connection:
        connection.execute(insert(users), {**own, "given_name": "Samuel", "family_name": "Okafor", "email": MAIL})
    return person


def _proposed(world: MatchingWorld) -> tuple[str, str, int]:
    """Let Sam come by a launch and by the roster; return both ids and the number of the match."""
    sam, rostered = world.who(world.launch()), world.user("guid-1", email=MAIL)
    world.launches.gate.matches.find(world.roster_id, actor=ACTOR)
    (match,) = world.launches.gate.matches.newest(Wish(), 10)
    return sam, rostered, match.id


def _row(world: MatchingWorld, person: str) -> dict[str, Any]:
    return next(row for row in world.launches.rows(users) if row["sourced_id"] == person)


def test_a_match_can_not_be_turned_to_another_tenants_person(unpaired: MatchingWorld) -> None:  # F8, D4
    _proposed(unpaired)
    stranger = _stranger(unpaired)
    for name in ("user_sourced_id", "rostered_user_sourced_id"):
        with pytest.raises(IntegrityError), unpaired.store.transaction() as connection:
            connection.execute(update(match_proposals).values({name: stranger}))


def test_confirming_touches_nobody_of_another_tenant(unpaired: MatchingWorld) -> None:  # F8, D4
    _, rostered, match = _proposed(unpaired)
    stranger = _stranger(unpaired)
    before = _row(unpaired, stranger)
    with unpaired.store.transaction() as connection:  # a mapping that lies
        connection.execute(
            update(roster_records).where(roster_records.c.sourced_id == rostered).values(sourced_id=stranger)
        )
    unpaired.launches.gate.matches.confirm([match], actor=ACTOR)
    assert _row(unpaired, stranger) == before
    assert stranger not in unpaired.whose()


def test_a_link_can_not_be_turned_to_another_tenants_person(unpaired: MatchingWorld) -> None:  # F8, D4
    _, _, match = _proposed(unpaired)
    unpaired.launches.gate.matches.confirm([match], actor=ACTOR)
    stranger = _stranger(unpaired)
    with pytest.raises(IntegrityError), unpaired.store.transaction() as connection:
        connection.execute(update(record_links).values(user_sourced_id=stranger))


def test_undoing_touches_nobody_of_another_tenant(unpaired: MatchingWorld) -> None:  # F8, D4, D5
    _, rostered, match = _proposed(unpaired)
    unpaired.launches.gate.matches.confirm([match], actor=ACTOR)
    stranger = _stranger(unpaired)
    before = _row(unpaired, stranger)
    with unpaired.store.transaction() as connection:  # a trace that lies
        connection.execute(update(link_traces).where(link_traces.c.row_id == rostered).values(row_id=stranger))
    (link,) = unpaired.links()
    unpaired.launches.gate.links.undo([link["id"]], actor=ACTOR)
    assert _row(unpaired, stranger) == before


def test_a_launch_while_a_match_is_confirmed_finds_one_person(unpaired: MatchingWorld) -> None:
    _, _, match = _proposed(unpaired)
    start = Barrier(2)

    def confirm() -> int:
        start.wait()
        return unpaired.launches.gate.matches.confirm([match], actor=ACTOR).done

    def launch() -> str:
        start.wait()
        return unpaired.launch("sam", course=102).code

    with ThreadPoolExecutor(2) as pool:
        confirmed, launched = pool.submit(confirm), pool.submit(launch)
        assert (confirmed.result(), launched.result()) == (1, "accepted")
    (kept,) = {row["user_sourced_id"] for row in unpaired.launches.rows(identities)}
    active = [row["sourced_id"] for row in unpaired.launches.rows(users) if row["status"] == "active"]
    assert active == [kept]
    told = [row for table in (roles, enrollments) for row in unpaired.launches.rows(table) if row["status"] == "active"]
    assert {row["user_sourced_id"] for row in told} == {kept}
