"""Brightspace: settings, and launches whose oddities end in this room."""

from __future__ import annotations

from typing import Any

import pytest

from providers.brightspace.launch import OWN_CLAIM, read_launch
from providers.brightspace.registration import BrightspaceRegistration
from providers.brightspace.settings import BrightspaceSettings, endpoints
from providers.brightspace.simulator import SimulatedBrightspace, create_simulator
from providers.contract import EnrollmentRole, Launch, OpenIdConfiguration, VerifiedClaims, read_settings
from providers.kit.lti import claims as names
from providers.kit.simulator import SigningKey, SimulatorConfig

KEY = SigningKey.generate()
URL = "http://localhost:8000/lti/launch"
HOME = "https://school.brightspace.example"
PLATFORM = OpenIdConfiguration(f"{HOME}/c", HOME, f"{HOME}/a", f"{HOME}/t", f"{HOME}/k", f"{HOME}/r")


@pytest.fixture
def brightspace() -> SimulatedBrightspace:
    return SimulatedBrightspace(SimulatorConfig(HOME, "1", "d-1", URL, URL, URL), key=KEY)


def _read(claims: dict[str, Any]) -> Launch:
    return read_launch(VerifiedClaims(claims), BrightspaceSettings(base_url=HOME, client_id="1"))


def test_everything_follows_from_the_address_but_the_token_house() -> None:
    found = endpoints(read_settings(BrightspaceSettings, {"base_url": HOME + "/", "client_id": "1"}))
    assert (found.issuer, found.auth_login_url) == (HOME, f"{HOME}/d2l/lti/authenticate")
    assert found.key_set_url == f"{HOME}/d2l/.well-known/jwks"
    assert found.auth_token_url == "https://auth.brightspace.com/core/connect/token"


def test_audience_of_a_token_request_is_not_its_address() -> None:
    found = endpoints(read_settings(BrightspaceSettings, {"base_url": HOME, "client_id": "1"}))
    assert found.auth_audience == "https://api.brightspace.com/auth/token"


def test_registration_without_an_authorization_server_gets_the_usual_audience() -> None:
    values = BrightspaceRegistration().read_registration({"client_id": "c"}, PLATFORM)
    assert (values["base_url"], values["deployment_ids"]) == (HOME, [])
    assert values["auth_audience"] == "https://api.brightspace.com/auth/token"


def test_org_defined_id_is_the_schools_own_id(brightspace: SimulatedBrightspace) -> None:
    claims = brightspace.launch_claims("sam")
    assert names.LIS not in claims
    person = _read(claims).person
    assert (person.sourced_id, person.username) == ("NF-1011", "sam.okafor")


def test_lis_claim_comes_first(brightspace: SimulatedBrightspace) -> None:
    claims = brightspace.launch_claims("sam", put={names.LIS: {"person_sourcedid": "FROM-LIS"}})
    assert _read(claims).person.sourced_id == "FROM-LIS"


@pytest.mark.parametrize("odd", [None, "x", {"org_defined_id": 7}, {"org_defined_id": ""}])
def test_odd_claim_of_its_own_gives_no_id(brightspace: SimulatedBrightspace, odd: Any) -> None:
    assert _read(brightspace.launch_claims("sam", put={OWN_CLAIM: odd})).person.sourced_id is None


def test_without_user_information_a_person_is_an_id(brightspace: SimulatedBrightspace) -> None:
    brightspace.switch(user_information=False, emails=False)
    launch = _read(brightspace.launch_claims("sam"))
    assert launch.subject is not None
    assert {launch.person.name, launch.person.email, launch.person.sourced_id, launch.person.username} == {None}


def test_anonymous_deployment_names_nobody(brightspace: SimulatedBrightspace) -> None:
    brightspace.switch(anonymous=True)
    assert _read(brightspace.launch_claims("sam")).subject is None


def test_without_org_unit_information_there_is_no_course(brightspace: SimulatedBrightspace) -> None:
    brightspace.switch(context=False)
    launch = _read(brightspace.launch_claims("sam"))
    assert launch.context is None
    assert launch.roles.enrollment == (EnrollmentRole.STUDENT,)


def test_without_link_information_the_link_has_no_title(brightspace: SimulatedBrightspace) -> None:
    brightspace.switch(link_information=False)
    link = _read(brightspace.launch_claims("sam")).resource_link
    assert link is not None
    assert (link.id, link.title) == ("link-101", None)


@pytest.mark.parametrize("sent", [True, False])
def test_institution_role_gives_no_right(brightspace: SimulatedBrightspace, sent: bool) -> None:
    brightspace.switch(institution_role=sent)
    claims = brightspace.launch_claims("robin", 101)
    assert any("institution/person#Instructor" in role for role in claims[names.ROLES]) is sent
    assert _read(claims).roles.enrollment == (EnrollmentRole.STUDENT,)


def test_unlisted_variable_counts_as_not_sent(brightspace: SimulatedBrightspace) -> None:
    brightspace.switch(unlisted_variable=True)
    claims = brightspace.launch_claims("sam")
    assert claims[names.CUSTOM]["user_id"] == "$User.Id"
    assert "user_id" not in _read(claims).custom


def test_legacy_id_is_sent_and_is_not_the_subject(brightspace: SimulatedBrightspace) -> None:
    claims = brightspace.launch_claims("sam")
    assert (claims[names.LEGACY_USER_ID], _read(claims).subject) == ("11", claims["sub"])
    brightspace.switch(legacy_id=False)
    assert names.LEGACY_USER_ID not in brightspace.launch_claims("sam")


def test_token_begins_when_it_is_issued_and_keys_name_no_algorithm(brightspace: SimulatedBrightspace) -> None:
    claims = brightspace.launch_claims("sam")
    assert (claims["nbf"], claims["exp"] - claims["iat"]) == (claims["iat"], 1800)
    assert all("alg" not in key for key in brightspace.key_set()["keys"])


@pytest.mark.parametrize("is_tab", [True, False])
def test_registration_opens_in_a_new_tab(brightspace: SimulatedBrightspace, is_tab: bool) -> None:
    brightspace.switch(registration_tab=is_tab)
    desk = create_simulator(brightspace.config, platform=brightspace).test_client()
    assert (' target="_blank"' in desk.get("/admin").text) is is_tab
    answer = desk.post("/admin/register", data={"address": f"{HOME}/lti/register/x"})
    assert (answer.status_code, "<iframe" in answer.text) == ((303, False) if is_tab else (200, True))


def test_redirect_address_has_no_wildcards(brightspace: SimulatedBrightspace) -> None:
    assert brightspace.redirect_known(URL)
    assert not brightspace.redirect_known(URL + "?a=b")
