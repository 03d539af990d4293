"""A copied link's first grade: its column came with the copy, so it is found and no second one is made."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from gateway.store.tables import contexts, notices, resource_links
from providers.kit.simulator.people import ALGEBRA, ROBOTICS
from tests.support.classes import Classroom, classroom
from tests.support.grading import Grading
from tests.support.noticing import class_id, copied, history, send, work


def _give_first_grade(room: Classroom, grading: Grading, course: int, item: str) -> str:
    """Launch from the course, put a line item on its link and grade Robin; return our class."""
    told = room.world.launch("robin", course, platform=room.platform)
    link = next(row for row in room.world.rows(resource_links) if row["resource_link_id"] == f"link-{course}")
    own = class_id(room.world, told)
    placed: dict[str, Any] = {"class": {"sourcedId": own}, "metadata": {"lti_resource_link": link["id"]}}
    assert grading.put_item(item, **placed).status_code == 201
    student = grading.student("Vega")
    assert grading.put(7, id=f"r-{item}", item=item, student=student).status_code == 201
    grading.send(own)
    return own


@pytest.mark.parametrize("told_by", ["notice", "launch"])
def test_the_first_grade_of_a_copied_link_finds_its_column(sqlite_url: str, told_by: str) -> None:
    with classroom(sqlite_url) as room:
        grading = Grading(room)
        origin = _give_first_grade(room, grading, 101, "quiz-1")
        if told_by == "notice":
            assert send(
                room.world, copied(room.world, ALGEBRA, ROBOTICS, platform=room.platform), platform=room.platform
            ) == (200, ["accepted"])
            work(room.world)
            assert [row["state"] for row in room.world.rows(notices)] == ["kept"]
        else:
            room.platform.switch(context_history="course-101", link_history="link-101")
        copy = _give_first_grade(room, grading, 102, "quiz-2")
        assert history(room.world, room.world.launch("robin", 102, platform=room.platform)) == origin != copy
        assert len(room.world.rows(contexts)) == 2
        columns = room.platform.services.gradebook.columns
        assert {(column.course, column.is_coupled) for column in columns.values()} == {(101, True), (102, True)}
        assert [(written.item, written.body["scoreGiven"]) for written in grading.written] == [("c101", 7), ("c102", 7)]
        assert room.platform.requests["line_items"] == 0  # neither asked for nor made


@pytest.mark.parametrize("link", ["link-101", "link-102", None])
def test_a_copied_column_is_found_by_what_it_had_where_it_came_from(sqlite_url: str, link: str | None) -> None:
    with classroom(sqlite_url) as room:
        grading, gradebook = Grading(room), room.platform.services.gradebook
        room.platform.switch(line_item_of_link=False)
        _give_first_grade(room, grading, 101, "quiz-1")
        gradebook.copy(ALGEBRA, ROBOTICS, resourceLinkId=link)
        room.platform.switch(line_item_of_link=False, context_history="course-101", link_history="link-101")
        _give_first_grade(room, grading, 102, "quiz-2")
        assert [(each.course, each.body["resourceId"]) for each in gradebook.columns.values()] == [
            (101, "quiz-1"), (102, "quiz-1"),
        ]  # fmt: skip
        assert [(written.item, written.body["scoreGiven"]) for written in grading.written] == [
            ("t1", 7), ("t1-copy102", 7),
        ]  # fmt: skip


def test_a_link_copied_within_its_course_leaves_the_original_its_column(sqlite_url: str) -> None:
    with classroom(sqlite_url) as room:
        grading, gradebook = Grading(room), room.platform.services.gradebook
        room.platform.switch(line_item_of_link=False)
        own = _give_first_grade(room, grading, 101, "quiz-1")
        link = room.world.rows(resource_links)[0]
        twin = {**link, "id": "twin", "resource_link_id": "link-twin", "copied_from": link["id"]}
        with room.world.store.transaction() as connection:
            connection.execute(insert(resource_links), twin)
        placed: dict[str, Any] = {"class": {"sourcedId": own}, "metadata": {"lti_resource_link": "twin"}}
        assert grading.put_item("quiz-2", **placed).status_code == 201
        grading.put(5, id="r-2", item="quiz-2", student=grading.student("Vega"))
        grading.send(own)
        assert [each.body["resourceId"] for each in gradebook.columns.values()] == ["quiz-1", "quiz-2"]
