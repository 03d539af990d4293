"""Schoology: settings, and launches whose oddities end in this room."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import Launch, VerifiedClaims, read_settings
from providers.kit.lti import claims as names
from providers.kit.simulator import SigningKey, SimulatorConfig
from providers.schoology.launch import CUSTOM, read_launch
from providers.schoology.settings import SchoologySettings, endpoints
from providers.schoology.simulator import SimulatedSchoology

KEY = SigningKey.generate()
URL = "http://localhost:8000/lti/launch"
CONFIG = SimulatorConfig("http://127.0.0.1:9001", "8409082949", "8409082949-1527876651", URL, URL, URL)


@pytest.fixture
def schoology() -> SimulatedSchoology:
    return SimulatedSchoology(CONFIG, key=KEY)


def _read(claims: dict[str, Any]) -> Launch:
    return read_launch(VerifiedClaims(claims), SchoologySettings(client_id="8409082949"))


def test_client_id_is_enough() -> None:
    found = endpoints(read_settings(SchoologySettings, {"client_id": "8409082949"}))
    service = "https://lti-service.svc.schoology.com/lti-service"
    assert (found.issuer, found.auth_login_url) == ("https://schoology.schoology.com", f"{service}/authorize-redirect")
    assert (found.key_set_url, found.auth_token_url) == (f"{service}/.well-known/jwks", f"{service}/access-token")


def test_another_issuer_can_be_filled_in(schoology: SimulatedSchoology) -> None:
    schoology.switch(other_issuer="https://www.schoology.example")
    found = endpoints(read_settings(SchoologySettings, schoology.settings()))
    assert found.issuer == schoology.launch_claims("sam")["iss"] == schoology.login_parameters("sam")["iss"]


def test_ids_of_the_district_come_from_the_apps_parameters(schoology: SimulatedSchoology) -> None:
    launch = _read(schoology.launch_claims("sam"))
    assert launch.context is not None
    assert (launch.person.sourced_id, launch.person.username) == ("NF-1011", "sam.okafor")
    assert (launch.context.section_sourced_id, launch.context.course_sourced_id) == ("NF-ALG-1", None)


def test_names_of_parameters_lose_their_case(schoology: SimulatedSchoology) -> None:
    schoology.app_custom = {"User_Unique_ID": "$com.schoology.User.uniqueId"}
    assert _read(schoology.launch_claims("sam")).person.sourced_id == "NF-1011"
    schoology.switch(lowered_names=False)
    assert _read(schoology.launch_claims("sam")).person.sourced_id is None


def test_room_asks_for_names_that_keep_their_case() -> None:
    assert all(name == name.lower() for name in CUSTOM)


def test_link_made_by_deep_linking_has_no_parameters_of_the_app(schoology: SimulatedSchoology) -> None:
    schoology.switch(deep_linked=True)
    launch = _read(schoology.launch_claims("sam"))
    assert (dict(launch.custom), launch.person.sourced_id) == ({}, None)


def test_parameters_in_the_item_come_with_every_launch(schoology: SimulatedSchoology) -> None:
    item = (("user_unique_id", "$com.schoology.User.uniqueId"), ("page", "7"))
    schoology.switch(deep_linked=True, item_custom=item)
    launch = _read(schoology.launch_claims("sam"))
    assert (launch.custom["page"], launch.person.sourced_id) == ("7", "NF-1011")


def test_variable_that_schoology_does_not_know_is_left_out(schoology: SimulatedSchoology) -> None:
    schoology.app_custom = {"user_unique_id": "$com.schoology.Other.thing"}
    assert _read(schoology.launch_claims("sam")).person.sourced_id is None


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_id_is_no_id(schoology: SimulatedSchoology, blank: str) -> None:
    claims = schoology.launch_claims("sam", put={names.CUSTOM: {"user_unique_id": blank, "section_school_code": blank}})
    launch = _read(claims)
    assert launch.context is not None
    assert (launch.person.sourced_id, launch.context.section_sourced_id) == (None, None)


def test_relaunch_under_privacy_limits_lacks_the_section_or_its_title(schoology: SimulatedSchoology) -> None:
    schoology.switch(context=False)
    assert _read(schoology.launch_claims("sam")).context is None
    schoology.switch(context=True, titles=False)
    context = _read(schoology.launch_claims("sam")).context
    assert context is not None
    assert (context.title, context.id) == (None, "7000000101")


def test_person_keeps_the_compound_id(schoology: SimulatedSchoology) -> None:
    subject = _read(schoology.launch_claims("sam")).subject
    assert subject is not None
    assert subject.startswith("90000011::")


def test_pages_of_the_district_may_live_on_its_own_domain(schoology: SimulatedSchoology) -> None:
    schoology.switch(district_domain=True)
    presentation = _read(schoology.launch_claims("sam")).launch_presentation
    assert presentation["return_url"].startswith("https://lms.northfield.example/")


def test_client_id_may_be_missing_from_the_login(schoology: SimulatedSchoology) -> None:
    schoology.switch(login_client_id=False)
    login = schoology.login_parameters("sam")
    assert "client_id" not in login
    assert (login["lti_deployment_id"], login["lti_storage_target"]) == ("8409082949-1527876651", "_parent")


def test_copied_section_tells_its_last_five_predecessors(schoology: SimulatedSchoology) -> None:
    schoology.switch(id_history=tuple("abcdefg"))
    assert _read(schoology.launch_claims("sam")).custom["context_id_history"] == "c,d,e,f,g"
