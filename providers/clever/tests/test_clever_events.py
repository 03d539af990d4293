"""Events: what they tell is what a full reading would, and where they can't, everything is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import providers
from gateway.outbound import Limits, Outbound, RoomHttp
from gateway.store import Store
from gateway.store.tables import roster_records
from providers.clever.roster import ROSTER
from providers.clever.settings import CleverSettings
from providers.clever.simulator import a_district, serving, settings_for
from providers.clever.simulator_clever import SimulatedClever
from providers.clever.simulator_district import District
from providers.clever.simulator_switches import CleverSwitches
from providers.clever.simulator_truth import truth_of
from providers.contract import KINDS, read_settings
from providers.kit.simulator.roster_data import made_up_roster
from tests.support.key_stores import Clock
from tests.support.rostering import Read, gather, plain_context
from tests.support.rosters import ACTOR, Synced, synced_by

START = Clock()()
ODD = frozenset({"teacher_staff_and_admin", "co_teachers", "contact_in_last_name"})


@dataclass
class World:
    """A district of a served Clever, and the engine that reads it; both keep one clock."""

    clever: SimulatedClever
    district: District
    school: Synced
    clock: Clock

    def sync(self, *, full: bool = False, **later: float) -> str:
        """Sync a while later, and return in which mode."""
        self.clock.move(**(later or {"minutes": 5}))
        run = self.school.syncs.run(self.school.integration_id, actor=ACTOR, full=full)
        assert run.status in {"applied", "unchanged"}, run
        return run.mode

    def check_model(self) -> None:
        """Hold that an application sees what is there."""
        people = self.district.objects["users"]
        for kind, records in truth_of(self.district).items():
            there = [each for each in records if kind != "enrollments" or each.user_id in people]
            assert set(self.school.active(kind)) == {each.source_id for each in there}, kind

    def student(self, place: int = 0) -> str:
        return [id for id, user in self.district.objects["users"].items() if "student" in user["roles"]][place]

    def teacher(self, place: int = 0) -> str:
        return [id for id, user in self.district.objects["users"].items() if "teacher" in user["roles"]][place]

    def section(self, place: int = 0) -> str:
        return list(self.district.objects["sections"])[place]


@contextmanager
def _world(store: Store, **switches: Any) -> Iterator[World]:
    clock = Clock()
    clever = SimulatedClever(switches=CleverSwitches(odd=ODD, **switches), now=clock)
    district = a_district(clever, made_up_roster(40))
    outbound = Outbound(["127.0.0.1"], "schoolgate/1")
    try:
        with serving(clever):
            http = RoomHttp(outbound, Limits(connect=2, read=20, total=60))
            school = synced_by(store, providers.room("clever"), settings_for(clever, district), http, clock=clock)
            world = World(clever, district, school, clock)
            assert world.sync() == "full"
            yield world
    finally:
        outbound.close()


@pytest.fixture
def world(sqlite_store: Store, request: pytest.FixtureRequest) -> Iterator[World]:
    with _world(sqlite_store, **getattr(request, "param", {})) as made:
        yield made


def test_a_change_comes_without_reading_everything(world: World) -> None:
    world.district.change("users", world.student(), name={"first": "New", "last": "Name", "middle": ""})
    before = world.clever.requests["data"]
    assert world.sync() == "delta"
    assert world.school.active("users")[world.student()]["given_name"] == "New"
    assert world.clever.requests["data"] - before <= 3
    world.check_model()


def test_a_quiet_day_brings_nothing(world: World) -> None:
    assert world.sync() == "delta"
    assert world.sync() == "delta"
    world.check_model()


def test_who_leaves_a_section_leaves_our_class_and_who_joins_is_in(world: World) -> None:
    section = world.section()
    told = world.district.objects["sections"][section]
    world.district.move(section, students=[*told["students"][1:], world.student(1)], teachers=[world.teacher(1)])
    assert world.sync() == "delta"
    world.check_model()


def test_a_role_that_is_taken_away_goes_and_the_others_stay(world: World) -> None:
    person = next(
        id
        for id, user in world.district.objects["users"].items()
        if "district_admin" in user["roles"] and "teacher" in user["roles"]
    )
    roles = {name: role for name, role in world.district.objects["users"][person]["roles"].items() if name != "staff"}
    world.district.change("users", person, roles=roles)
    assert world.sync() == "delta"
    world.check_model()


def test_unshared_is_archived_and_shared_again_is_the_same_person(world: World) -> None:
    student = world.student()
    before = world.school.active("users")[student]["sourced_id"]
    record = world.district.remove("users", student)
    assert world.sync() == "delta"
    assert student not in world.school.active("users")
    world.district.add("users", **record)
    assert world.sync() == "delta"
    assert world.school.active("users")[student]["sourced_id"] == before
    world.check_model()


def test_a_term_that_is_made_anew_takes_the_old_ones_place(world: World) -> None:
    term = next(iter(world.district.objects["terms"]))
    old = world.district.remove("terms", term)
    new = world.district.add("terms", **{name: value for name, value in old.items() if name not in {"id", "created"}})
    assert new["id"] != term
    assert world.sync() == "delta"
    world.check_model()


@pytest.mark.parametrize("fields", [{"email": "married@school.example"}, {"roles": None}])
def test_another_id_for_one_human_archives_the_old_one_and_keeps_its_history(
    world: World, fields: dict[str, Any]
) -> None:
    teacher = world.teacher()
    if "roles" in fields:
        roles = world.district.objects["users"][teacher]["roles"]
        fields = {"roles": {"teacher": {**roles["teacher"], "sis_id": "another"}}}
    new = world.district.replace_user(teacher, **fields)
    assert world.sync() == "delta"
    world.check_model()
    assert {teacher, new["id"]} <= {row["source_id"] for row in world.school.rows(roster_records)}


@pytest.mark.parametrize("world", [{"previous_inside": True}], indirect=True)
def test_old_values_are_found_in_either_place(world: World) -> None:
    world.district.move(world.section(), students=world.district.objects["sections"][world.section()]["students"][1:])
    assert world.sync() == "delta"
    world.check_model()


def _forget_all(world: World) -> None:
    world.district.events.clear()


def _drop_previous(world: World) -> None:
    world.district.move(world.section(), students=world.district.objects["sections"][world.section()]["students"][1:])
    world.district.events[-1].pop("previous_attributes")


def _disorder(world: World) -> None:
    world.district.move(world.section(), students=world.district.objects["sections"][world.section()]["students"][1:])
    world.district.events.append(world.district.events[-2])


def _no_object(world: World) -> None:
    world.district.move(world.section(), students=world.district.objects["sections"][world.section()]["students"][1:])
    world.district.events[-1]["data"] = {}


@pytest.mark.parametrize("gap", [_forget_all, _drop_previous, _disorder, _no_object])
def test_a_gap_reads_everything_at_once(world: World, gap: Callable[[World], None]) -> None:
    world.district.remove("users", world.student())
    gap(world)
    assert world.sync() == "full"
    world.check_model()


def test_a_feed_that_is_too_short_reads_everything(world: World) -> None:
    world.clever.switch(events_days=-1)
    world.district.change("users", world.student(), email=None)
    assert world.sync() == "full"
    world.check_model()


def test_events_that_were_switched_off_read_everything(world: World) -> None:
    world.clever.switch(events=False)
    world.district.change("users", world.student(), email=None)
    assert world.sync() == "full"
    assert world.sync() == "full"


def test_each_night_everything_is_read(world: World) -> None:
    assert world.sync(hours=21) == "full"
    assert world.sync() == "delta"


def test_news_of_the_district_itself_are_taken(world: World) -> None:
    world.district.name = "Westfield District"
    world.district._tell("districts", "updated", world.district.document("success"), {"name": "Northfield District"})
    assert world.sync() == "delta"
    world.check_model()


def _read(age: timedelta) -> Read:
    """Read on from an event of this age."""
    clever = SimulatedClever()
    district = a_district(clever)
    with serving(clever), plain_context() as context:
        own = context(read_settings(CleverSettings, settings_for(clever, district)))
        since = f"{int((own.now() - age).timestamp()):08x}{'0' * 16}"
        return gather(ROSTER.read(own, since=since))


@pytest.mark.parametrize("since", [timedelta(days=30), timedelta(days=1)])
def test_an_event_that_is_too_old_or_unknown_reads_everything(since: timedelta) -> None:
    finished = _read(since).finished
    assert finished is not None
    assert finished.mode == "full"


@pytest.mark.parametrize("since", ["", "no id", "zzzzzzzz0000000000000000"])
def test_a_cursor_that_is_none_reads_everything(since: str) -> None:
    clever = SimulatedClever(now=lambda: datetime(2026, 1, 5, tzinfo=UTC))
    district = a_district(clever)
    with serving(clever), plain_context() as context:
        own = context(read_settings(CleverSettings, settings_for(clever, district)))
        assert gather(ROSTER.read(own, since=since)).complete == frozenset(KINDS)


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["rename", "leave", "join", "unshare", "reshare", "school", "split", "sync"]),
              st.integers(0, 7), st.integers(0, 3)), min_size=1, max_size=6)  # fmt: skip


def _take(world: World, step: Step, away: list[dict[str, Any]]) -> None:
    what, person, place = step
    users, section = (
        list(world.district.objects["users"]),
        world.section(place % len(world.district.objects["sections"])),
    )
    user, told = users[person % len(users)], world.district.objects["sections"][section]
    match what:
        case "rename":
            world.district.change("users", user, name={"first": f"N{place}", "last": "X", "middle": ""})
        case "leave" if told["students"]:
            world.district.move(section, students=told["students"][:-1])
        case "join":
            world.district.move(section, students=list(dict.fromkeys([*told["students"], user])))
        case "unshare":
            away.append(world.district.remove("users", user))
        case "reshare" if away:
            world.district.add("users", **away.pop())
        case "school":
            schools = list(world.district.objects["schools"])
            roles = world.district.objects["users"][user]["roles"]
            moved = {name: {**role, "schools": [schools[place % 2]]} for name, role in roles.items()}
            moved = {
                name: {**role, "school": schools[place % 2]} if "school" in role else role
                for name, role in moved.items()
            }
            world.district.change("users", user, roles=moved)
        case "split":
            world.district.replace_user(user)
        case "sync":
            world.sync()


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_changes_come_to_what_a_full_reading_brings(world: World, steps: list[Step]) -> None:
    if world.clock() - START > timedelta(hours=10):
        world.sync(full=True)
    away: list[dict[str, Any]] = []
    for step in steps:
        _take(world, step, away)
    for record in away:
        world.district.add("users", **record)
    assert world.sync() == "delta"
    seen = world.school.seen()
    assert world.sync(full=True) == "full"
    assert world.school.seen() == seen
