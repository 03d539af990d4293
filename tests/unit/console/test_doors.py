"""The console's doors (J2): one-time links, sessions that end, forms that are ours, and nothing without them."""

from __future__ import annotations

import json

import pytest

from gateway.store.tables import audit, operator_sessions, operator_sign_ins
from tests.support.calling import Calling
from tests.support.consoling import Consoling, words
from tests.support.launching import GATE

PAGES = ("", "/connections", "/invites", "/launches", "/launches/AAAAA-AAAAA")
FORMS = ("/approvals/1", "/invites", "/invites/1/revoke", "/sign-out")


def test_a_link_opens_the_console_once(console: Consoling) -> None:
    path = console.link()
    answer = console.enter(path)
    assert (answer.status_code, answer.location) == (303, "/console")
    assert "Sign out (ann)" in words(console.get())
    assert console.enter(path, console.school.browser()).status_code == 403


def test_looking_at_a_link_uses_nothing_up(quick: Consoling) -> None:
    path, scanner = quick.link(), quick.school.browser()
    for method in ("HEAD", "GET", "GET"):
        looked = scanner.open(path, method=method, base_url=GATE)
        assert (looked.status_code, "Set-Cookie" in looked.headers) == (200, False)
    assert quick.enter(path).status_code == 303


def test_a_link_ends_after_ten_minutes(console: Consoling) -> None:
    path = console.link()
    console.school.world.clock.move(minutes=10)
    assert console.browser.get(path, base_url=GATE).status_code == 403
    assert console.enter(path).status_code == 403


def test_the_cookie_is_hidden_and_stays_here(quick: Consoling) -> None:  # J2
    cookie = quick.enter().headers["Set-Cookie"]
    for attribute in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_a_session_is_new_at_every_sign_in_and_ends_the_one_before(console: Consoling) -> None:  # J2, fixation
    before = console.browser.get_cookie("console", domain="gate.example") or console.browser.get_cookie("console")
    assert before is not None
    console.enter()
    planted = console.school.browser()
    planted.set_cookie("console", before.value)
    assert planted.get("/console", base_url=GATE).status_code == 403
    chosen = console.school.browser()
    chosen.set_cookie("console", "chosen-by-the-attacker")
    console.enter(browser=chosen)
    thief = console.school.browser()
    thief.set_cookie("console", "chosen-by-the-attacker")
    assert thief.get("/console", base_url=GATE).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_no_page_without_a_session(quick: Consoling, path: str) -> None:  # J1, J4
    answer = quick.school.browser().get(f"/console{path}", base_url=GATE)
    assert (answer.status_code, "You are not signed in." in answer.text) == (403, True)
    assert "Northfield" not in answer.text


@pytest.mark.parametrize("path", FORMS)
def test_no_form_without_a_session_or_from_elsewhere(quick: Consoling, path: str) -> None:  # J2, CSRF
    stranger = quick.school.browser()
    assert stranger.post(f"/console{path}", base_url=GATE).status_code == 403
    for wrong in ("", "0" * 32, "ü"):
        assert quick.post(path, form_token=wrong).status_code == 403
    token = quick.form_token
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = quick.browser.post(f"/console{path}", data={"form_token": token}, headers=headers, base_url=GATE)
        assert (answer.status_code, "operator.form" in answer.text) == (403, True)
    assert quick.get().status_code == 200  # still signed in


def test_another_site_can_not_press_the_button_of_a_link(quick: Consoling) -> None:  # J2, login CSRF
    path = quick.link("mallory")
    assert quick.enter(path, Origin="https://evil.example").status_code == 403
    assert quick.enter(path, Sec_Fetch_Site="same-site").status_code == 403
    assert quick.enter(path, Origin=GATE, Sec_Fetch_Site="same-origin").status_code == 303


def test_a_form_token_belongs_to_its_session(quick: Consoling) -> None:  # J2
    other = Consoling(quick.school)
    other.enter()
    assert quick.post("/sign-out", form_token=other.form_token).status_code == 403


def test_a_session_ends_when_nobody_comes_or_after_eight_hours(console: Consoling) -> None:
    for _ in range(9):
        assert console.get().status_code == 200
        console.school.world.clock.move(minutes=50)
    assert console.get().status_code == 200
    console.school.world.clock.move(minutes=31)
    assert console.get().status_code == 403  # eight hours
    console.enter()
    console.school.world.clock.move(hours=1)
    assert console.get().status_code == 403  # an hour without anybody


def test_signing_out_ends_the_session_on_the_server(console: Consoling) -> None:
    kept = console.browser.get_cookie("console")
    assert kept is not None
    assert console.post("/sign-out").location == "/console/signed-out"
    assert "You are signed out" in words(console.get("/signed-out"))
    console.browser.set_cookie("console", kept.value)
    assert console.get().status_code == 403


def test_an_operator_ends_everybodys_sessions_and_links(console: Consoling) -> None:
    path, sessions = console.link(), console.school.world.gate.operator_sessions
    assert sessions.sign_out_all("bob", actor="test") == 0
    assert console.get().status_code == 200
    assert sessions.sign_out_all(None, actor="test") == 1
    assert (console.get().status_code, console.enter(path).status_code) == (403, 403)


def test_secrets_are_kept_as_hashes_and_doors_stand_in_the_audit_log(console: Consoling) -> None:  # J3
    path = console.link()
    console.enter(path)
    cookie = console.browser.get_cookie("console")
    assert cookie is not None
    world = console.school.world
    kept = json.dumps([world.rows(table) for table in (operator_sessions, operator_sign_ins, audit)], default=str)
    assert path.rpartition("/")[2] not in kept
    assert cookie.value not in kept
    assert ("operator:ann", "ann") in Calling(console.school).audited("operator.signed_in")


def test_the_consoles_pages_are_framed_by_nobody_and_run_no_other_script(quick: Consoling) -> None:  # J2
    for path in PAGES:
        policy = quick.get(path).headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "script-src 'self'"):
            assert part in policy
        assert quick.get(path).headers["Cache-Control"] == "no-store"
