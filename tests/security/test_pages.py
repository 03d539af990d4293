"""What our pages show and forbid: headers, cookies, errors, health and metrics (J2, J4)."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway import create_app
from gateway.store.tables import launches
from tests.support.launching import GATE, Launching, launching


@pytest.fixture
def browser(quick_gate: Launching) -> FlaskClient:
    return quick_gate.browser()


@pytest.mark.parametrize("path", ["/", "/healthz", "/lti/launch", "/lti/login", "/oauth2/authorize", "/static/none"])
def test_every_page_has_the_strict_headers(browser: FlaskClient, path: str) -> None:  # J2
    headers = browser.get(path, base_url=GATE).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    if headers["Content-Type"].startswith("text/html"):
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "form-action 'none'" in policy


def test_only_the_launchs_own_pages_may_be_framed(browser: FlaskClient) -> None:  # J2
    def policy(path: str) -> str:
        return browser.get(path, base_url=GATE).headers["Content-Security-Policy"]

    assert "frame-ancestors 'none'" in policy("/")
    assert "frame-ancestors 'none'" in policy("/ltix")
    assert "frame-ancestors" not in policy("/lti/launch")


def test_the_page_of_a_refused_launch_has_nothing_to_click_into(quick_gate: Launching) -> None:  # J2, clickjacking
    page = quick_gate.launch(header={"kid": "x"}).response.text
    assert not any(mark in page for mark in ("<form", "<button", "<a ", "<script", "<input", "onclick"))


def test_the_login_cookie_is_new_at_every_login_and_gone_after_the_launch(
    quick_gate: Launching,
) -> None:  # J2, fixation
    browser = quick_gate.browser()
    first, second = quick_gate.login(browser=browser), quick_gate.login(browser=browser)
    assert quick_gate.cookie_of(first) != quick_gate.cookie_of(second)
    outcome = quick_gate.post(first, quick_gate.token(first))
    assert "Max-Age=0" in outcome.response.headers["Set-Cookie"]


def test_a_planted_login_cookie_is_not_taken_over(quick_gate: Launching) -> None:  # J2, fixation
    login = quick_gate.login()
    victim = quick_gate.browser()
    quick_gate.plant(victim, login, "chosen-by-the-attacker")
    assert quick_gate.post(login, quick_gate.token(login), browser=victim).code == "lti.browser_mismatch"


@pytest.mark.parametrize("public_url", ["https://gate.example", GATE])
def test_the_login_cookie_is_secure_hidden_and_partitioned(sqlite_url: str, public_url: str) -> None:  # J2
    with launching(sqlite_url, public_url=public_url) as world:
        answer = world.ask_login(world.platform, "sam", 101, world.browser())
        cookie = answer.headers["Set-Cookie"]
        for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned", "Max-Age=600"):
            assert attribute in cookie
        assert "Domain" not in cookie
        assert cookie.startswith("__Host-lti-") is public_url.startswith("https")


@pytest.mark.parametrize("public_url", ["https://gate.example", GATE])
def test_browsers_are_told_to_stay_with_https(sqlite_url: str, public_url: str) -> None:  # J2
    with launching(sqlite_url, public_url=public_url) as world:
        headers = world.browser().get("/lti/launch", base_url=public_url).headers
        assert ("Strict-Transport-Security" in headers) is public_url.startswith("https")


@pytest.mark.parametrize("path", ["/nowhere", "/static/../settings.py", "/lti/login/not-a-uuid", "/consoles", "/debug"])
def test_a_page_that_is_not_there_says_nothing_else(browser: FlaskClient, path: str) -> None:  # J4
    answer = browser.get(path, base_url=GATE)
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text


def test_a_wrong_method_says_nothing_else(browser: FlaskClient) -> None:  # J4
    answer = browser.delete("/lti/launch", base_url=GATE)
    assert answer.status_code == 405
    assert "be used like that" in answer.text


def test_a_body_beyond_256_kib_is_refused_unread(browser: FlaskClient) -> None:  # J4, A13
    answer = browser.post("/lti/launch", data={"id_token": "x" * 300_000}, base_url=GATE)
    assert answer.status_code == 413
    assert "<main" in answer.text


def test_a_form_of_endless_fields_is_refused(browser: FlaskClient) -> None:  # J4, A13
    part = b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n'
    body, kind = part * 1001 + b"--b--\r\n", "multipart/form-data; boundary=b"
    assert browser.post("/lti/launch", data=body, content_type=kind, base_url=GATE).status_code == 413


def test_a_fault_of_ours_shows_no_traceback(quick_gate: Launching) -> None:  # J4
    with quick_gate.store.statements() as connection:
        connection.exec_driver_sql("ALTER TABLE launches RENAME TO gone")
    answer = quick_gate.browser().get("/lti/login", query_string={"iss": "x"}, base_url=GATE)
    assert answer.status_code == 400
    login = quick_gate.login()
    form = {"state": login.state, "id_token": quick_gate.token(login)}
    answer = login.browser.post("/lti/launch", data=form, base_url=GATE)
    assert answer.status_code == 503
    assert "not available at the moment" in answer.text
    assert not any(word in answer.text for word in ("Traceback", "sqlite", "launches", "gateway", "Error:"))


def test_health_says_ok_and_nothing_else(browser: FlaskClient) -> None:  # J4
    assert browser.get("/healthz", base_url=GATE).text == "ok\n"
    assert browser.get("/readyz", base_url=GATE).text == "ready\n"


def test_an_old_database_is_not_ready_and_says_nothing_else(quick_gate: Launching) -> None:  # J4
    with quick_gate.store.statements() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = quick_gate.browser().get("/readyz", base_url=GATE)
    assert (answer.status_code, answer.text) == (503, "not ready\n")


def test_a_database_that_is_gone_is_not_ready(quick_gate: Launching) -> None:  # J4
    with quick_gate.store.statements() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.exec_driver_sql(f"DROP TABLE {launches.name}")
    assert quick_gate.browser().get("/readyz", base_url=GATE).status_code == 503


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.7"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
    ],
)
def test_metrics_are_not_there_for_outsiders(browser: FlaskClient, address: str, headers: dict[str, str]) -> None:  # J4
    answer = browser.get("/metrics", base_url=GATE, headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 404
    assert "schoolgate_" not in answer.text


def test_metrics_count_outcomes_and_name_nobody(quick_gate: Launching) -> None:  # J4
    quick_gate.launch()
    quick_gate.launch(header={"kid": "x"})
    text = quick_gate.browser().get("/metrics", base_url=GATE).text
    assert 'schoolgate_launches_total{outcome="accepted"} 1.0' in text
    assert 'schoolgate_launches_total{outcome="lti.kid_unknown"} 1.0' in text
    assert "lms.example" not in text


def test_metrics_say_what_waits_and_still_answer_without_a_database(quick_gate: Launching) -> None:
    quick_gate.gate.jobs.enqueue("grades.send", {"class": "c"})
    quick_gate.clock.move(minutes=5)
    browser = quick_gate.browser()
    text = browser.get("/metrics", base_url=GATE).text
    assert 'schoolgate_jobs{state="waiting"} 1.0' in text
    assert "schoolgate_jobs_overdue_seconds 300.0" in text
    assert 'schoolgate_scores{state="failed"} 0.0' in text
    with quick_gate.store.statements() as connection:
        connection.exec_driver_sql("DROP TABLE jobs")
    text = browser.get("/metrics", base_url=GATE).text
    assert "schoolgate_outbound_calls" in text
    assert "schoolgate_jobs" not in text


@pytest.mark.parametrize(
    ("given", "status"), [("Bearer right", 200), ("Bearer wrong", 404), ("right", 200), ("Bearer é", 404), (None, 404)]
)
def test_metrics_with_a_token_are_for_its_holder(sqlite_url: str, given: str | None, status: int) -> None:  # J4
    with launching(sqlite_url, SCHOOLGATE_METRICS_TOKEN="right") as world:
        headers: dict[str, Any] = {"Authorization": given} if given else {}
        answer = create_app(world.gate).test_client().get("/metrics", base_url=GATE, headers=headers)
        assert answer.status_code == status


def test_the_key_set_holds_public_parts_only(quick_gate: Launching) -> None:  # J3
    quick_gate.gate.keyring.ensure()
    keys = quick_gate.browser().get("/.well-known/jwks.json", base_url=GATE).get_json()["keys"]
    assert len(keys) == 4
    assert all(not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key) for key in keys)
