"""Platform storage in place of a cookie: who may answer, for which launch, from where, and how often (A14)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.lti.trace import read_trace
from gateway.store.launches import list_launches
from gateway.store.tables import launches, refusals, users
from tests.support.cookieless import FRAME, OURS, arrive, begin, bring, data_of
from tests.support.launching import GATE, Launching, launching


def _code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_the_stored_secret_lets_in(gate: Launching) -> None:
    stored = begin(gate)
    answer = bring(gate, stored, arrive(gate, stored))
    assert answer.status_code == 200
    assert answer.get_json()["location"].startswith("https://app.example/")
    record = list_launches(gate.store)[0]
    assert ["browser", "ok", "platform storage, in the parent"] in [list(step) for step in read_trace(record.trace)]


def test_nothing_is_written_before_the_secret_comes(gate: Launching) -> None:  # A13
    for _ in range(3):
        stored = begin(gate)
        arrive(gate, stored)
    assert (gate.count(launches), gate.count(refusals), gate.count(users)) == (0, 0, 0)


def test_bogus_answers_grow_no_table(quick_gate: Launching) -> None:  # A13
    stored = begin(quick_gate)
    told = arrive(quick_gate, stored)
    for number in range(300):
        bring(quick_gate, stored, told, secret=f"guess {number}")
    assert quick_gate.count(launches) == 0
    assert quick_gate.count(refusals) <= 256


@pytest.mark.parametrize("secret", ["", "another", None, 7, "é\0"])
def test_another_secret_is_refused(quick_gate: Launching, secret: object) -> None:  # A14
    stored = begin(quick_gate)
    answer = bring(quick_gate, stored, arrive(quick_gate, stored), secret=secret)
    assert _code(answer) == (400, "lti.browser_mismatch")
    assert quick_gate.count(users) == 0


def test_the_secret_of_another_login_is_refused(quick_gate: Launching) -> None:  # A14, A12
    stored, other = begin(quick_gate), begin(quick_gate)
    assert _code(bring(quick_gate, other, arrive(quick_gate, stored))) == (400, "lti.browser_mismatch")


def test_a_waiting_launch_belongs_to_its_state(quick_gate: Launching) -> None:  # A14, A11
    mine, theirs = begin(quick_gate), begin(quick_gate, "tia")
    told = arrive(quick_gate, theirs, quick_gate.token(theirs.login, "tia"))
    own = arrive(quick_gate, mine)
    answer = bring(quick_gate, mine, own, waiting=told["waiting"])
    assert _code(answer) == (400, "lti.state_invalid")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
        {"Origin": GATE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"{GATE}.evil.example"},
    ],
)
def test_an_answer_from_another_site_is_refused(quick_gate: Launching, headers: dict[str, str]) -> None:  # A14, A12
    stored = begin(quick_gate)
    answer = bring(quick_gate, stored, arrive(quick_gate, stored), headers=headers)
    assert _code(answer) == (400, "lti.browser_mismatch")


def test_a_form_can_not_bring_an_answer(quick_gate: Launching) -> None:  # A14, login CSRF
    stored = begin(quick_gate)
    told = arrive(quick_gate, stored)
    form = {"state": told["state"], "waiting": told["waiting"], "secret": stored.value}
    answer = stored.login.browser.post("/lti/launch/storage", data=form, base_url=GATE, headers=OURS)
    assert _code(answer) == (400, "lti.browser_mismatch")


def test_the_same_answer_twice_is_refused(gate: Launching) -> None:  # A10, A14
    stored = begin(gate)
    told = arrive(gate, stored)
    assert bring(gate, stored, told).status_code == 200
    assert _code(bring(gate, stored, told)) == (401, "lti.replayed")


def test_another_worker_goes_on_with_a_waiting_launch(gate: Launching, database_url: str) -> None:  # A10
    stored = begin(gate)
    told = arrive(gate, stored)
    with launching(database_url, joined=False) as other:
        other.platforms = gate.platforms
        assert (
            bring(other, stored._replace(login=stored.login._replace(browser=other.browser())), told).status_code == 200
        )
    assert _code(bring(gate, stored, told)) == (401, "lti.replayed")


def test_the_launch_posted_again_after_it_was_let_in_is_a_replay(gate: Launching) -> None:  # A10
    stored = begin(gate)
    token = gate.token(stored.login)
    bring(gate, stored, arrive(gate, stored, token))
    assert gate.post(stored.login, token).code == "lti.replayed"


def test_an_unproven_token_is_refused_before_anybody_is_asked(quick_gate: Launching) -> None:  # A13
    stored = begin(quick_gate)
    outcome = quick_gate.post(stored.login, quick_gate.token(stored.login, header={"kid": "x"}))
    assert (outcome.status, outcome.code) == (401, "lti.kid_unknown")


def test_a_token_that_was_good_when_it_came_is_good_a_minute_later(quick_gate: Launching) -> None:
    quick_gate.platform.switch(token_seconds=60)
    stored = begin(quick_gate)
    told = arrive(quick_gate, stored)
    quick_gate.clock.move(seconds=119)
    assert bring(quick_gate, stored, told).status_code == 200


def test_a_launch_waits_two_minutes_and_no_longer(quick_gate: Launching) -> None:
    stored = begin(quick_gate)
    told = arrive(quick_gate, stored)
    quick_gate.clock.move(seconds=121)
    assert _code(bring(quick_gate, stored, told)) == (400, "lti.state_expired")


def test_a_login_without_our_page_is_never_let_in_by_storage(quick_gate: Launching) -> None:  # A14
    stored = begin(quick_gate)
    told = arrive(quick_gate, stored)
    login = quick_gate.login()
    secret = quick_gate.cookie_of(login)
    answer = bring(quick_gate, stored, told, state=login.state, secret=secret)
    assert _code(answer) == (400, "lti.browser_mismatch")


def test_a_cookie_that_came_back_after_all_needs_no_storage(quick_gate: Launching) -> None:
    stored = begin(quick_gate)
    browser = quick_gate.browser()
    quick_gate.plant(browser, stored.login, stored.value)
    assert quick_gate.post(stored.login, quick_gate.token(stored.login), browser=browser).code == "accepted"


def test_another_cookie_is_refused_where_storage_would_be_asked(quick_gate: Launching) -> None:  # A12
    stored = begin(quick_gate)
    browser = quick_gate.browser()
    quick_gate.plant(browser, stored.login, "planted")
    outcome = quick_gate.post(stored.login, quick_gate.token(stored.login), browser=browser)
    assert outcome.code == "lti.browser_mismatch"


@pytest.mark.parametrize(
    ("fault", "words"), [("silent", "no answer in time"), ("empty", "value is gone"), ("x" * 999, "another fault")]
)
def test_what_failed_is_in_the_trace_in_our_own_words(quick_gate: Launching, fault: str, words: str) -> None:
    stored = begin(quick_gate)
    answer = bring(quick_gate, stored, arrive(quick_gate, stored), fault=fault)
    assert _code(answer) == (400, "lti.storage_silent")
    assert words in list_launches(quick_gate.store)[0].trace


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b'{"state": 7}'])
def test_an_answer_that_is_none_is_refused(quick_gate: Launching, body: bytes) -> None:  # A12
    headers = {**OURS, "Content-Type": "application/json"}
    answer = quick_gate.browser().post("/lti/launch/storage", data=body, base_url=GATE, headers=headers)
    assert _code(answer) == (400, "lti.state_missing")


def test_our_pages_hold_no_token(quick_gate: Launching) -> None:  # J3
    stored = begin(quick_gate)
    token = quick_gate.token(stored.login)
    page = stored.login.browser.post(
        "/lti/launch", data={"state": stored.login.state, "id_token": token}, base_url=GATE, headers=FRAME
    )
    assert data_of(page)["step"] == "launch"
    assert not any(part in page.text for part in token.split("."))


def test_our_pages_run_our_script_alone(quick_gate: Launching) -> None:  # J2
    policy = begin(quick_gate).page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def _login(client: FlaskClient, world: Launching, **headers: str) -> int:
    parameters = world.platform.login_parameters("sam")
    return client.get("/lti/login", query_string=parameters, base_url=GATE, headers=headers).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Accept": "*/*"}, 302),
        ({"Accept": "text/html"}, 200),  # a browser from before Fetch Metadata
        ({"Sec-Fetch-Dest": "document", "Accept": "text/html"}, 302),
        ({"Sec-Fetch-Dest": "iframe"}, 200),
        ({"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Storage-Access": "none"}, 200),
        ({"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Storage-Access": "active"}, 302),
        ({"Sec-Fetch-Dest": "iframe", "Cookie": "lti-kept=1"}, 302),
    ],
)
def test_our_page_is_shown_only_where_a_cookie_may_be_lost(
    quick_gate: Launching, headers: dict[str, str], status: int
) -> None:
    assert _login(quick_gate.app.test_client(use_cookies=False), quick_gate, **headers) == status


def test_the_cookie_that_shows_it_is_kept_identifies_nobody(quick_gate: Launching) -> None:
    cookies = [begin(quick_gate).page.headers.getlist("Set-Cookie") for _ in range(2)]
    (first,), (second,) = ([each for each in planted if "lti-kept" in each] for planted in cookies)
    assert first.startswith("lti-kept=1; ")
    assert first.partition("expires")[0] == second.partition("expires")[0]
    assert "Partitioned" in first


def test_the_link_to_a_new_window_repeats_the_login(quick_gate: Launching) -> None:
    page = begin(quick_gate).page.text
    link = page.partition('id="new-window"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    browser = quick_gate.browser()
    again = browser.get(link, base_url=GATE, headers={"Sec-Fetch-Dest": "document"})
    assert again.status_code == 302
    assert again.location.startswith(str(quick_gate.platform.settings()["auth_login_url"]))


def test_a_new_window_of_an_old_browser_is_not_offered_another(quick_gate: Launching) -> None:
    parameters = {**quick_gate.platform.login_parameters("sam"), "schoolgate_new_window": "1"}
    page = quick_gate.browser().get(
        "/lti/login", query_string=parameters, base_url=GATE, headers={"Accept": "text/html"}
    )
    assert "Your browser keeps no cookies" in page.text
    assert "new-window" not in page.text


def test_no_storage_is_asked_where_the_operator_wants_a_window_at_once(sqlite_url: str) -> None:
    with launching(sqlite_url, SCHOOLGATE_COOKIELESS="window") as world:
        page = world.browser().get(
            "/lti/login", query_string=world.platform.login_parameters("sam"), base_url=GATE, headers=FRAME
        )
        assert "data-origin" not in page.text
        assert "Open in a new window" in page.text
