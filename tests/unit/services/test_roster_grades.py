"""Grades of classes that a roster brought and no launch ever opened, from an application's call to the provider."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import delete, update

import providers
from gateway.store.applications import add_application
from gateway.store.tables import contexts, enrollments, integrations, line_items, roster_records
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.loading import own_roster, roster_simulator
from providers.kit.simulator.people import ALGEBRA
from providers.kit.simulator.roster_data import made_up_roster
from providers.kit.simulator.roster_gradebook import RosterGradebook
from providers.kit.simulator.simulated_roster import SimulatedRoster
from tests.support.classes import Classroom
from tests.support.grading import Grading
from tests.support.launching import a_config, launching
from tests.support.oidc_world import an_application

ROOMS = sorted(key for key, room in providers.rooms().items() if room.roster_grades)
WITHOUT = sorted(key for key, room in providers.rooms().items() if room.roster and not room.grades)


@dataclass
class Rostered(Grading):
    """A school whose roster was synced."""

    system: SimulatedRoster | None = None

    @property
    def book(self) -> RosterGradebook:
        assert self.system
        assert self.system.gradebook
        return self.system.gradebook

    def member(self, number: int = 0) -> str:
        rows = self.room.world.rows(enrollments)
        found = [row["user_sourced_id"] for row in rows if row["class_sourced_id"] == self.room.class_id]
        students = {row["user_sourced_id"] for row in rows if row["role"] == "student"}
        return sorted(str(each) for each in found if each in students)[number]

    def change(self, table: Any, **values: Any) -> None:
        with self.room.world.store.statements() as connection:
            connection.execute(update(table).values(**values))


@contextmanager
def rostered(database_url: str, key: str, folder: Path) -> Iterator[Rostered]:
    """Let a school join by its provider and sync its roster."""
    has_launches = providers.room(key).launch is not None
    with (
        launching(database_url, joined=False, SCHOOLGATE_ALLOW_HOSTS="127.0.0.1") as world,
        roster_simulator(key).simulate_roster(own_roster(key) if has_launches else made_up_roster(6), folder) as system,
    ):
        add_application(world.store, an_application(), world.clock())
        if has_launches:
            own = {name: value for name, value in system.settings.items() if name != "client_id"}
            world.join(a_config(), provider=key, **own)
            integration_id = world.integration_id
        else:
            added = world.gate.integrations.add(key, org_id=world.add_org(), values=system.settings, actor="test")
            integration_id = added.integration_id
        assert world.gate.syncs.run(integration_id, actor="test").status == "applied"
        yield Rostered(Classroom(world, cast(Any, world.platforms[-1][1] if has_launches else None)), system=system)


@pytest.fixture(params=ROOMS)
def each(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Rostered]:
    with rostered(database_url, request.param, tmp_path) as found:
        yield found


@pytest.fixture
def one(sqlite_url: str, tmp_path: Path) -> Iterator[Rostered]:
    with rostered(sqlite_url, ROOMS[0], tmp_path) as found:
        yield found


def test_a_result_arrives_without_any_launch(each: Rostered) -> None:
    each.put_item()
    each.put(8, student=each.member(), comment="Well done")
    assert each.send() is None
    assert each.result()["metadata"]["lms.state"] == "sent"
    assert [(grade.points, grade.comments) for grade in each.book.written] == [(8, ("Well done",))]
    (seen,) = each.room.world.gate.grade_reading.results("app", "quiz-1")
    assert (seen.user, seen.score, seen.sent, seen.comment) == (each.member(), 8, 8, "Well done")


def test_a_line_item_has_one_column_whatever_gets_lost(one: Rostered) -> None:
    one.put_item()
    one.put(8, student=one.member())
    one.book.faults.plan("columns", [Fault(502, is_after=True)])
    one.book.faults.plan("grades", [Fault(503), Fault(502, is_after=True)])
    one.send_all()
    assert (len(one.book.columns), [grade.points for grade in one.book.grades.values()]) == (1, [8])
    assert one.states() == [("sent", None)]


def test_applications_that_call_their_line_items_alike_have_columns_of_their_own(one: Rostered) -> None:
    one.put_item("quiz-1")
    one.put(1, student=one.member())
    one.change(line_items, sourced_id="another's")
    one.put_item("quiz-1")
    one.put(2, id="r-2", student=one.member())
    one.send()
    assert sorted(grade.points or 0 for grade in one.book.grades.values()) == [1, 2]


def test_a_deleted_column_is_made_once_more(one: Rostered) -> None:
    one.put_item()
    one.put(1, student=one.member())
    one.send()
    one.book.columns.clear()
    one.put(2, student=one.member())
    one.send()
    assert one.states() == [("sent", None)] * 2
    assert len(one.book.columns) == 1


def test_a_launch_that_comes_later_makes_no_second_column(one: Rostered) -> None:
    one.put_item()
    one.put(1, student=one.member())
    one.send()
    scope = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
    one.room.launch("sam", course=ALGEBRA.id)
    one.change(contexts, grades_scopes=scope, line_items_url="https://lms.example/nowhere")
    one.put(2, student=one.member())
    one.send()
    assert (one.states()[-1], len(one.book.columns)) == (("sent", None), 1)


def test_an_integration_that_is_off_lets_scores_wait(one: Rostered) -> None:
    one.put_item()
    one.put(1, student=one.member())
    one.change(integrations, status="disabled")
    assert one.send() == 3600
    assert one.states() == [("waiting", "class.integration_off")]


def test_credentials_that_are_refused_let_scores_wait(one: Rostered) -> None:
    assert one.system
    one.system.strike("unauthorized")  # from some request on
    for name in ("a", "b", "c", "d"):
        one.put_item(name)
        one.put(1, id=name, item=name, student=one.member())
    assert one.send() == 3600
    assert one.states()[-1] == ("waiting", "rest.unauthorized")


def test_who_is_not_in_the_roster_has_a_reason(one: Rostered) -> None:
    one.put_item()
    one.put(1, student=one.member())
    with one.room.world.store.statements() as connection:
        connection.execute(delete(roster_records).where(roster_records.c.sourced_id == one.member()))
    one.send()
    assert one.states() == [("failed", "grades.student_unknown_to_lms")]


@pytest.mark.parametrize("key", WITHOUT)
def test_a_provider_without_grades_keeps_the_result_and_says_so(key: str, sqlite_url: str, tmp_path: Path) -> None:
    with rostered(sqlite_url, key, tmp_path) as found:
        found.put_item()
        found.put(8, student=found.member())
        found.send()
        told = found.result()
    assert (told["score"], told["metadata"]["lms.state"]) == (8, "kept")
    assert told["metadata"]["lms.reason"] == "grades.no_gradebook"
