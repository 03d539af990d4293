"""Brightspace's token requests, gradebook and registration: its oddities end in this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.brightspace.grades import GRADES
from providers.brightspace.registration import REGISTRATION, BrightspaceRegistration
from providers.brightspace.settings import BrightspaceSettings, endpoints
from providers.brightspace.simulator import SimulatedBrightspace
from providers.contract import LineItem, LtiService, Refused, Score, Tool, read_settings
from providers.kit.lti.registration import read_configuration
from tests.support.lti_services import LmsServices, lms_services

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
GATE = "https://gate.example"
TOOL = Tool("Reader", "", GATE, "gate.example", f"{GATE}/login", f"{GATE}/launch", f"{GATE}/keys")


@pytest.fixture
def lms() -> Iterator[LmsServices]:
    with lms_services(SimulatedBrightspace) as running:
        yield running


def _service(lms: LmsServices, **changes: Any) -> LtiService:
    settings = read_settings(BrightspaceSettings, lms.platform.settings() | changes)
    return LtiService(endpoints(settings), lms.platform.config.deployment_id)


def _post(lms: LmsServices, subject: str, **settings: Any) -> None:
    service, item = _service(lms, **settings), LineItem("Quiz", 10, tag="quiz")
    found = GRADES.open_line_item(lms.context, service, lms.grades_claim(), item)
    GRADES.post_score(lms.context, service, str(found.url), Score(subject, AT, 8, 10))


def test_token_request_names_the_audience_that_it_wants(lms: LmsServices) -> None:
    _post(lms, lms.platform.launch_claims("sam")["sub"])
    assert len(lms.platform.services.gradebook.written) == 1


def test_token_request_with_the_token_address_as_audience_is_refused(lms: LmsServices) -> None:
    with pytest.raises(Refused, match=r"token\.client_refused"):
        _post(lms, "x", auth_audience=lms.platform.settings()["auth_token_url"])


@pytest.mark.parametrize(
    "refusal",
    [
        (403, "User in requested score is not enrolled in the org unit"),
        (404, "User in requested score does not exist"),
    ],
)
def test_person_outside_the_org_unit_has_a_code(lms: LmsServices, refusal: tuple[int, str]) -> None:
    lms.platform.switch(score_unknown_student=refusal)
    with pytest.raises(Refused, match=r"grades\.student_not_in_course"):
        _post(lms, "nobody")


@pytest.mark.parametrize("named", [True, False])
def test_registration_ends_in_the_audience_that_it_wants(named: bool, lms: LmsServices) -> None:
    lms.platform.switch(names_audience=named)
    configuration = read_configuration(f"{GATE}/c", lms.platform.desk.document())
    values = BrightspaceRegistration().read_registration({"client_id": "c"}, configuration)
    assert values["auth_audience"] == "https://api.brightspace.com/auth/token"


def test_registration_comes_without_a_token_and_stays_disabled(lms: LmsServices) -> None:
    desk = lms.platform.desk
    assert "registration_token" not in desk.open_registration(f"{GATE}/r")
    body = _body(lms)
    assert desk.register(body, "Bearer anything").status == 401
    assert (desk.register(body, "").status, desk.state) == (201, "off")


def test_deployment_comes_with_the_answer_only_where_it_is_configured(lms: LmsServices) -> None:
    read = BrightspaceRegistration().read_registration
    configuration = read_configuration(f"{GATE}/c", lms.platform.desk.document())
    assert read(lms.platform.desk.register(_body(lms), "").body, configuration)["deployment_ids"] == []
    lms.platform.switch(registration_deployment=True)
    assert read(lms.platform.desk.register(_body(lms), "").body, configuration)["deployment_ids"] == ["deployment-1"]


def test_second_enabled_tool_of_a_domain_is_refused(lms: LmsServices) -> None:
    lms.platform.switch(taken_domain="gate.example")
    reply = lms.platform.desk.register(_body(lms), "")
    assert (reply.status, "gate.example" in reply.body["error_description"]) == (400, True)


def _body(lms: LmsServices) -> dict[str, Any]:
    configuration = read_configuration(f"{GATE}/c", lms.platform.desk.document())
    return BrightspaceRegistration().tool_registration(TOOL, REGISTRATION.wants, configuration)
