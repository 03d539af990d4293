"""Schoology's gradebook by REST: enrollments that are over, bulk answers whose items failed, and wobbling types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract import LineItem, Refused, Score, Unavailable, read_settings
from providers.kit.simulator.roster_data import made_up_roster
from providers.kit.simulator.serving import running
from providers.schoology import roster_grades
from providers.schoology.settings import SchoologySettings
from providers.schoology.simulator import rest_settings
from providers.schoology.simulator_api import ApiSwitches, SchoologyApi, create_api
from tests.support.rostering import plain_context

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
WANTED = LineItem("Quiz", 10, resource_id="0191")


class World:
    """A section of a simulated Schoology, and one of its students."""

    def __init__(self, api: SchoologyApi, base: str, context: Any) -> None:
        self.api = api
        self._context = context(read_settings(SchoologySettings, {"client_id": "1", **rest_settings(base)}))

    def post(self, given: float | None = 8, **changes: Any) -> str:
        section = str(self.api.rows.numbers.of("classes", "k-1-math"))
        student = str(self.api.rows.numbers.of("users", "p-0"))
        book = roster_grades.gradebook(self._context, section)
        return book.post_score(str(book.open_line_item(WANTED).url), Score(student, AT, given, 10, **changes))

    def switch(self, **changes: Any) -> None:
        self.api.switches = replace(ApiSwitches(), **changes)

    def enrollment(self, status: int) -> None:
        self.api.roster["enrollments"][0]["schoology"] = status
        self.switch()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[SchoologyApi, str]]:
    api = SchoologyApi()
    with running(lambda _: create_api(api)) as base:
        yield api, base


@pytest.fixture
def world(served: tuple[SchoologyApi, str]) -> Iterator[World]:
    api, base = served
    api.roster = made_up_roster(12)
    api.switches = ApiSwitches()
    api.gradebook.reset()
    with plain_context() as context:
        yield World(api, base, context)


@pytest.mark.parametrize(("status", "code"), [(2, "student_not_in_course"), (3, "student_not_in_course")])
def test_who_has_left_or_is_only_invited_has_no_grade(world: World, status: int, code: str) -> None:
    world.enrollment(status)
    with pytest.raises(Refused, match=rf"grades\.{code}"):
        world.post()


def test_an_archived_section_is_a_course_that_ended(world: World) -> None:
    world.enrollment(5)
    with pytest.raises(Refused, match=r"grades\.course_ended"):
        world.post()


@pytest.mark.parametrize("status", [200, 207])
def test_an_item_that_failed_is_refused_although_the_answer_is_well(world: World, status: int) -> None:
    world.switch(grade_items_fail=True, bulk_status=status)
    with pytest.raises(Refused, match=r"grades\.score_refused"):
        world.post()


def test_a_whole_answer_of_several_statuses_is_well(world: World) -> None:
    world.switch(bulk_status=207)
    assert world.post() == "recorded"


def test_an_item_that_is_busy_is_sent_again(world: World) -> None:
    with pytest.raises(Unavailable, match=r"rest\.busy"):
        roster_grades._look_at_items({"grades": {"grade": [{"response_code": "429"}]}})


def test_a_key_whose_owner_may_not_grade_has_a_code(world: World) -> None:
    world.switch(may_grade=False)
    with pytest.raises(Refused, match=r"grades\.refused"):
        world.post()


def test_wobbling_types_change_no_grade(world: World) -> None:
    world.switch(wobble=True)
    assert [world.post(), world.post(9, comment="Better")] == ["recorded", "recorded"]
    (stands,) = world.api.gradebook.grades.values()
    assert (stands.points, stands.comments) == (9, ("Better",))
