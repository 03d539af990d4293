"""What Clever does otherwise with rosters: tokens, pages, limits, and the odd people that districts really have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.clever.pages import window_left
from providers.clever.roster import ROSTER
from providers.clever.settings import CleverSettings
from providers.clever.simulator import a_district, serving, settings_for
from providers.clever.simulator_clever import SimulatedClever
from providers.clever.simulator_district import District
from providers.clever.simulator_switches import ODDITIES, CleverSwitches
from providers.clever.simulator_truth import truth_of
from providers.contract import KINDS, Context, Failure, Kind, read_settings
from tests.support.key_stores import Clock
from tests.support.rostering import Read, gather, plain_context


class World:
    """A served Clever and one district of it."""

    def __init__(self, clever: SimulatedClever, district: District, context: Context[Any]) -> None:
        self.clever, self.district, self.context = clever, district, context

    def read(self, **settings: Any) -> Read:
        context = replace(self.context, settings=replace(self.context.settings, **settings))
        return gather(ROSTER.read(context))

    def check(self, **settings: Any) -> dict[str, str]:
        context = replace(self.context, settings=replace(self.context.settings, **settings))
        return {health.check: health.advice for health in ROSTER.check(context) if not health.ok}

    def one(self, read: Read, kind: Kind, source_id: str) -> Any:
        (found,) = [each for each in read.records[kind] if each.source_id == source_id]
        return found

    def newest(self, collection: str) -> str:
        return list(self.district.objects[collection])[-1]


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    clever = SimulatedClever(switches=CleverSwitches(**getattr(request, "param", {})))
    district = a_district(clever)
    with serving(clever), plain_context() as context:
        yield World(clever, district, context(read_settings(CleverSettings, settings_for(clever, district))))


def odd(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("world", [{"odd": frozenset(names)}], indirect=True)


@odd(*ODDITIES)
def test_all_odd_people_at_once_are_read_as_they_are(world: World) -> None:
    read = world.read()
    for kind in KINDS:
        told = sorted(read.records[kind], key=lambda record: str(record.source_id))
        assert told == sorted(truth_of(world.district)[kind], key=lambda record: str(record.source_id))
    assert read.complete == frozenset(KINDS)
    assert {fault.code for fault in read.faults} == {"clever.field_odd"}


@odd("section_without_teacher")
def test_a_section_may_have_no_teacher(world: World) -> None:
    section = world.newest("sections")
    found = [each for each in world.read().records["enrollments"] if each.class_id == section]
    assert [each.role for each in found] == ["student"]


@odd("co_teachers")
def test_the_first_teacher_is_the_primary_one(world: World) -> None:
    section = world.newest("sections")
    found = [
        each for each in world.read().records["enrollments"] if each.class_id == section and each.role == "teacher"
    ]
    told = world.district.objects["sections"][section]["teachers"]
    assert [(each.user_id, each.primary) for each in found] == [(told[0], True), (told[1], False)]
    assert world.one(world.read(), "classes", section).class_type == "homeroom"


@odd("student_in_two_schools")
def test_a_student_in_two_schools_has_a_role_in_each_and_one_home(world: World) -> None:
    one, other = list(world.district.objects["schools"])
    read, student = world.read(), world.newest("users")
    roles = {(each.org_id, each.role_type) for each in read.records["roles"] if each.user_id == student}
    assert roles == {(other, "primary"), (one, "secondary")}
    assert world.one(read, "users", student).primary_org_id == other


@odd("contact_in_last_name")
def test_a_contact_is_family_of_a_student(world: World) -> None:
    read, contact = world.read(), world.newest("users")
    person = world.one(read, "users", contact)
    assert (person.given_name, person.family_name, person.phone) == (None, "Whole Name in One", "555 0100")
    roles = {(each.org_id, each.role) for each in read.records["roles"] if each.user_id == contact}
    assert roles == {(world.district.id, "parent"), (world.district.id, "relative")}
    assert person.agent_ids == (next(iter(world.district.objects["users"])),)


@odd("empty_enumerations")
def test_an_empty_word_is_no_word(world: World) -> None:
    assert world.one(world.read(), "users", world.newest("users")).grades == ()


@odd("teacher_staff_and_admin")
def test_somebody_with_three_roles_has_them_all(world: World) -> None:
    read, person = world.read(), world.newest("users")
    roles = [each.role for each in read.records["roles"] if each.user_id == person]
    assert roles == ["teacher", "siteAdministrator", "districtAdministrator"]
    aide = [each.role for each in world.read(staff_role="aide").records["roles"] if each.user_id == person]
    assert aide == ["teacher", "aide", "districtAdministrator"]


@odd("email_without_at")
def test_what_is_no_address_is_left_out_and_said(world: World) -> None:
    read = world.read()
    assert world.one(read, "users", world.newest("users")).email is None
    (fault,) = read.faults
    assert (fault.code, fault.is_skipped, "no.address" in fault.message) == ("clever.field_odd", False, False)


@odd("same_email_twice")
def test_equal_addresses_are_two_people(world: World) -> None:  # D1
    people = [each for each in world.read().records["users"] if each.email == "same@school.example"]
    assert len(people) == 2


@odd("first_grader_without_email")
def test_a_child_without_an_address_is_read(world: World) -> None:
    assert world.one(world.read(), "users", world.newest("users")).grades == ("01",)


@pytest.mark.parametrize("world", [{"counts": True, "page_cap": 7}], indirect=True)
def test_a_count_that_lies_proves_nobody_gone(world: World) -> None:  # F1
    assert world.read().complete == frozenset(KINDS)
    world.clever.switch(page="cut")
    assert "users" not in world.read().complete


@pytest.mark.parametrize("world", [{"largest_page": 200}], indirect=True)
def test_a_page_that_is_too_large_is_asked_for_smaller(world: World) -> None:
    assert world.read(page_size=10000).complete == frozenset(KINDS)


@pytest.mark.parametrize("world", [{"per_minute": 3}], indirect=True)
def test_more_than_the_limit_waits_for_the_next_minute(world: World) -> None:
    slept: list[float] = []
    world.clever.now = lambda: datetime.now(UTC) + timedelta(seconds=sum(slept))
    read = gather(ROSTER.read(replace(world.context, sleep=slept.append)))
    assert read.complete == frozenset(KINDS)
    assert max(slept) <= 60


def test_the_window_is_read_by_clevers_own_clock() -> None:
    class Reply:
        status, body, ok = 429, b"", False
        headers = {"x-ratelimit-reset": "1767600030", "date": "Mon, 05 Jan 2026 08:00:00 GMT"}  # noqa: RUF012

        def json(self) -> Any:
            raise NotImplementedError

    assert window_left(Reply(), Clock()()) == 30
    Reply.headers["x-ratelimit-reset"] = "1999999999"
    assert window_left(Reply(), Clock()()) == 60
    Reply.headers["x-ratelimit-reset"] = "soon"
    assert window_left(Reply(), Clock()()) is None


def test_the_token_is_looked_up_again_when_it_changes(world: World) -> None:
    assert world.read().complete == frozenset(KINDS)
    world.district.rotate_token()
    assert world.read().complete == frozenset(KINDS)


@pytest.mark.parametrize("world", [{"connected": False}], indirect=True)
def test_a_district_that_left_proves_nobody_gone(world: World) -> None:  # F1
    with pytest.raises(Failure) as failed:
        world.read()
    assert (failed.value.family, failed.value.code) == ("refused", "clever.district_not_connected")
    assert "district_id" in world.check()["district"]


@pytest.mark.parametrize("world", [{"secure_sync": False}], indirect=True)
def test_an_application_without_secure_sync_is_told(world: World) -> None:
    with pytest.raises(Failure) as failed:
        world.read()
    assert failed.value.code == "rest.forbidden"
    assert "Secure Sync" in world.check()["users"]


@pytest.mark.parametrize("world", [{"state": "paused"}], indirect=True)
def test_a_paused_district_is_read_and_says_until_when(world: World) -> None:
    read = world.read()
    assert read.complete == frozenset(KINDS)
    (fault,) = read.faults
    assert (fault.code, "2026-08-18" in fault.message) == ("clever.district_paused", True)
    assert world.check() == {}


@pytest.mark.parametrize("world", [{"state": "pending"}], indirect=True)
def test_a_district_that_clever_is_still_reading_proves_nobody_gone(world: World) -> None:  # F1
    assert "users" not in world.read().complete
    assert "pending" in world.check()["district's own sync"]


def test_a_term_without_dates_is_left_out_and_not_gone(world: World) -> None:
    term = world.newest("terms")
    world.district.objects["terms"][term]["end_date"] = None
    read = world.read()
    assert term not in read.ids("academicSessions")
    assert [fault.code for fault in read.faults] == ["clever.record_unreadable"]


@pytest.mark.parametrize(
    ("settings", "check", "word"),
    [
        ({"district_id": ""}, "district", "district_id"),
        ({"district_id": "0" * 24}, "district", "district_id"),
        ({"client_secret": "wrong"}, "district", "client_secret"),
    ],
)
def test_a_check_names_the_setting(world: World, settings: dict[str, Any], check: str, word: str) -> None:
    assert word in world.check(**settings)[check]


def test_an_empty_district_is_told(world: World) -> None:
    for name in ("sections", "users"):
        world.district.objects[name].clear()
    assert sorted(world.check()) == ["sections", "users"]


@pytest.mark.parametrize("world", [{"events": False}], indirect=True)
def test_events_that_are_off_are_told_and_not_needed(world: World) -> None:
    assert "events" in world.check()["events"]
    assert world.check(events=False) == {}
    read = world.read()
    assert read.finished is not None
    assert (read.finished.since, read.complete) == (None, frozenset(KINDS))


@pytest.mark.parametrize("world", [{"default_page": 3}], indirect=True)
def test_we_never_leave_the_page_size_to_clever(world: World) -> None:
    world.read()
    assert world.clever.requests["data"] < 15
