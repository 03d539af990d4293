"""Signing in with a native account, what a session is good for, and what other sites can't do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.services.native.visits import IDLE, LONGEST
from gateway.store.native.accounts import change_account
from gateway.store.tables import account_sessions, orgs, users
from tests.support.launching import GATE
from tests.support.natives import PASSWORD, NativeWorld, form_token, post, words


def test_a_teacher_signs_in_and_sees_their_home(native: NativeWorld) -> None:
    native.add()
    home = native.signed_in().get("/home", base_url=GATE)
    assert "Hello, Ann Example" in words(home)
    assert "Elm School" in words(home)


def test_a_username_is_one_for_the_gateway_whatever_its_case(native: NativeWorld) -> None:
    native.add("ann.lee")
    with pytest.raises(Exception, match=r"native\.username_taken"):
        native.add(" Ann.LEE", org=native.add_school("Far School"))
    assert native.sign_in("ANN.Lee ")[1].status_code == 303


@pytest.mark.parametrize("case", ["unknown", "wrong password", "deactivated"])
def test_whoever_may_not_in_hears_the_same(quick: NativeWorld, case: str) -> None:  # E2
    member = quick.add()
    if case == "deactivated":
        with quick.store.transaction() as connection:
            change_account(connection, quick.school.tenant_id, member.account_id, status="deactivated")
    name, password = ("bob" if case == "unknown" else "ann"), ("wrong" if case == "wrong password" else PASSWORD)
    answer = quick.sign_in(name, password)[1]
    assert answer.status_code == 403
    assert "Username and password do not go together." in words(answer)
    assert quick.world.count(account_sessions) == 0


@pytest.mark.parametrize(("table", "change"), [(users, {"enabled_user": False}), (orgs, {"suspended_at": None})])
def test_who_is_switched_off_is_out_at_once_and_can_not_come_back(
    quick: NativeWorld, table: object, change: dict[str, object]
) -> None:  # A19
    quick.add()
    browser = quick.signed_in()
    change = {name: value if value is False else quick.world.clock() for name, value in change.items()}
    quick.world.change(table, **change)  # type: ignore[arg-type]
    assert browser.get("/home", base_url=GATE).status_code == 403
    assert quick.sign_in()[1].status_code == 403


@pytest.mark.parametrize("rest", [IDLE, LONGEST])
def test_a_session_ends_by_itself(quick: NativeWorld, rest: timedelta) -> None:
    quick.add()
    browser = quick.signed_in()
    for _ in range(int(rest / IDLE * 2) - 1):
        quick.world.clock.move(seconds=IDLE.total_seconds() / 2)
        assert browser.get("/home", base_url=GATE).status_code == 200
    quick.world.clock.move(seconds=IDLE.total_seconds() if rest == IDLE else IDLE.total_seconds() / 2)
    assert browser.get("/home", base_url=GATE).location == "/sign-in?next=/home"


def test_a_sign_in_ends_the_session_that_the_browser_had(quick: NativeWorld) -> None:  # J2
    quick.add()
    browser = quick.signed_in()
    before = browser.get_cookie("native")
    browser.post("/sign-in", data={"username": "ann", "password": PASSWORD}, base_url=GATE)
    after = browser.get_cookie("native")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert quick.native.visits.visit(before.value) is None


def test_signing_out_ends_the_session_itself(quick: NativeWorld) -> None:
    quick.add()
    browser = quick.signed_in()
    cookie = browser.get_cookie("native")
    assert cookie is not None
    assert post(browser, "/sign-out").location == "/sign-in?left=1"
    assert quick.native.visits.visit(cookie.value) is None


def test_a_form_of_another_page_does_nothing(quick: NativeWorld) -> None:  # J2
    quick.add()
    browser = quick.signed_in()
    assert browser.post("/sign-out", data={"form_token": "x"}, base_url=GATE).status_code == 403
    elsewhere = {"Origin": "https://evil.example"}
    token = form_token(browser)
    refused = browser.post("/sign-out", data={"form_token": token}, base_url=GATE, headers=elsewhere)
    assert refused.status_code == 403
    assert quick.sign_in(headers=elsewhere)[1].status_code == 403
    assert browser.get("/home", base_url=GATE).status_code == 200


@pytest.mark.parametrize("wished", ["//evil.example", "/\\evil.example", "https://evil.example", "/a?b", ""])
def test_a_sign_in_leads_only_to_pages_of_ours(quick: NativeWorld, wished: str) -> None:
    quick.add()
    form = {"username": "ann", "password": PASSWORD, "next": wished}
    assert quick.browser().post("/sign-in", data=form, base_url=GATE).location == "/home"


def test_no_page_may_be_framed_or_kept(quick: NativeWorld) -> None:  # J2
    answer = quick.browser().get("/sign-in", base_url=GATE)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
