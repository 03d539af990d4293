"""Canvas's gradebook by REST: sections of one course, permissions, scopes, and comments that pile up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.canvas import roster_grades
from providers.canvas.settings import CanvasSettings
from providers.canvas.simulator import rest_settings
from providers.canvas.simulator_api import ApiSwitches, CanvasApi, create_api
from providers.contract import LineItem, Misconfigured, Refused, Score, read_settings
from providers.kit.simulator.serving import running
from tests.support.rostering import plain_context

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
WANTED = LineItem("Quiz", 10, resource_id="0191")


class World:
    """A section of a simulated Canvas, and one of its students."""

    def __init__(self, api: CanvasApi, base: str, context: Any) -> None:
        self.api = api
        self.section = str(api.rows.numbers.of("classes", "k-1-math"))
        self.student = str(api.rows.numbers.of("users", "p-0"))
        self._context = context(read_settings(CanvasSettings, {"client_id": "1", **rest_settings(base)}))

    def post(self, given: float | None = 8, **changes: Any) -> str:
        book = roster_grades.gradebook(self._context, self.section)
        return book.post_score(str(book.open_line_item(WANTED).url), Score(self.student, AT, given, 10, **changes))

    def switch(self, **changes: Any) -> None:
        self.api.switches = replace(ApiSwitches(), **changes)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[CanvasApi, str]]:
    api = CanvasApi()
    with running(lambda _: create_api(api)) as base:
        yield api, base


@pytest.fixture
def world(served: tuple[CanvasApi, str]) -> Iterator[World]:
    with plain_context() as context:
        world = World(*served, context)
        world.api.gradebook.reset()
        world.switch()
        yield world


def test_a_course_with_one_section_has_a_column_for_all(world: World) -> None:
    world.post()
    (column,) = world.api.gradebook.columns.values()
    assert column.body["submission_types"] == ["none"]
    assert "only_visible_to_overrides" not in column.body


def test_a_key_without_the_scope_of_grades_has_a_code(world: World) -> None:
    world.switch(grade_scopes=False)
    with pytest.raises(Refused, match=r"grades\.scope_missing"):
        world.post()


@pytest.mark.parametrize("status", [401, 403])
def test_an_owner_who_manages_no_grades_has_a_code(world: World, status: int) -> None:
    world.switch(may_grade=False, unauthorized_status=status)
    with pytest.raises(Refused, match=r"grades\.refused"):
        world.post()


def test_a_comment_that_stands_there_last_is_not_written_again(world: World) -> None:
    assert world.post(comment="Good") == "recorded"
    assert world.post(comment="Good") == "known"
    assert world.post(9, comment="Good") == "recorded"
    (stands,) = world.api.gradebook.grades.values()
    assert (stands.points, stands.comments) == (9, ("Good",))


def test_an_address_that_is_no_assignments_is_a_column_that_is_gone(world: World) -> None:
    book = roster_grades.gradebook(world._context, world.section)
    with pytest.raises(Misconfigured, match=r"grades\.line_item_gone"):
        book.post_score("https://lms.example/lineitems/7", Score(world.student, AT, 8, 10))


def test_in_a_course_with_several_sections_a_column_is_the_sections_own(world: World) -> None:
    world.switch(odd=frozenset({"one_user_in_two_sections"}))
    assert world.post() == "recorded"
    (column,) = world.api.gradebook.columns.values()
    assert column.body["assignment_overrides"] == [{"course_section_id": int(world.section)}]
    world.section = str(world.api.rows.numbers.of("classes", "k-second"))
    with pytest.raises(Refused, match=r"grades\.refused"):
        world.post()  # the same mark leads to the first section's column, which is not assigned here
