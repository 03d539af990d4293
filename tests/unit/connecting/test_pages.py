"""The wizard without JavaScript: what each page shows, where it leads, what it refuses."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.services.connecting.connections import Origin
from gateway.services.joining import prepare
from gateway.store.registrations import list_deployments
from gateway.store.tables import registrations
from providers import rooms
from providers.contract import Provider, declared, read_settings
from tests.support.connecting import Inviting
from tests.support.launching import GATE, LMS
from tests.unit.connecting.test_connections import launch, put_up_platform

VALUES = {
    "issuer": LMS,
    "client_id": "client-1",
    "auth_login_url": f"{LMS}/auth",
    "key_set_url": f"{LMS}/jwks",
    "auth_token_url": "",
    "deployment_ids": "",
}
BY_HAND = "/connect/with/lti?way=manual"


def _get(browser: FlaskClient, path: str) -> TestResponse:
    return browser.get(path, base_url=GATE)


def _text(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def _form_token(browser: FlaskClient) -> str:
    found = re.search(r'name="form_token" value="(\w+)"', _get(browser, BY_HAND).text)
    assert found is not None
    return found[1]


def _fill_in(browser: FlaskClient, form_token: str | None = None, **changes: Any) -> TestResponse:
    form = {**VALUES, "form_token": form_token or _form_token(browser), **changes}
    return browser.post(BY_HAND, data=form, base_url=GATE)


def test_the_link_leads_to_the_systems_and_out_of_the_address_bar(quick: Inviting) -> None:
    browser, made = quick.browser(), quick.invite()
    opened = _get(browser, f"/connect/{made.token}")
    assert opened.location == "/connect"
    for attribute in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in opened.headers["Set-Cookie"]
    shown = _get(browser, "/connect")
    assert made.token not in shown.text
    offered = [plate.label for plate in rooms().values() if plate.registration and not plate.registration.borrows]
    assert all(label in shown.text for label in offered)
    assert "Northfield" in shown.text


def test_a_link_for_one_system_goes_straight_to_its_steps(quick: Inviting) -> None:
    browser = quick.browser(quick.invite(provider="lti"))
    assert _get(browser, "/connect").location == "/connect/with/lti"
    shown = _get(browser, "/connect/with/lti")
    assert "Choose another system" not in shown.text
    other = next(key for key in rooms() if key != "lti")
    assert _get(browser, f"/connect/with/{other}").status_code == 400


def test_the_link_in_the_mail_leads_back_in_the_browser_that_used_it(quick: Inviting) -> None:
    made = quick.invite()
    browser = quick.browser(made)
    _fill_in(browser)
    assert _get(browser, f"/connect/{made.token}").location == "/connect/waiting"
    for stranger in (quick.browser(), quick.browser(quick.invite())):
        assert _get(stranger, f"/connect/{made.token}").status_code == 403


@pytest.mark.parametrize("path", ["/connect", "/connect/with/lti", "/connect/waiting", "/connect/status"])
def test_without_a_link_there_is_nothing(quick: Inviting, path: str) -> None:
    answer = _get(quick.browser(), path)
    assert answer.status_code == 403
    assert "Open the link from your invitation again." in answer.text


def test_every_way_of_every_system_is_shown_whole(quick: Inviting) -> None:
    browser = quick.browser(quick.invite())
    for plate in rooms().values():
        if plate.registration and plate.registration.borrows:
            continue  # until an operator has set up its client
        for way in plate.registration.ways if plate.registration else ():
            shown = _get(browser, f"/connect/with/{plate.key}?way={way}")
            assert shown.status_code == 200, (plate.key, way)
            assert "{{" not in shown.text
            assert shown.text.count("<h1>") == 1


def test_a_way_that_a_system_has_not_is_no_page(quick: Inviting) -> None:
    assert _get(quick.browser(quick.invite()), "/connect/with/lti?way=configuration").status_code == 400


def test_values_typed_in_make_the_connection(school: Inviting) -> None:
    browser = school.browser(school.invite())
    assert _fill_in(browser).location == "/connect/waiting"
    assert school.homes() == [(school.org_id, "active")]
    assert "Waiting for your test launch" in _get(browser, "/connect/waiting").text


def test_each_wrong_field_says_so_and_nothing_typed_is_lost(quick: Inviting) -> None:
    browser = quick.browser(quick.invite())
    answer = _fill_in(browser, issuer="lms", client_id="")
    assert answer.status_code == 422
    assert "Issuer must be a full web address" in answer.text
    assert "Client ID is missing." in answer.text
    assert 'value="https://lms.example/jwks"' in answer.text
    assert quick.homes() == []


def test_a_form_from_elsewhere_does_nothing(quick: Inviting) -> None:  # J2, CSRF
    browser = quick.browser(quick.invite())
    assert _fill_in(browser, "0" * 32).status_code == 403
    assert browser.post("/connect/again", base_url=GATE).status_code == 403
    assert quick.homes() == []


def test_the_pages_run_our_script_alone_and_may_not_be_framed(quick: Inviting) -> None:  # J2
    policy = _get(quick.browser(quick.invite()), "/connect").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_page_turns_green_with_the_first_launch_and_names_each_check(school: Inviting) -> None:
    platform = put_up_platform(school)
    browser = school.browser(school.invite())
    _fill_in(browser)
    school.world.clock.move(seconds=5)
    assert launch(school.world, platform) == "accepted"
    told = _get(browser, "/connect/status").json
    assert told is not None
    assert told["stamp"].startswith("connected")
    shown = _text(_get(browser, "/connect/waiting"))
    assert "It works" in shown
    assert "The launch is signed with your system's own key" in shown
    assert _get(browser, "/connect").location == "/connect/waiting"


def test_the_page_says_what_to_change_in_that_system(school: Inviting) -> None:
    platform = put_up_platform(school)
    browser = school.browser(school.invite())
    _fill_in(browser)
    school.world.clock.move(seconds=5)
    login = school.world.login(platform=platform, lti_deployment_id=None)
    school.world.post(login, school.world.token(login, platform=platform, put={"aud": "another"}))
    shown = _text(_get(browser, "/connect/waiting"))
    assert "Set the client ID here to the one that the platform shows for the tool." in shown
    assert "lti.audience_mismatch" in shown
    assert "This much was right:" in shown
    assert "It works" not in shown


def test_a_mistyped_client_id_is_shown_for_what_it_is(school: Inviting) -> None:
    platform = put_up_platform(school)
    browser = school.browser(school.invite())
    _fill_in(browser, client_id="client-l")
    school.world.clock.move(seconds=5)
    school.world.ask_login(platform, "sam", 101, school.world.browser())
    shown = _text(_get(browser, "/connect/waiting"))
    assert "Your system sends another client ID than the one that stands here: client-l" in shown
    assert "Add an integration whose issuer and client ID are those of this platform" in shown


def test_a_mistyped_issuer_is_shown_too(quick: Inviting) -> None:
    platform = put_up_platform(quick)
    browser = quick.browser(quick.invite())
    _fill_in(browser, issuer=f"{LMS}/")
    quick.world.clock.move(seconds=5)
    quick.world.ask_login(platform, "sam", 101, quick.world.browser())
    shown = _text(_get(browser, "/connect/waiting"))
    assert f"Your system calls itself otherwise (issuer) than it stands here: {LMS}/" in shown


def test_another_school_under_a_vendors_shared_issuer_is_not_shown(quick: Inviting) -> None:  # F8
    plate = next(each for each in rooms().values() if each.registration and _is_shared(each))
    assert plate.launch is not None
    mine = {"client_id": "mine"}
    issuer = plate.launch.endpoints(read_settings(plate.settings, mine)).issuer
    made = quick.invite()
    quick.desk.connections.connect(made.invite, prepare(quick.desk.rooms, plate.key, mine), Origin("manual"))
    browser = quick.app.test_client()
    session = quick.desk.links.session(made.invite)
    browser.set_cookie("connect", session)
    quick.world.clock.move(seconds=5)
    for client_id, shown in (("theirs", False), ("mine", True)):
        asked = {"iss": issuer if not shown else "https://beta.example", "client_id": client_id, "login_hint": "1"}
        quick.browser().get(
            "/lti/login", query_string={**asked, "target_link_uri": f"{GATE}/lti/launch"}, base_url=GATE
        )
        assert ("Your system calls itself otherwise" in _text(_get(browser, "/connect/waiting"))) is shown
        quick.world.clock.move(seconds=5)


def _is_shared(plate: Provider) -> bool:
    """Whether a client id alone is enough to fill in, because all schools share one issuer."""
    needed = {field.name for field in declared(plate.settings) if field.required}
    return needed == {"client_id"} and not (plate.registration and plate.registration.shared_client)


def test_another_schools_refusals_on_a_shared_registration_are_not_shown(school: Inviting) -> None:  # F8
    platform = put_up_platform(school)
    values = {**platform.settings(), "deployment_ids": "theirs"}
    school.desk.approvals.integrations.add("lti", org_id=school.world.add_org(), values=values, actor="operator")
    browser = school.browser(school.invite())
    _fill_in(browser)
    (waiting,) = school.desk.approvals.waiting()
    school.desk.approvals.approve(waiting.id, actor="operator")
    school.world.clock.move(seconds=5)
    assert launch(school.world, platform, "not ours") == "lti.deployment_pending"
    assert "could not come in" not in _get(browser, "/connect/waiting").text
    assert [each.status for each in list_deployments(school.world.store)] == ["active", "pending"]


def test_what_waits_for_an_operator_says_why(school: Inviting) -> None:
    browser = school.browser(school.invite())
    _fill_in(browser, key_set_url="https://elsewhere.example/keys")
    shown = _text(_get(browser, "/connect/waiting"))
    assert "Waiting for approval" in shown
    assert "The key set address is at elsewhere.example, not at lms.example." in shown
    (waiting,) = school.desk.approvals.waiting()
    school.desk.approvals.reject(waiting.id, actor="operator")
    assert "This was not approved" in _get(browser, "/connect/waiting").text


def test_starting_over_leads_back_to_the_systems(school: Inviting) -> None:
    browser = school.browser(school.invite())
    form_token = _form_token(browser)
    _fill_in(browser, client_id="mistyped")
    assert browser.post("/connect/again", data={"form_token": form_token}, base_url=GATE).location == "/connect"
    assert _fill_in(browser).location == "/connect/waiting"
    assert [row["client_id"] for row in school.world.rows(registrations)] == ["client-1"]


def test_the_page_moves_on_when_the_platform_has_called(quick: Inviting) -> None:
    made = quick.invite()
    browser = quick.browser(made)
    assert _get(browser, "/connect/status").json == {"stamp": ""}
    quick.platform()
    quick.http.will("POST", f"{LMS}/register", 422, {"errors": ["no such scope"]})
    token = quick.desk.links.registration_token(made.invite, "lti")
    query = {"openid_configuration": f"{LMS}/configuration"}
    quick.browser().get(f"/lti/register/{token}", base_url=GATE, query_string=query)
    assert _get(browser, "/connect/status").json == {"stamp": "registration.refused"}
    assert "no such scope" in _get(browser, "/connect/with/lti").text
    quick.platform()
    done = quick.browser().get(f"/lti/register/{token}", base_url=GATE, query_string=query)
    assert "is registered" in done.text
    told = _get(browser, "/connect/status").json
    assert told is not None
    assert told["address"] == "/connect/waiting"


def test_the_configuration_document_is_served_to_the_platform_alone(quick: Inviting) -> None:
    key = next(key for key, plate in rooms().items() if plate.registration and plate.registration.configuration)
    made = quick.invite()
    document = _get(quick.browser(), f"/lti/config/{key}-{made.invite.id}.json")
    assert f"{GATE}/lti/launch" in document.text
    assert document.mimetype == "application/json"
    for handle in (f"lti-{made.invite.id}", f"{key}-nobody", "x", "-"):
        assert _get(quick.browser(), f"/lti/config/{handle}.json").status_code == 404


def test_who_opens_the_registration_address_in_a_browser_is_told_what_it_is_for(quick: Inviting) -> None:
    token = quick.desk.links.registration_token(quick.invite().invite, "lti")
    answer = _get(quick.browser(), f"/lti/register/{token}")
    assert answer.status_code == 400
    assert "paste it into your learning system" in _text(answer)


def test_a_systems_picture_is_served_and_nothing_else(quick: Inviting) -> None:
    assert _get(quick.browser(), "/connect/icons/lti.svg").mimetype == "image/svg+xml"
    assert _get(quick.browser(), "/connect/icons/nobody.svg").status_code == 404


@pytest.mark.parametrize("name", ["a" * 256, "dépl-1", "1\x007"])
def test_a_deployment_that_no_launch_could_bring_is_told_on_the_form(quick: Inviting, name: str) -> None:
    browser = quick.browser(quick.invite())
    answer = _fill_in(browser, deployment_ids=name)
    assert answer.status_code == 422
    assert "A deployment ID has at most 255 plain characters" in answer.text
    assert quick.homes() == []
