"""Rosters: what every room that has them must do, judged with its own simulated system."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import providers
from providers.contract import KINDS, RECORD_OF, Batch, Finished, Kind, Provider, read_settings
from providers.kit.simulator.loading import roster_simulator
from providers.kit.simulator.roster_data import Roster, made_up_roster
from tests.support.rostering import Read, gather, plain_context

ROOMS = sorted(key for key, room in providers.rooms().items() if room.roster)
STUDENTS = 30


@pytest.fixture(params=ROOMS)
def plate(request: pytest.FixtureRequest) -> Provider:
    return providers.room(request.param)


@pytest.fixture
def roster() -> Roster:
    return made_up_roster(STUDENTS)


def _parts(plate: Provider, roster: Roster, folder: Path) -> Iterator[Batch | Finished]:
    with roster_simulator(plate.key).simulate_roster(roster, folder) as values, plain_context() as context:
        assert plate.roster
        yield from plate.roster.read(context(read_settings(plate.settings, values)))


def _read(plate: Provider, roster: Roster, folder: Path) -> Read:
    return gather(_parts(plate, roster, folder))


def _one(read: Read, kind: Kind, source_id: str) -> Any:
    (found,) = [record for record in read.records[kind] if record.source_id == source_id]
    return found


def test_all_is_well_with_a_good_roster(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    assert plate.roster
    with roster_simulator(plate.key).simulate_roster(roster, tmp_path) as values, plain_context() as context:
        found = plate.roster.check(context(read_settings(plate.settings, values)))
    assert found
    assert [health for health in found if not health.ok] == []


@pytest.mark.parametrize("kind", ["orgs", "academicSessions", "courses", "classes", "users", "enrollments"])
def test_every_record_comes_once(plate: Provider, roster: Roster, tmp_path: Path, kind: Kind) -> None:
    read = _read(plate, roster, tmp_path)
    assert sorted(read.ids(kind)) == sorted(each["sourcedId"] for each in roster[kind])


def test_a_good_roster_has_no_fault_and_is_whole(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    read = _read(plate, roster, tmp_path)
    assert read.faults == []
    assert read.finished is not None
    assert (read.finished.mode, read.complete) == ("full", frozenset(KINDS))


def test_the_proof_comes_last_and_once(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    parts = list(_parts(plate, roster, tmp_path))
    assert [part for part in parts if isinstance(part, Finished)] == [parts[-1]]


def test_batches_are_bounded_and_of_one_kind(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    batches = [part for part in _parts(plate, roster, tmp_path) if isinstance(part, Batch)]
    assert max(len(batch.records) for batch in batches) <= 5_000
    assert all(type(record) is RECORD_OF[batch.kind] for batch in batches for record in batch.records)


def test_people_are_as_the_source_tells(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    user = _one(_read(plate, roster, tmp_path), "users", "p-3")
    assert (user.given_name, user.family_name, user.username) == ("Given", "Family p-3", "p-3")
    assert (user.email, user.identifier, user.grades) == ("p-3@school.example", "100003", ("09",))
    assert (user.enabled_user, user.primary_org_id, user.user_ids) == (True, "s-2", (("SIS", "3"),))


def test_a_password_is_never_read(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    assert "never to be read" not in repr(_read(plate, roster, tmp_path).records)


def test_roles_are_of_a_user_at_an_org(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    read = _read(plate, roster, tmp_path)
    roles = {(role.user_id, role.org_id, role.role, role.role_type) for role in read.records["roles"]}
    assert ("a-1", "d-1", "districtAdministrator", "primary") in roles
    assert ("t-2", "s-2", "teacher", "primary") in roles
    assert len(roles) == STUDENTS + 4
    assert len(set(read.ids("roles"))) == len(roles)


def test_classes_know_school_course_and_terms(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    one = _one(_read(plate, roster, tmp_path), "classes", "k-2-art")
    assert (one.school_id, one.course_id, one.term_ids, one.periods) == ("s-2", "c-art", ("t-1",), ("1",))


def test_sessions_know_dates_and_parents(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    term = _one(_read(plate, roster, tmp_path), "academicSessions", "t-1")
    assert (term.type, term.start_date, term.end_date) == ("term", "2026-08-01", "2027-01-15")
    assert (term.parent_id, term.school_year) == ("y-27", "2027")


def test_orgs_know_type_and_parent(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    school = _one(_read(plate, roster, tmp_path), "orgs", "s-1")
    assert (school.name, school.type, school.identifier, school.parent_id) == ("School 1", "school", "0001", "d-1")


def test_enrollments_know_user_class_and_role(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    read = _read(plate, roster, tmp_path)
    teacher, student = _one(read, "enrollments", "e-t-1-math"), _one(read, "enrollments", "e-p-0-art")
    assert (teacher.user_id, teacher.class_id, teacher.role, teacher.primary) == ("t-1", "k-1-math", "teacher", True)
    assert (student.school_id, student.role, student.begin_date) == ("s-1", "student", "2026-08-01")


def test_ids_and_names_come_byte_for_byte(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    odd, name = "Stu/ONE@x.y-z_", 'Søren "Bud" Nguyễn, Jr. 李'
    roster["users"][0] |= {"sourcedId": odd, "givenName": name}
    user = _one(_read(plate, roster, tmp_path), "users", odd)
    assert user.given_name == name


def test_case_tells_ids_apart(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    roster["users"].append({**roster["users"][0], "sourcedId": "P-0"})
    assert {"p-0", "P-0"} <= set(_read(plate, roster, tmp_path).ids("users"))


def test_text_that_looks_like_a_formula_stays_text(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    for start in "=+-@":  # E8
        roster["users"][1]["givenName"] = f"{start}SUM(A1)"
        assert _one(_read(plate, roster, tmp_path / f"u{ord(start)}"), "users", "p-1").given_name == f"{start}SUM(A1)"


def test_reading_twice_brings_the_same(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    before = copy.deepcopy(roster)
    one, other = _read(plate, roster, tmp_path / "one"), _read(plate, roster, tmp_path / "other")
    assert one.records == other.records
    assert roster == before


def test_a_reading_goes_on_after_any_batch(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    assert plate.roster
    with roster_simulator(plate.key).simulate_roster(roster, tmp_path) as values, plain_context() as context:
        own = context(read_settings(plate.settings, values))
        parts = list(plate.roster.read(own))
        for at, part in enumerate(parts):
            if isinstance(part, Batch) and part.cursor:
                rest = gather(plate.roster.read(own, resume=part.cursor))
                assert rest.records == gather(iter(parts[at + 1 :])).records
                assert rest.complete == frozenset(KINDS)


def test_dangling_references_are_left_to_the_hall(plate: Provider, roster: Roster, tmp_path: Path) -> None:
    roster["enrollments"][0]["user"] = {**roster["enrollments"][0]["user"], "sourcedId": "nobody"}  # F7
    assert _one(_read(plate, roster, tmp_path), "enrollments", "e-p-0-math").user_id == "nobody"
