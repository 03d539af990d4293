"""Sign-ins through portals: codes without state, codes that come twice, other browsers, shared devices (C1-C8, A12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.lti.trace import read_trace
from gateway.store.registrations import list_deployments
from gateway.store.tables import audit, identities, integrations, launches, orgs, registrations, sessions, tokens, users
from providers.contract import Misconfigured, Role, Unavailable
from tests.support.launching import GATE, Outcome, a_config
from tests.support.signing_in import SigningIn, signing_in, somebody


@pytest.fixture
def portal(database_url: str) -> Iterator[SigningIn]:
    with signing_in(database_url) as world:
        yield world


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[SigningIn]:
    with signing_in(sqlite_url) as world:
        yield world


def _end(outcome: Outcome) -> tuple[int, str]:
    return outcome.status, outcome.code


def test_a_sign_in_makes_the_person_once(portal: SigningIn) -> None:
    first, second = portal.sign_in(), portal.sign_in()
    assert (first.code, second.code) == ("accepted", "accepted")
    assert portal.launching.count(users) == portal.launching.count(identities) == 1
    assert portal.launching.record(first).message_type == "SignIn"


def test_a_code_without_state_is_not_exchanged_and_the_person_never_notices(portal: SigningIn) -> None:  # C1
    browser = portal.launching.browser()
    stray = portal.portal.give_code(somebody())
    answer = browser.get(portal.callback, query_string={"code": stray}, base_url=GATE)
    begun = portal.sent_on(browser, answer)
    assert (portal.portal.asked, stray in portal.portal.codes) == ([], True)
    assert portal.come_back(begun).code == "accepted"


def test_a_portal_that_drops_our_state_does_not_send_people_round_for_ever(quick: SigningIn) -> None:  # C1
    browser = quick.launching.browser()
    for _ in range(3):
        quick.sent_on(browser, browser.get(quick.callback, query_string={"code": "c"}, base_url=GATE))
    assert _end(quick.arrive({"code": "c"}, browser)) == (400, "sso.loop")


def test_one_that_came_through_may_be_sent_round_again(quick: SigningIn) -> None:  # C1
    browser = quick.launching.browser()
    for _ in range(5):
        begun = quick.sent_on(browser, browser.get(quick.callback, query_string={"code": "c"}, base_url=GATE))
        assert quick.come_back(begun).code == "accepted"


@pytest.mark.parametrize("state", ["forged", "A" * 200])
def test_a_wrong_state_is_an_error_and_no_new_beginning(quick: SigningIn, state: str) -> None:  # C1, A12
    assert _end(quick.arrive({"code": "c", "state": state})) == (400, "sso.state_invalid")
    assert quick.portal.asked == []


def test_a_state_of_another_client_is_refused(quick: SigningIn) -> None:  # A12, A18
    quick.join("d-2", client_id="client-2")
    other = next(row for row in quick.launching.rows(registrations) if row["client_id"] == "client-2")
    begun = quick.begin(other["id"])
    assert _end(quick.come_back(begun)) == (400, "sso.state_invalid")


def test_another_browser_can_not_finish_a_sign_in(quick: SigningIn) -> None:  # A12, C3
    begun = quick.begin()
    code = quick.portal.give_code(somebody("attacker"), begun.asked["code_challenge"])
    assert _end(quick.arrive({"code": code, "state": begun.asked["state"]})) == (400, "sso.browser_mismatch")
    assert (quick.portal.asked, quick.launching.count(users)) == ([], 0)


def test_a_state_that_is_too_old_is_refused(quick: SigningIn) -> None:  # A12
    begun = quick.begin()
    quick.launching.clock.move(seconds=601)
    assert _end(quick.come_back(begun)) == (400, "sso.state_expired")


def test_a_reload_is_not_exchanged_again_and_offers_a_way_on(portal: SigningIn) -> None:  # C2
    begun = portal.begin()
    code = portal.portal.give_code(somebody(), begun.asked["code_challenge"])
    query = {"code": code, "state": begun.asked["state"]}
    assert portal.arrive(query, begun.browser).code == "accepted"
    again = portal.arrive(query, begun.browser)
    assert _end(again) == (400, "sso.replayed")
    assert f'href="/sso/{portal.registration_id}/start"' in again.response.text
    assert (portal.portal.asked, portal.launching.count(launches)) == ([code], 1)


def test_a_code_that_the_portal_has_seen_before_ends_kindly(quick: SigningIn) -> None:  # C2
    outcome = quick.come_back(quick.begin(), code="seen before")
    assert _end(outcome) == (400, "sso.code_refused")
    assert "Sign in again" in outcome.response.text


def test_two_returns_at_once_make_one_session(portal: SigningIn) -> None:  # C2
    begun = portal.begin()
    met: list[str | None] = []
    query = {"code": portal.portal.give_code(somebody(), begun.asked["code_challenge"]), "state": begun.asked["state"]}

    def another() -> None:
        if not met:
            met.append(None)
            second = portal.launching.browser()
            for cookie in begun.browser._cookies.values():  # type: ignore[union-attr]
                second.set_cookie(cookie.key, cookie.value)
            portal.portal.codes["twin"] = next(iter(portal.portal.codes.values()))
            met.append(portal.arrive({**query, "code": "twin"}, second).code)

    portal.portal.meddle = another
    first = portal.arrive(query, begun.browser)
    assert (first.code, met[-1]) == ("sso.replayed", "accepted")
    assert [row["outcome"] for row in portal.launching.rows(launches)] == ["accepted"]


@pytest.mark.parametrize("destination", ["image", "script", "iframe", "empty"])
def test_a_picture_on_another_site_starts_nothing(quick: SigningIn, destination: str) -> None:  # C3
    browser = quick.launching.browser()
    assert quick.sign_in(browser=browser).code == "accepted"
    before = len(quick.launching.rows(launches))
    stray = quick.arrive({"code": "attacker's"}, browser, **{"Sec-Fetch-Dest": destination})
    assert _end(stray) == (400, "sso.not_a_page")
    headers = {"Sec-Fetch-Dest": destination}
    start = browser.get(f"/sso/{quick.integration_id}/start", base_url=GATE, headers=headers)
    assert (start.status_code, len(quick.launching.rows(launches))) == (400, before)
    assert quick.launching.count(users) == 1


def test_no_cookie_of_a_sign_in_reaches_another_site(quick: SigningIn) -> None:  # C3
    answer = quick.launching.browser().get(f"/sso/{quick.integration_id}/start", base_url=GATE)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_a_shared_device_is_taken_over_and_the_page_says_by_whom(portal: SigningIn) -> None:  # C4
    browser = portal.launching.browser()
    portal.launching.tokens(portal.sign_in(browser=browser))
    tia = somebody("t-1", "d-1", Role.TEACHER, given_name="Tia", family_name="Ngo")
    page = portal.sign_in(tia, browser).response
    assert (page.status_code, "signed in as Tia Ngo" in page.text) == (200, True)
    (session,) = portal.launching.rows(sessions)
    assert session["ended_at"] is not None
    assert all(token["revoked_at"] for token in portal.launching.rows(tokens))


def test_the_same_person_again_is_no_take_over(quick: SigningIn) -> None:  # C4
    browser = quick.launching.browser()
    quick.launching.tokens(quick.sign_in(browser=browser))
    assert quick.sign_in(browser=browser).code == "accepted"
    (session,) = quick.launching.rows(sessions)
    assert session["ended_at"] is None


def test_a_device_cookie_of_another_make_means_nothing(quick: SigningIn) -> None:  # C4
    browser = quick.launching.browser()
    browser.set_cookie("sso-device", "forged")
    assert quick.sign_in(browser=browser).code == "accepted"


def test_equal_ids_and_addresses_in_two_districts_are_two_people(portal: SigningIn) -> None:  # C5, D1
    portal.join("d-2")
    assert portal.sign_in(somebody("7", "d-1")).code == portal.sign_in(somebody("7", "d-2")).code == "accepted"
    found = portal.launching.rows(users)
    assert len({user["tenant_id"] for user in found}) == len(found) == 2


def test_the_address_never_decides_the_tenant(portal: SigningIn) -> None:  # C5
    portal.join("d-2")
    begun = portal.begin(portal.integration_id)  # the first district's own start address
    assert begun.asked["district"] == "d-1"
    outcome = portal.come_back(begun, somebody("7", "d-2"), district="d-1", district_id="d-1")
    assert outcome.code == "accepted"
    (user,) = portal.launching.rows(users)
    assert user["tenant_id"] != portal.org_id


@pytest.mark.parametrize("subject", ["", " ", "x" * 256])
def test_a_blank_id_is_not_an_id(quick: SigningIn, subject: str) -> None:  # C6
    assert _end(quick.sign_in(somebody(subject))) == (401, "sso.subject_missing")


@pytest.mark.parametrize("district", ["", " "])
def test_a_person_of_no_district_stays_out(quick: SigningIn, district: str) -> None:  # C5
    assert _end(quick.sign_in(somebody("7", district))) == (401, "sso.district_missing")


def test_ids_are_compared_byte_for_byte(portal: SigningIn) -> None:  # C6, D6
    for subject in ("a|b", "A|b", "ａ|b", "a|b "):
        assert portal.sign_in(somebody(subject)).code == "accepted"
    assert portal.launching.count(users) == 4


def test_who_is_called_otherwise_now_and_proves_it_stays_who_they_are(portal: SigningIn) -> None:  # C6
    before = portal.launching.record(portal.sign_in(somebody("user:1"))).user_sourced_id
    now = replace(somebody("sis:9"), earlier_subject="user:1")
    assert [portal.launching.record(portal.sign_in(now)).user_sourced_id for _ in range(2)] == [before, before]
    assert portal.launching.count(users) == 1
    (line,) = [row for row in portal.launching.rows(audit) if row["action"] == "identity.renewed"]
    assert (line["subject"], line["actor"]) == (before, "sign-in")


def test_an_earlier_id_means_nothing_in_another_district_or_beside_a_known_one(portal: SigningIn) -> None:  # C5, C6
    portal.join("d-2")
    portal.sign_in(somebody("user:1"))
    other = replace(somebody("sis:9", "d-2"), earlier_subject="user:1")
    assert portal.sign_in(other).code == "accepted"
    known = portal.launching.record(portal.sign_in(somebody("sis:8"))).user_sourced_id
    again = replace(somebody("sis:8"), earlier_subject="user:1")
    assert portal.launching.record(portal.sign_in(again)).user_sourced_id == known
    assert portal.launching.count(users) == 3


def test_an_address_is_contact_data_and_never_verified(portal: SigningIn) -> None:  # C8
    claims = portal.launching.sign_in(portal.sign_in())
    assert (claims["email"], claims["email_verified"], claims["name"]) == ("sam@school.example", False, "Sam Okafor")


def test_somebody_with_several_roles_has_them_all(portal: SigningIn) -> None:
    claims = portal.launching.sign_in(portal.sign_in(somebody("m-1", "d-1", Role.TEACHER, Role.ADMINISTRATOR)))
    told = claims["https://purl.imsglobal.org/spec/lti/claim/roles"]
    assert [uri.rsplit("#")[-1] for uri in told] == ["Instructor", "Administrator"]


def test_a_new_district_waits_until_an_operator_accepts_it_for_its_school(portal: SigningIn) -> None:  # A17
    stranger = somebody("7", "d-9")
    first = portal.sign_in(stranger)
    assert _end(first) == (403, "sso.district_pending")
    assert "waits for approval" in first.response.text
    assert portal.launching.count(users) == 0
    (pending,) = list_deployments(portal.store, status="pending")
    assert (pending.deployment_id, pending.evidence) == ("d-9", {"name": "Northfield District"})
    accept, org_id = portal.launching.gate.integrations.accept, portal.launching.add_org()
    with pytest.raises(Misconfigured, match="--org"):  # it is nobody's by default
        accept(pending.id, org_id=None, actor="test")
    made = accept(pending.id, org_id=org_id, actor="test")
    assert portal.launching.gate.integrations.find(str(made.integration_id)).settings["district_id"] == "d-9"
    assert portal.sign_in(stranger).code == "accepted"
    (user,) = portal.launching.rows(users)
    assert user["tenant_id"] == org_id


def test_a_new_district_never_joins_the_one_that_is_there(quick: SigningIn) -> None:  # A17, A18
    quick.sign_in(somebody("7", "d-9"))
    (pending,) = list_deployments(quick.store, status="pending")
    made = quick.launching.gate.integrations.accept(pending.id, org_id=quick.org_id, actor="test")
    assert made.integration_id != quick.integration_id


OFF: list[tuple[Any, dict[str, Any], str]] = [
    (registrations, {"status": "disabled"}, "sso.registration_disabled"),
    (integrations, {"status": "disabled"}, "sso.registration_disabled"),
    (users, {"enabled_user": False}, "account.user_suspended"),
    (users, {"status": "tobedeleted"}, "account.user_suspended"),
]


@pytest.mark.parametrize(("table", "values", "code"), OFF)
def test_what_is_switched_off_lets_nobody_in(portal: SigningIn, table: Any, values: Any, code: str) -> None:  # A19
    assert portal.sign_in().code == "accepted"
    begun = portal.begin()
    portal.launching.change(table, **values)
    portal.launching.clock.move(seconds=6)
    assert _end(portal.come_back(begun)) == (403, code)


@pytest.mark.parametrize("column", ["suspended_at", "licence_ends_at"])
def test_a_suspended_school_lets_nobody_in(portal: SigningIn, column: str) -> None:  # A19
    portal.launching.change(orgs, **{column: portal.launching.clock() - timedelta(seconds=1)})
    assert portal.sign_in().status == 403


def test_a_refusal_by_the_portal_is_told_and_nothing_is_asked(quick: SigningIn) -> None:
    begun = quick.begin()
    outcome = quick.arrive({"error": "access_denied", "state": begun.asked["state"]}, begun.browser)
    assert _end(outcome) == (400, "sso.provider_error")
    assert "access_denied" in quick.launching.record(outcome).trace


def test_what_a_stranger_calls_an_error_is_not_written_down(quick: SigningIn) -> None:  # J3
    outcome = quick.arrive({"error": "sam@school.example"})
    assert _end(outcome) == (400, "sso.provider_error")
    assert "sam@" not in quick.launching.record(outcome).trace


def test_no_connection_is_held_while_the_portal_is_asked(portal: SigningIn) -> None:
    portal.portal.meddle = lambda: portal.launching.change(users, locale="en")  # would wait for an open transaction
    assert portal.sign_in().code == "accepted"


def test_a_portal_that_does_not_answer_is_told_from_a_refusal(quick: SigningIn) -> None:
    def silent() -> None:
        raise Unavailable("http.timeout", "portal.example did not answer in time.")

    quick.portal.meddle = silent
    outcome = quick.sign_in()
    assert _end(outcome) == (503, "sso.provider_unavailable")
    assert "http.timeout" in quick.launching.record(outcome).trace


def test_the_trace_names_each_check_and_nobody(portal: SigningIn) -> None:  # J3
    outcome = portal.sign_in()
    trace = portal.launching.record(outcome).trace
    checks = [check for check, _, _ in read_trace(trace)]
    assert checks == ["client", "state", "browser", "code", "identity", "district", "account", "hand-off"]
    assert not any(secret in trace for secret in ("code-", "Sam", "s-1", "@"))


def test_a_launch_can_not_use_a_portal_s_client(quick: SigningIn) -> None:  # A18
    asked = {"iss": "https://portal.example", "login_hint": "x", "target_link_uri": f"{GATE}/", "client_id": "client-1"}
    answer = quick.launching.browser().get("/lti/login", query_string=asked, base_url=GATE)
    assert "lti.issuer_unknown" in answer.text


def test_a_sign_in_can_not_use_an_lms_s_registration(quick: SigningIn) -> None:  # A18
    quick.launching.join(a_config())
    lms = next(row for row in quick.launching.rows(registrations) if row["kind"] == "lti")
    for path in (f"/sso/{lms['id']}/start", f"/sso/{lms['id']}/callback?code=c"):
        assert "sso.client_unknown" in quick.launching.browser().get(path, base_url=GATE).text
