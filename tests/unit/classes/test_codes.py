"""Class codes: made, shown, replaced, closed, locked; guessed in vain (E1, E2, E3, E4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.services.classes import codes
from gateway.services.classes.code_text import shown
from gateway.services.classes.codes import Guesser
from gateway.store.tables import users
from providers.contract import Refused, Unavailable
from tests.support.classrooms import Rooms
from tests.support.launching import GATE
from tests.support.natives import PASSWORD, words


@pytest.fixture
def class_id(rooms: Rooms) -> str:
    return rooms.make_class()


def look(rooms: Rooms, code: str, session: str = "s", account: str | None = None, address: str = "10.0.0.1") -> str:
    return rooms.parts.codes.look_up(code, Guesser(address, session, account)).title


def refusal(rooms: Rooms, code: str, **who: str) -> str:
    with pytest.raises(Refused, match="class_code_unknown") as refused:
        look(rooms, code, **who)
    return refused.value.sentence


def test_a_code_is_made_on_its_page_and_shown_large_and_on_a_sheet(rooms: Rooms, class_id: str) -> None:
    rooms.post(f"/classes/{class_id}/code", do="make", days="7")
    code = rooms.parts.codes.newest(rooms.visitor().tenant_id, class_id)
    assert code is not None
    assert (code.locks_at - code.created_at) == timedelta(days=7)
    assert shown(code.code) in rooms.get(f"/classes/{class_id}/code").text
    sheet = rooms.get(f"/classes/{class_id}/code/sheet").text
    assert shown(code.code) in sheet
    assert "<svg" in sheet


def test_a_new_code_closes_the_one_before(rooms: Rooms, class_id: str) -> None:  # E3
    first, second = rooms.make_code(class_id), rooms.make_code(class_id)
    assert look(rooms, second) == "Maths 5a"
    with pytest.raises(Refused, match="class_code_unknown"):
        look(rooms, first)


def test_a_closed_a_locked_and_an_archived_code_open_nothing(rooms: Rooms, class_id: str) -> None:  # E2, E3
    code = rooms.make_code(class_id)
    rooms.post(f"/classes/{class_id}/code", do="close")
    told = [refusal(rooms, code)]
    locked = rooms.make_code(class_id)
    rooms.natives.world.clock.move(seconds=15 * 86_400)
    told.append(refusal(rooms, locked))
    archived = rooms.make_code(class_id)
    rooms.parts.classes.archive(rooms.visitor(), class_id)
    told += [refusal(rooms, typed) for typed in (archived, "KMTR-4HXW", "nonsense")]
    assert len(set(told)) == 1


@pytest.mark.parametrize(
    ("limit", "who"),
    [
        ("BY_PERSON", {"session": "s"}),
        ("BY_PERSON", {"account": "a", "session": ""}),
        ("BY_ADDRESS", {"address": "::1"}),
    ],
)
def test_guesses_are_limited_by_session_account_and_address(  # E1
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, limit: str, who: dict[str, str]
) -> None:
    monkeypatch.setattr(codes, limit, 3)
    for at in range(3):
        refusal(rooms, "KMTR-4HXW", **{"session": f"s-{at}", "address": f"10.0.0.{at}", **who})
    with pytest.raises(Unavailable, match="too_many_tries"):
        look(rooms, "KMTR-4HXW", **{"session": "s-9", "address": "10.0.0.9", **who})


def test_a_right_code_takes_the_wrong_ones_back(rooms: Rooms, class_id: str) -> None:  # E1
    code = rooms.make_code(class_id)
    for _ in range(3):
        for _ in range(15):
            with pytest.raises(Refused):
                look(rooms, "KMTR-4HXW")
        assert look(rooms, code) == "Maths 5a"


@pytest.mark.parametrize("limit", ["BY_CODE", "BY_TENANT"])
def test_one_code_and_one_school_take_in_only_so_many_an_hour(  # E1
    rooms: Rooms, class_id: str, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(codes, limit, 1)
    code = rooms.make_code(class_id)
    assert rooms.join(code).status_code == 303
    late = rooms.join(code, username="cy.ray", givenName="Cy")
    assert (late.status_code, rooms.students(class_id)) == (429, ["Bo Berg"])


def test_a_student_joins_with_an_account_of_their_own_making(rooms: Rooms, class_id: str) -> None:
    code, browser = rooms.make_code(class_id), rooms.natives.browser()
    answer = rooms.join(code.lower(), browser)
    assert answer.status_code == 303
    assert code not in answer.headers["Location"]  # E4
    assert "You are in Maths 5a!" in words(rooms.get(answer.headers["Location"], browser))
    assert rooms.students(class_id) == ["Bo Berg"]
    (user,) = [row for row in rooms.natives.world.rows(users) if row["given_name"] == "Bo"]
    assert (user["email"], user["username"], user["primary_org_sourced_id"]) == (
        None,
        "bo.berg",
        rooms.school.sourced_id,
    )


def test_a_taken_username_is_said_with_free_ones_and_nothing_is_lost(rooms: Rooms, class_id: str) -> None:
    code = rooms.make_code(class_id)
    rooms.join(code)
    again = rooms.join(code, givenName="Bo", familyName="Bergman", username="BO.berg")
    assert again.status_code == 400
    assert "This username is taken" in words(again)
    assert "bo.b" in again.text
    assert 'value="Bergman"' in again.text
    assert PASSWORD not in again.text


def test_every_wrong_field_is_said_at_once(rooms: Rooms, class_id: str) -> None:
    answer = rooms.join(rooms.make_code(class_id), givenName="", username="b b", password="short")
    assert answer.status_code == 400
    assert [word in words(answer) for word in ("This is empty", "no spaces")] == [True, True]


@pytest.mark.parametrize("password", ["password1", "bo.berg12", "short"])
def test_a_password_that_is_guessed_quickly_is_not_taken(rooms: Rooms, class_id: str, password: str) -> None:
    answer = rooms.join(rooms.make_code(class_id), password=password)
    assert (answer.status_code, "This password is too" in words(answer)) == (400, True)


def test_a_student_with_an_account_joins_with_one_click(rooms: Rooms, class_id: str) -> None:
    rooms.natives.add("cy", "student")
    code, browser = rooms.make_code(class_id), rooms.natives.signed_in("cy")
    assert "Join this class" in words(browser.post("/code", data={"code": code}, base_url=GATE))
    assert rooms.post("/code/join", browser, code=code).status_code == 303
    assert rooms.post("/code/join", browser, code=code).status_code == 303  # twice is once
    assert rooms.students(class_id) == ["Cy Example"]


def test_a_student_signs_in_and_joins_in_one_go(rooms: Rooms, class_id: str) -> None:
    rooms.natives.add("cy", "student")
    code, browser = rooms.make_code(class_id), rooms.natives.browser()
    form = {"code": code, "known": "cy", "known_password": "wrong password"}
    assert "do not go together" in words(browser.post("/code/known", data=form, base_url=GATE))
    assert browser.post("/code/known", data={**form, "known_password": PASSWORD}, base_url=GATE).status_code == 303
    assert rooms.students(class_id) == ["Cy Example"]


def test_a_teacher_and_a_student_of_elsewhere_do_not_join(rooms: Rooms, class_id: str) -> None:  # E5
    rooms.natives.add("far", "student", org=rooms.natives.add_school("Far School"))
    code = rooms.make_code(class_id)
    assert "signed in as a teacher" in words(rooms.post("/code/join", code=code))
    elsewhere = {"code": code, "known": "far", "known_password": PASSWORD}
    assert "another school" in words(rooms.natives.browser().post("/code/known", data=elsewhere, base_url=GATE))
    assert rooms.students(class_id) == []


def test_with_approval_a_student_waits_and_is_let_in_or_not(rooms: Rooms, class_id: str) -> None:  # E3
    code = rooms.make_code(class_id)
    rooms.post(f"/classes/{class_id}/code", do="approval", approval="yes")
    browser = rooms.natives.browser()
    done = rooms.join(code, browser).headers["Location"]
    rooms.join(code, username="cy.ray", givenName="Cy")
    assert "Your teacher is asked" in words(rooms.get(done, browser))
    assert rooms.students(class_id) == []
    assert "2 waiting to join" in words(rooms.get("/classes"))
    bo, cy = rooms.parts.codes.waiting(rooms.visitor().tenant_id, class_id)
    rooms.post(f"/classes/{class_id}/waiting", person=bo.member.user_id, do="in")
    rooms.post(f"/classes/{class_id}/waiting", person=cy.member.user_id, do="away")
    assert rooms.students(class_id) == ["Bo Berg"]
    assert "You are in Maths 5a!" in words(rooms.get(done, browser))
    assert "Nobody is waiting" in words(rooms.get(f"/classes/{class_id}/waiting"))


def test_a_class_that_is_not_mine_has_no_page_that_says_done(rooms: Rooms, class_id: str) -> None:
    rooms.natives.add("cy", "student")
    browser = rooms.natives.signed_in("cy")
    assert {rooms.get(f"/code/done/{each}", browser).status_code for each in (class_id, "nothing")} == {404}


def test_a_code_from_another_site_is_not_taken(rooms: Rooms, class_id: str) -> None:  # J2
    code = rooms.make_code(class_id)
    answer = rooms.natives.browser().post(
        "/code",
        data={"code": code},
        base_url=GATE,
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
