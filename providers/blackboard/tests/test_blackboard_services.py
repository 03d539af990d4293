"""Blackboard's class members, gradebook and registration: its oddities end in this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from providers.blackboard.grades import GRADES
from providers.blackboard.members import MEMBERS
from providers.blackboard.registration import REGISTRATION, BlackboardRegistration
from providers.blackboard.simulator import SimulatedBlackboard
from providers.contract import LineItem, Member, Members, Refused, Score, Tool
from providers.kit.lti.registration import read_configuration
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.support.lti_services import LmsServices, lms_services

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
GATE = "https://gate.example"
TOOL = Tool("Reader", "", GATE, "gate.example", f"{GATE}/login", f"{GATE}/launch", f"{GATE}/keys")


@pytest.fixture
def lms() -> Iterator[LmsServices]:
    with lms_services(SimulatedBlackboard) as running:
        yield running


def _members(lms: LmsServices) -> list[Member]:
    pages = list(MEMBERS.read_class(lms.context, lms.service, lms.members_url))
    return [member for page in pages if isinstance(page, Members) for member in page.members]


def _item(lms: LmsServices) -> str:
    wanted = LineItem("Quiz", 10, tag="quiz")
    return str(GRADES.open_line_item(lms.context, lms.service, lms.grades_claim(), wanted).url)


def _body(lms: LmsServices) -> dict[str, Any]:
    configuration = read_configuration(f"{GATE}/c", lms.platform.desk.document())
    return BlackboardRegistration().tool_registration(TOOL, REGISTRATION.wants, configuration)


def _query(lms: LmsServices) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(lms.platform.desk.document()["registration_endpoint"]).query))


def test_preview_user_among_members_is_marked(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["preview"]])
    (preview,) = _members(lms)
    assert (preview.roles.is_test_user, preview.roles.enrollment) == (True, ())


def test_member_address_brings_its_placement(lms: LmsServices) -> None:
    assert "placement_id=_553_1" in lms.members_url
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["sam"]])
    assert len(_members(lms)) == 1


def test_line_breaks_of_a_comment_are_html(lms: LmsServices) -> None:
    subject = lms.platform.launch_claims("sam")["sub"]
    GRADES.post_score(lms.context, lms.service, _item(lms), Score(subject, AT, 8, 10, comment="a\nb"))
    assert lms.platform.services.gradebook.written[0].body["comment"] == "a<br/>b"


def test_result_of_one_person_lacks_the_comment(lms: LmsServices) -> None:
    subject, item = lms.platform.launch_claims("sam")["sub"], _item(lms)
    GRADES.post_score(lms.context, lms.service, item, Score(subject, AT, 8, 10, comment="Good"))
    (alone,) = GRADES.read_results(lms.context, lms.service, item, subject=subject)
    (among_all,) = GRADES.read_results(lms.context, lms.service, item)
    assert (alone.comment, among_all.comment) == (None, "Good")


def test_person_who_could_not_be_found_has_a_code(lms: LmsServices) -> None:
    with pytest.raises(Refused, match=r"grades\.student_not_in_course"):
        GRADES.post_score(lms.context, lms.service, _item(lms), Score("nobody", AT, 8, 10))


def test_token_of_a_registration_stands_in_the_endpoints_query(lms: LmsServices) -> None:
    desk, body = lms.platform.desk, _body(lms)
    assert "registration_token" not in desk.open_registration(f"{GATE}/r")
    assert desk.register(body, "", {}).status == 400
    assert desk.register(body, "", _query(lms)).status == 201


def test_registration_brings_no_deployment(lms: LmsServices) -> None:
    answer = lms.platform.desk.register(_body(lms), "", _query(lms)).body
    configuration = read_configuration(f"{GATE}/c", lms.platform.desk.document())
    assert BlackboardRegistration().read_registration(answer, configuration)["deployment_ids"] == []


def test_portal_that_calls_itself_the_issuer_is_not_believed(lms: LmsServices) -> None:
    lms.platform.switch(portal_issuer=True)
    configuration = read_configuration(f"{GATE}/c", lms.platform.desk.document())
    values = BlackboardRegistration().read_registration({"client_id": "c"}, configuration)
    assert not {"issuer", "key_set_url"} & set(values)


def test_domain_of_another_tool_is_refused(lms: LmsServices) -> None:
    lms.platform.switch(taken_domain="gate.example")
    reply = lms.platform.desk.register(_body(lms), "", _query(lms))
    assert (reply.status, "gate.example" in reply.body["message"]) == (400, True)
