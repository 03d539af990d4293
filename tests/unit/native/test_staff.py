"""Staff sign up with an access code, which says what they may be; what it does not, it never says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.services.api.callers import Caller
from gateway.store.tables import accounts, attempts, redemptions, roles, users
from tests.support.launching import GATE
from tests.support.mailbox import Mailbox
from tests.support.natives import NativeWorld, form_token, post, words

_FORM = {
    "given_name": "Eva",
    "family_name": "Lind",
    "email": "eva@elm.example",
    "username": "eva",
    "password": "four old grey cats",
}
_REFUSED = "This access code can't be used. Check it letter by letter, or ask whoever gave it to you."


def _send(browser: FlaskClient, path: str, **form: str) -> TestResponse:
    return browser.post(path, data=form, base_url=GATE)


def _join(native: NativeWorld, code: str, **changes: str) -> TestResponse:
    return _send(native.browser(), "/join/new", **{**_FORM, "code": code, **changes})


def test_a_code_makes_a_teacher_who_is_signed_in(native: NativeWorld) -> None:
    code = native.code(seats=2)
    browser = native.browser()
    assert "Make your account" in words(_send(browser, "/join", code=f" {code.lower()} "))
    assert _send(browser, "/join/new", **_FORM, code=code).location == "/home"
    home = words(browser.get("/home", base_url=GATE))
    assert "Hello, Eva Lind" in home
    assert "Please confirm your e-mail address" in home
    [role] = native.world.rows(roles)
    assert (role["role"], role["org_sourced_id"], role["source"]) == ("teacher", native.school.sourced_id, "native")
    assert native.native.orders.every(Caller("test"), org_id=None, before=None, limit=1)[0].seats_used == 1


def _spoil(native: NativeWorld, how: str) -> str:
    made = native.order(seats=1, expires_at=native.world.clock() + timedelta(days=1))
    if how == "used up":
        assert _join(native, str(made.code), username="first").status_code == 303
    elif how == "expired":
        native.world.clock.move(days=1)
    elif how == "order revoked":
        native.native.orders.revoke(Caller("test"), made.order.id)
    elif how == "code revoked":
        with native.store.transaction() as connection:
            native.native.orders.reissue(Caller("test"), connection, made.order.id)
    return "3333-3333-3333-3333" if how == "wrong" else str(made.code)


@pytest.mark.parametrize("how", ["wrong", "expired", "order revoked", "code revoked", "used up"])
def test_a_code_that_does_not_open_says_one_thing(quick: NativeWorld, how: str) -> None:  # E2
    code = _spoil(quick, how)
    before = quick.world.count(accounts)
    for answer in (_send(quick.browser(), "/join", code=code), _join(quick, code)):
        assert answer.status_code == 403
        assert _REFUSED in words(answer)
    assert quick.world.count(accounts) == before


def test_a_form_can_not_ask_for_more_than_the_code_grants(quick: NativeWorld) -> None:  # E5
    far = quick.add_school("Far School")
    assert _join(quick, quick.code(), role="districtAdministrator", school=far.sourced_id).status_code == 303
    [role] = quick.world.rows(roles)
    assert (role["role"], role["org_sourced_id"]) == ("teacher", quick.school.sourced_id)


def test_an_administrators_code_makes_administrators(quick: NativeWorld) -> None:
    assert _join(quick, quick.code(role="siteAdministrator")).status_code == 303
    assert quick.world.rows(roles)[0]["role"] == "siteAdministrator"


def test_a_districts_code_lets_choose_among_its_schools(quick: NativeWorld) -> None:
    oak = quick.add_school("Oak School", parent=quick.district)
    far = quick.add_school("Far School")
    code = quick.code(org=quick.district)
    page = words(_send(quick.browser(), "/join", code=code))
    assert "Elm School Oak School" in page
    assert "Far School" not in page
    for wrong in ("", far.sourced_id, quick.district.sourced_id):
        assert "Please choose your school." in words(_join(quick, code, school=wrong))
    assert _join(quick, code, school=oak.sourced_id).status_code == 303
    assert quick.world.rows(users)[0]["primary_org_sourced_id"] == oak.sourced_id


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"given_name": " "}, "Please write your first name."),
        ({"family_name": "x" * 101}, "Please write your last name."),
        ({"email": "eva"}, "This does not look like an e-mail address."),
        ({"username": "e v a"}, "and no spaces"),
        ({"username": "ANN"}, "This username is taken."),
        ({"password": "short"}, "A password needs at least 10 letters"),
        ({"password": "x" * 129}, "A password has at most 128"),
        ({"password": "password123"}, "This password is guessed quickly."),
        ({"password": "eva@elm.example"}, "This password is guessed quickly."),
    ],
)
def test_what_is_wrong_with_the_form_is_said_beside_it(quick: NativeWorld, wrong: dict[str, str], said: str) -> None:
    quick.add()
    answer = _join(quick, quick.code(), **wrong)
    assert answer.status_code == 400
    assert said in words(answer)
    assert _FORM["password"] not in answer.text
    assert quick.world.count(redemptions) == 0


def test_an_integrated_school_says_what_to_do_instead(quick: NativeWorld) -> None:
    code = quick.code()
    quick.world.join(org_id=quick.school.sourced_id)
    for answer in (_send(quick.browser(), "/join", code=code), _join(quick, code)):
        assert answer.status_code == 403
        assert "Its people and classes come from there by themselves" in words(answer)


def test_a_staff_room_with_one_address_and_one_code_is_let_in_and_a_guesser_is_not(quick: NativeWorld) -> None:  # E1
    code = quick.code()
    for _ in range(101):
        quick.native.sign_ups.look_up(code, quick.native_browser())
    answers = [_send(quick.browser(), "/join", code=f"3333-3333-3333-{number:04}") for number in range(101)]
    assert answers[99].status_code == 403
    assert answers[100].status_code == 429


def test_a_further_code_adds_to_the_account(native: NativeWorld) -> None:
    oak = native.add_school("Oak School", parent=native.district)
    native.add()
    browser, code = native.signed_in(), native.code(org=oak, seats=1)
    assert "Add this to your account?" in words(_send(browser, "/join", code=code))
    assert "It is in your account now" in words(post(browser, "/join/redeem", code=code))
    assert {row["org_sourced_id"] for row in native.world.rows(roles)} == {native.school.sourced_id, oak.sourced_id}
    assert native.world.count(redemptions) == 1
    assert _REFUSED in words(post(browser, "/join/redeem", code=code))


def test_a_code_of_another_tenant_is_refused_to_who_is_signed_in(quick: NativeWorld) -> None:  # J1
    quick.add()
    browser, code = quick.signed_in(), quick.code(org=quick.add_school("Far School"))
    assert _REFUSED in words(post(browser, "/join/redeem", code=code))
    assert quick.world.count(redemptions) == 0


def test_a_student_redeems_nothing(quick: NativeWorld) -> None:  # E5
    quick.add("sam", "student")
    answer = post(quick.signed_in("sam"), "/join/redeem", code=quick.code(role="siteAdministrator"))
    assert answer.status_code == 403
    assert quick.world.count(roles) == 1


def test_a_colleague_is_invited_as_a_teacher_and_no_more(posted: NativeWorld, box: Mailbox) -> None:  # E5
    assert _join(posted, posted.code(role="siteAdministrator", is_mailed=False)).status_code == 303
    browser = posted.signed_in("eva", _FORM["password"])
    assert post(browser, "/colleagues", email="bo@elm.example").location == "/colleagues?invited=1"
    assert "The mail is on its way." in words(browser.get("/colleagues?invited=1", base_url=GATE))
    posted.work()
    assert box.mails[-1]["Subject"] == "Eva Lind invites you to Reader"
    assert _join(posted, box.code(), username="bo").status_code == 303
    assert [row["role"] for row in posted.world.rows(roles)] == ["siteAdministrator", "teacher"]


@pytest.mark.parametrize(
    ("email", "said"), [("bo", "This does not look like"), ("bo@elm.example", "no order with a free")]
)
def test_an_invitation_that_can_not_be_says_why(quick: NativeWorld, email: str, said: str) -> None:
    quick.add()
    assert said in words(post(quick.signed_in(), "/colleagues", email=email))


def test_the_buyer_gets_a_new_code_and_nobody_learns_who_bought(posted: NativeWorld, box: Mailbox) -> None:  # E2
    posted.order("office@elm.example", is_mailed=False)
    pages = [_send(posted.browser(), "/join/lost", email=each) for each in ("Office@elm.example", "no@elm.example", "")]
    assert len({page.text for page in pages}) == 1
    assert "If something was ordered with this address" in words(pages[0])
    posted.work()
    assert [mail["To"] for mail in box.mails] == ["office@elm.example"]
    assert _join(posted, box.code()).status_code == 303


def test_a_mailbox_is_not_filled_by_who_asks_again_and_again(posted: NativeWorld, box: Mailbox) -> None:
    posted.order("office@elm.example", is_mailed=False)
    for _ in range(5):
        _send(posted.browser(), "/join/lost", email="office@elm.example")
        posted.work()
    assert len(box.mails) == 3


def test_asking_for_codes_ends_for_who_asks_without_end(quick: NativeWorld) -> None:  # E1
    quick.world.change(attempts, spent=0)
    answers = [
        _send(quick.browser(), path, email="x", username="x") for path in ("/join/lost", "/forgot") for _ in range(31)
    ]
    assert [answers[0].status_code, answers[-1].status_code] == [200, 429]
    assert _send(quick.browser(), "/join/lost", email="x").status_code == 429


def test_no_code_stands_in_an_address(quick: NativeWorld) -> None:  # E4
    code = quick.code()
    assert "Make your account" not in words(quick.browser().get(f"/join?code={code}", base_url=GATE))
    opened = _send(quick.browser(), "/join", code=code)
    assert opened.request.query_string == b""
    assert opened.headers["Referrer-Policy"] == "same-origin"


def test_forms_of_other_sites_do_nothing(quick: NativeWorld) -> None:  # J2
    quick.add()
    browser, code = quick.signed_in(), quick.code()
    elsewhere: dict[str, Any] = {"headers": {"Origin": "https://evil.example"}, "base_url": GATE}
    for path in ("/join", "/join/new", "/join/lost", "/forgot", "/letter"):
        answer = browser.post(path, data={**_FORM, "code": code}, **elsewhere)
        assert "This form is not from the page you have open." in words(answer), path
    data = {"form_token": form_token(browser), "code": code}
    assert browser.post("/join/redeem", data=data, **elsewhere).status_code == 403
    assert browser.post("/colleagues", data={"email": "a@b.example"}, base_url=GATE).status_code == 403
