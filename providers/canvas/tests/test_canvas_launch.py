"""Canvas's launches: its oddities end in this room."""

from __future__ import annotations

from typing import Any

import pytest

from providers.canvas.launch import read_launch
from providers.canvas.settings import CanvasSettings
from providers.canvas.simulator import SimulatedCanvas
from providers.contract import EnrollmentRole, Launch, Role, VerifiedClaims
from providers.kit.lti import claims as names
from providers.kit.simulator import SigningKey, SimulatorConfig

KEY = SigningKey.generate()
URL = "http://localhost:8000/lti/launch"


@pytest.fixture
def canvas() -> SimulatedCanvas:
    return SimulatedCanvas(SimulatorConfig("http://127.0.0.1:9001", "1", "1:ab", URL, URL, URL), key=KEY)


def _read(claims: dict[str, Any]) -> Launch:
    return read_launch(VerifiedClaims(claims), CanvasSettings(client_id="1"))


def test_student_who_teaches_elsewhere_stays_a_student(canvas: SimulatedCanvas) -> None:
    claims = canvas.launch_claims("robin", 101)
    assert "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor" in claims[names.ROLES]
    assert _read(claims).roles.enrollment == (EnrollmentRole.STUDENT,)


def test_misspelt_assistant_is_understood(canvas: SimulatedCanvas) -> None:
    canvas.switch(misspelt_assistant=True)
    claims = canvas.launch_claims("ada")
    assert any("membership/instructor#" in role for role in claims[names.ROLES])
    assert _read(claims).roles.person == (Role.AIDE,)


def test_navigation_launch_has_the_course_as_its_link(canvas: SimulatedCanvas) -> None:
    canvas.switch(navigation_link=True)
    launch = _read(canvas.launch_claims("sam"))
    assert launch.context is not None
    assert launch.resource_link is not None
    assert launch.resource_link.id == launch.context.id


def test_account_launch_has_no_course(canvas: SimulatedCanvas) -> None:
    launch = _read(canvas.launch_claims("boss", None))
    assert launch.context is None
    assert launch.custom["canvas_user_id"] == "20"
    assert "canvas_course_id" not in launch.custom


def test_sis_ids_come_from_the_custom_fields_when_lis_lacks_them(canvas: SimulatedCanvas) -> None:
    launch = _read(canvas.launch_claims("sam", remove=[names.LIS]))
    assert launch.context is not None
    assert (launch.person.sourced_id, launch.person.username) == ("NF-1011", "sam.okafor@northfield.example")
    assert (launch.context.course_sourced_id, launch.context.section_sourced_id) == ("NF-ALG-1", "NF-ALG-1-S1")


def test_signed_lis_claim_comes_before_the_custom_field(canvas: SimulatedCanvas) -> None:
    launch = _read(canvas.launch_claims("sam", put={names.LIS: {"person_sourcedid": "FROM-LIS"}}))
    assert launch.person.sourced_id == "FROM-LIS"


def test_section_is_unknown_when_there_are_several(canvas: SimulatedCanvas) -> None:
    custom = {"canvas_section_sis_ids": "S1,S2"}
    context = _read(canvas.launch_claims("sam", put={names.CUSTOM: custom})).context
    assert context is not None
    assert context.section_sourced_id is None


def test_launch_without_custom_fields_is_read(canvas: SimulatedCanvas) -> None:
    assert _read(canvas.launch_claims("sam", remove=[names.CUSTOM])).person.username is None


def test_old_numeric_ids_become_text(canvas: SimulatedCanvas) -> None:
    canvas.switch(numeric_custom=True)
    claims = canvas.launch_claims("sam")
    assert claims[names.CUSTOM]["canvas_user_id"] == 11
    assert _read(claims).custom["canvas_user_id"] == "11"
