"""Rosters: what every room that has them must bring, judged by the truth of its own simulated system."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest

import providers
from providers.contract import KINDS, RECORD_OF, Batch, Failure, Finished, Kind, Provider
from providers.kit.simulator.loading import roster_simulator
from providers.kit.simulator.roster_data import Roster, made_up_roster
from providers.kit.simulator.simulated_roster import ENDURED, RosterFault
from tests.conformance.roster_room import RosterRoom, roster_room
from tests.support.rostering import Read, gather

ROOMS = sorted(key for key, room in providers.rooms().items() if room.roster)
FAULTS = [(key, fault) for key in ROOMS for fault in roster_simulator(key).ROSTER_FAULTS]
ENDURED_FAULTS = [(key, fault) for key, fault in FAULTS if fault in ENDURED]
OTHER_FAULTS = [(key, fault) for key, fault in FAULTS if fault not in ENDURED]
STUDENTS = 30


@pytest.fixture(params=ROOMS)
def plate(request: pytest.FixtureRequest) -> Provider:
    return providers.room(request.param)


@pytest.fixture
def roster() -> Roster:
    return made_up_roster(STUDENTS)


@pytest.fixture
def one(plate: Provider, roster: Roster, tmp_path: Path) -> Iterator[RosterRoom]:
    with roster_room(plate, roster, tmp_path) as found:
        yield found


def told(read: Read, kind: Kind) -> list[object]:
    return sorted(read.records.get(kind, []), key=lambda record: str(record.source_id))


def true(room: RosterRoom, kind: Kind) -> list[object]:
    return sorted(room.system.truth()[kind], key=lambda record: str(record.source_id))


def assert_true(room: RosterRoom, read: Read) -> None:
    """Hold that the reading brought what is there, no record less, no record more, none otherwise."""
    for kind in KINDS:
        assert told(read, kind) == true(room, kind)


def test_all_is_well_with_a_good_roster(one: RosterRoom) -> None:
    found = one.room.check(one.context)
    assert found
    assert [health for health in found if not health.ok] == []


def test_the_reading_is_the_truth(one: RosterRoom) -> None:
    assert_true(one, one.read())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_records_with_ids_of_their_own(one: RosterRoom, kind: Kind) -> None:
    ids = one.read().ids(kind)
    assert ids
    assert len(set(ids)) == len(ids)


def test_a_good_roster_has_no_fault_and_is_whole(one: RosterRoom) -> None:
    read = one.read()
    assert read.faults == []
    assert read.finished is not None
    assert (read.finished.mode, read.complete) == ("full", frozenset(KINDS))


def test_the_proof_comes_last_and_once(one: RosterRoom) -> None:
    parts = list(one.parts())
    assert [part for part in parts if isinstance(part, Finished)] == [parts[-1]]


def test_batches_are_bounded_and_of_one_kind(one: RosterRoom) -> None:
    batches = [part for part in one.parts() if isinstance(part, Batch)]
    assert max(len(batch.records) for batch in batches) <= 5_000
    assert all(type(record) is RECORD_OF[batch.kind] for batch in batches for record in batch.records)


def test_a_password_is_never_read(one: RosterRoom) -> None:
    assert "never to be read" not in repr(one.read().records)


def test_names_come_letter_for_letter(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    odd = ['Søren "Bud" Nguyễn, Jr. 李', *(f"{start}SUM(A1)" for start in "=+-@")]  # E8
    for number, name in enumerate(odd):
        roster["users"][number]["givenName"] = name
    with roster_room(plate, roster, tmp_path) as room:
        read = room.read()
        assert_true(room, read)
    assert set(odd) <= {record.given_name for record in read.records["users"]}


def test_odd_ids_and_their_case_keep_people_apart(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    roster["users"] += [{**roster["users"][0], "sourcedId": odd} for odd in ("P-0", "Stu/ONE@x.y-z_")]
    with roster_room(plate, roster, tmp_path) as room:
        read = room.read()
        assert_true(room, read)
    assert len(set(read.ids("users"))) == len(roster["users"])


def test_reading_twice_brings_the_same(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    before = copy.deepcopy(roster)
    with roster_room(plate, roster, tmp_path) as room:
        assert room.read().records == room.read().records
    assert roster == before


def test_a_reading_goes_on_after_any_batch(one: RosterRoom) -> None:
    parts = list(one.parts())
    for at, part in enumerate(parts):
        if isinstance(part, Batch) and part.cursor:
            rest = one.read(part.cursor)
            assert rest.records == gather(iter(parts[at + 1 :])).records
            assert rest.complete == frozenset(KINDS)


def test_dangling_references_are_left_to_the_hall(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    roster["enrollments"][0]["user"] = {**roster["enrollments"][0]["user"], "sourcedId": "nobody"}  # F7
    with roster_room(plate, roster, tmp_path) as room:
        read = room.read()
        assert_true(room, read)
    assert {each.user_id for each in read.records["enrollments"]} - set(read.ids("users"))


@pytest.mark.parametrize(("key", "fault"), ENDURED_FAULTS)
def test_a_fault_that_passes_costs_nothing(key: str, fault: RosterFault, roster: Roster, tmp_path: Path) -> None:
    with roster_room(providers.room(key), roster, tmp_path) as room:
        room.system.strike(fault)
        read = room.read()
        assert_true(room, read)
    assert read.complete == frozenset(KINDS)


@pytest.mark.parametrize(("key", "fault"), OTHER_FAULTS)
def test_a_fault_proves_nobody_gone(key: str, fault: RosterFault, roster: Roster, tmp_path: Path) -> None:  # F1
    with roster_room(providers.room(key), roster, tmp_path) as room:
        room.system.strike(fault)
        try:
            read = room.read()
        except Failure:
            return
        for kind in read.complete if read.finished else ():
            assert {each.source_id for each in room.system.truth()[kind]} <= set(read.ids(kind))
        assert read.complete < frozenset(KINDS)
