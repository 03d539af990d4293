"""What a teacher does with classes, and that nobody does it with another one's."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from gateway.store.tables import enrollments
from tests.support.classrooms import Rooms
from tests.support.natives import words


def made(rooms: Rooms, title: str = "Maths 5a") -> str:
    answer = rooms.post("/classes/new", title=title)
    return str(answer.headers["Location"]).partition("?")[0]


def test_a_class_is_made_and_stands_in_the_list(rooms: Rooms) -> None:
    page = words(rooms.get(made(rooms)))
    assert "Maths 5a" in page
    assert "Ann Example" in page
    assert "Maths 5a 0 students" in words(rooms.get("/classes"))


@pytest.mark.parametrize("title", ["", "   ", "x" * 81, "a\0b"])
def test_a_class_without_a_good_name_is_not_made(rooms: Rooms, title: str) -> None:
    answer = rooms.post("/classes/new", title=title)
    assert (answer.status_code, "needs a name" in answer.text) == (400, True)


def test_a_class_is_renamed_archived_and_brought_back_with_the_same_id(rooms: Rooms) -> None:
    path = made(rooms)
    rooms.post(f"{path}/edit", title="Maths 6a")
    rooms.post(f"{path}/archive")
    assert "Archived classes (1)" in words(rooms.get("/classes"))
    rooms.post(f"{path}/archive", back="yes")
    assert "Maths 6a 0 students" in words(rooms.get("/classes"))


def test_a_co_teacher_sees_the_class_and_the_last_teacher_stays(rooms: Rooms) -> None:
    other, path = rooms.natives.add("cyd"), made(rooms)
    browser = rooms.natives.signed_in("cyd")
    assert rooms.get(path, browser).status_code == 404
    rooms.post(f"{path}/teachers", person=other.user_id)
    assert rooms.get(path, browser).status_code == 200
    me = rooms.visitor().user_id
    rooms.post(f"{path}/teachers", browser, out=me)
    refused = rooms.post(f"{path}/teachers", browser, out=other.user_id)
    assert "at least one teacher" in words(refused)


def test_students_are_searched_and_put_into_a_class_several_at_once(rooms: Rooms) -> None:
    bo, cy = (rooms.natives.add(name, "student") for name in ("bo", "cy"))
    path = made(rooms)
    assert "Bo Example" in words(rooms.get(f"{path}/students?q=bo EX"))
    assert "Cy Example" not in words(rooms.get(f"{path}/students?q=bo EX"))
    answer = rooms.post(f"{path}/students", person=[bo.user_id, cy.user_id, bo.user_id])
    assert answer.headers["Location"].endswith("added=2")
    assert rooms.students(path.rpartition("/")[2]) == ["Bo Example", "Cy Example"]


def test_a_student_is_taken_out_and_comes_back_to_the_same_place(rooms: Rooms) -> None:
    bo, path = rooms.natives.add("bo", "student"), made(rooms)
    rooms.post(f"{path}/students", person=bo.user_id)
    rooms.post(f"{path}/leave", person=bo.user_id)
    assert rooms.students(path.rpartition("/")[2]) == []
    rooms.post(f"{path}/students", person=bo.user_id)
    found = rooms.natives.world.rows(enrollments)
    assert sorted((row["role"], row["status"]) for row in found) == [("student", "active"), ("teacher", "active")]


def test_nobody_is_put_into_a_class_who_is_not_of_the_school(rooms: Rooms) -> None:  # E5
    far = rooms.natives.add_school("Far School")
    stranger, path = rooms.natives.add("zed", "student", org=far), made(rooms)
    assert rooms.post(f"{path}/students", person=stranger.user_id).headers["Location"].endswith("added=0")


def test_an_administrator_sees_every_class_of_the_school_and_of_no_other(rooms: Rooms) -> None:
    other = rooms.natives.add_school("Oak School", parent=rooms.natives.district)
    path = made(rooms)
    rooms.natives.add("head", "siteAdministrator")
    rooms.natives.add("far", "siteAdministrator", org=other)
    assert rooms.get(path, rooms.natives.signed_in("head")).status_code == 200
    assert rooms.get(path, rooms.natives.signed_in("far")).status_code == 404


def test_a_district_administrator_sees_the_classes_of_all_schools_below(rooms: Rooms) -> None:
    rooms.natives.add("dot", "districtAdministrator", org=rooms.natives.district)
    path, browser = made(rooms), rooms.natives.signed_in("dot")
    assert rooms.get(path, browser).status_code == 200
    assert "Elm School" in words(rooms.get("/students", browser))


PATHS = ["", "/edit", "/students", "/code", "/code/sheet", "/waiting"]


@pytest.fixture
def strangers(rooms: Rooms) -> list[FlaskClient]:
    """A teacher of another tenant, one of the same school, and a student."""
    rooms.natives.add("far", "teacher", org=rooms.natives.add_school("Far School"))
    rooms.natives.add("next", "teacher")
    return [rooms.natives.signed_in(name) for name in ("far", "next")]


def test_a_class_is_not_there_for_others(rooms: Rooms, strangers: list[FlaskClient]) -> None:
    path = made(rooms)
    statuses = {rooms.get(f"{path}{more}", browser).status_code for browser in strangers for more in PATHS}
    posted = ("/edit", "/archive", "/teachers", "/students", "/leave", "/code", "/waiting")
    statuses |= {
        rooms.post(f"{path}{more}", browser, title="x").status_code for browser in strangers for more in posted
    }
    assert statuses == {404}


def test_students_do_not_come_to_the_staffs_pages(rooms: Rooms) -> None:
    rooms.natives.add("bo", "student")
    browser = rooms.natives.signed_in("bo")
    paths = ("/classes", "/classes/new", "/students", "/students/new", "/students/import")
    assert {rooms.get(path, browser).status_code for path in paths} == {403}


def test_at_an_integrated_school_nothing_is_added_by_hand_from_that_moment_on(rooms: Rooms) -> None:
    bo, path = rooms.natives.add("bo", "student"), made(rooms)
    code = rooms.make_code(path.rpartition("/")[2])
    rooms.natives.world.join(org_id=rooms.school.sourced_id)
    student = {"givenName": "A", "familyName": "B", "username": "a.b"}
    answers = [
        rooms.post("/classes/new", title="Art"),
        rooms.post(f"{path}/edit", title="Art"),
        rooms.post(f"{path}/archive"),
        rooms.post(f"{path}/teachers", person=bo.user_id),
        rooms.post(f"{path}/students", person=bo.user_id),
        rooms.post(f"{path}/leave", person=bo.user_id),
        rooms.post(f"{path}/code", do="make"),
        rooms.post(f"{path}/waiting", person=bo.user_id, do="in"),
        rooms.post("/students/new", **student),
        rooms.post("/students/import"),
        rooms.join(code),
        *(
            rooms.get(each)
            for each in ("/classes/new", f"{path}/students", f"{path}/code", "/students/new", "/students/import")
        ),
    ]
    assert [each.status_code for each in answers] == [403] * len(answers)
    assert all("is connected through" in each.text for each in answers)
    assert rooms.get(path).status_code == 200
