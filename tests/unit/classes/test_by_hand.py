"""Students are added one after the other in one form, which says what is wrong before anything is saved."""

from __future__ import annotations

import re

import pytest

from gateway.store.tables import users
from tests.support.classrooms import Rooms
from tests.support.natives import PASSWORD, words

BO = {"givenName": "Bo", "familyName": "Berg", "username": "bo@elm.example", "password": PASSWORD}


def test_a_saved_student_is_confirmed_listed_and_the_form_is_empty_for_the_next(rooms: Rooms) -> None:
    answer = rooms.post("/students/new", **BO, grade="5", before="Cy Ray")
    assert answer.status_code == 200
    assert "Bo Berg is added. The username is bo@elm.example" in words(answer)
    assert re.search(r"Added just now Bo Berg Cy Ray", words(answer))
    assert 'value="Bo"' not in answer.text
    assert rooms.natives.sign_in("bo@elm.example")[1].status_code == 303
    assert "Bo Berg bo@elm.example" in words(rooms.get("/students?q=berg"))


def test_a_password_that_we_made_is_shown_once_and_works(rooms: Rooms) -> None:
    answer = rooms.post("/students/new", **{**BO, "password": ""})
    made = re.search(r"<code>(\w+-\w+-\w+-\d\d)</code>", answer.text)
    assert made is not None
    assert rooms.natives.sign_in("bo@elm.example", made[1])[1].status_code == 303


def test_a_student_goes_straight_into_a_class(rooms: Rooms) -> None:
    class_id = rooms.make_class()
    answer = rooms.post("/students/new", **BO, **{"class": class_id})
    assert rooms.students(class_id) == ["Bo Berg"]
    assert f'value="{class_id}" selected' in answer.text  # the next one, too


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"givenName": ""}, "This is empty"),
        ({"username": "b o"}, "no spaces"),
        ({"username": "ann"}, "is taken"),
        ({"password": "short"}, "password"),
        ({"givenName": "x" * 101}, "too long"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved_or_lost(rooms: Rooms, fields: dict[str, str], told: str) -> None:
    answer = rooms.post("/students/new", **{**BO, **fields})
    assert (answer.status_code, told in words(answer)) == (400, True)
    assert 'value="Berg"' in answer.text
    assert len(rooms.natives.world.rows(users)) == 1


def test_a_name_that_is_there_already_is_asked_about_first(rooms: Rooms) -> None:
    rooms.post("/students/new", **BO)
    again = {**BO, "givenName": "BO", "username": "bo2"}
    asked = rooms.post("/students/new", **again)
    assert (asked.status_code, "with this name already" in words(asked)) == (400, True)
    assert "is added" in words(rooms.post("/students/new", **again, another="yes"))


def test_a_student_who_is_not_active_yet_does_not_come_in(rooms: Rooms) -> None:
    rooms.post("/students/new", **BO, status="inactive")
    assert rooms.natives.sign_in("bo@elm.example")[1].status_code == 403
    assert "Not active" in words(rooms.get("/students"))


def test_a_school_of_others_can_not_be_chosen(rooms: Rooms) -> None:  # E5
    far = rooms.natives.add_school("Far School")
    paths = ("/students", "/students/new", "/students/import")
    assert {rooms.get(f"{path}?school={far.sourced_id}").status_code for path in paths} == {404}
    assert rooms.post(f"/students/new?school={far.sourced_id}", **BO).status_code == 404
    assert rooms.post("/classes/new", title="Art", school=far.sourced_id).status_code == 404
