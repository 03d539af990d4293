"""Each quirk of Canvas that the simulator can show, and what the room makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from providers.canvas.grades import GRADES
from providers.canvas.launch import read_launch
from providers.canvas.members import MEMBERS
from providers.canvas.settings import CanvasSettings
from providers.canvas.simulator import SimulatedCanvas
from providers.contract import Launch, LineItem, Member, Members, Refused, Score, Unavailable, VerifiedClaims
from providers.kit.lti import claims as names
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, COURSES, PEOPLE
from tests.support.lti_services import LmsServices, lms_services, many_people

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
QUIZ = LineItem("Quiz", 10, resource_id="quiz-1")


@pytest.fixture
def lms() -> Iterator[LmsServices]:
    with lms_services(SimulatedCanvas) as running:
        yield running


def _launch(lms: LmsServices, **switches: Any) -> Launch:
    lms.platform.switch(**switches)
    return read_launch(VerifiedClaims(lms.platform.launch_claims("sam")), CanvasSettings(client_id="1"))


def _members(lms: LmsServices) -> list[Member]:
    pages = list(MEMBERS.read_class(lms.context, lms.service, lms.members_url))
    return [member for page in pages if isinstance(page, Members) for member in page.members]


def _post(lms: LmsServices, subject: str = "", at: datetime = AT) -> str:
    item = GRADES.open_line_item(lms.context, lms.service, lms.grades_claim(), QUIZ)
    sub = subject or lms.platform.launch_claims("sam")["sub"]
    return GRADES.post_score(lms.context, lms.service, str(item.url), Score(sub, at, 8, 10))


@pytest.mark.parametrize(
    ("level", "named", "mailed", "sis_id"),
    [
        ("public", True, True, "NF-1011"),
        ("name_only", True, False, None),
        ("email_only", False, True, None),
        ("anonymous", False, False, None),
    ],
)
def test_privacy_level_decides_what_is_known(
    lms: LmsServices, level: str, named: bool, mailed: bool, sis_id: str | None
) -> None:
    person = _launch(lms, privacy_level=level).person
    assert (person.name is not None, person.email is not None, person.sourced_id) == (named, mailed, sis_id)
    assert (person.username is not None) is (level == "public")


@pytest.mark.parametrize("level", ["name_only", "anonymous"])
def test_privacy_level_holds_for_class_members_too(lms: LmsServices, level: str) -> None:
    lms.platform.switch(privacy_level=level)
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["sam"]])
    (sam,) = _members(lms)
    assert (sam.person.email, sam.person.name is not None) == (None, level == "name_only")


@pytest.mark.parametrize(
    ("said", "read"),
    [("", None), ("a,b", "a,b"), ("a,b,truncated", "a,b"), ("timed out", None), ("truncated", None)],
)
def test_earlier_courses_are_ids_alone(lms: LmsServices, said: str, read: str | None) -> None:
    assert _launch(lms, id_history=said).custom.get("context_id_history") == read


@pytest.mark.parametrize("migration", ["signed", "unsigned"])
def test_ids_of_lti_1_1_are_not_the_subject(lms: LmsServices, migration: str) -> None:
    launch = _launch(lms, migration=migration)
    claims = lms.platform.launch_claims("sam")
    assert ("oauth_consumer_key" in claims[names.LTI1P1]) is (migration == "signed")
    assert claims[names.LEGACY_USER_ID] != launch.subject == claims["sub"]


def test_speed_grader_may_name_another_link(lms: LmsServices) -> None:
    right, wrong = _launch(lms).resource_link, _launch(lms, wrong_link=True).resource_link
    assert right is not None
    assert wrong is not None
    assert right.id != wrong.id


def test_navigation_link_owns_no_line_item_so_one_is_made_without_it(lms: LmsServices) -> None:
    lms.platform.switch(navigation_link=True, line_item_links="none", line_item_of_link=False)
    wanted = replace_link(QUIZ, lms.platform.resource_link(ALGEBRA)["id"])
    made = GRADES.open_line_item(lms.context, lms.service, lms.grades_claim(), wanted)
    assert (made.resource_id, made.resource_link_id) == ("quiz-1", None)


def replace_link(item: LineItem, link_id: str) -> LineItem:
    return item._replace(resource_link_id=link_id)


@pytest.mark.parametrize(("environment", "region"), [("production", "us-east-1"), ("prod", "not_configured")])
def test_login_names_region_and_environment(lms: LmsServices, environment: str, region: str) -> None:
    lms.platform.switch(environment=environment, region=region)
    login = lms.platform.login_parameters("sam")
    assert (login["canvas_environment"], login["canvas_region"]) == (environment, region)


def test_caller_without_a_user_agent_is_forbidden_and_ours_has_one(lms: LmsServices) -> None:
    assert httpx.get(lms.members_url, headers={"User-Agent": ""}).status_code == 403
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["sam"]])
    assert len(_members(lms)) == 1


def test_next_page_in_a_lower_case_header_is_followed(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, many_people(120))
    assert lms.platform.switches.link_header == "link"
    assert len(_members(lms)) == 120


def test_rate_limit_that_says_403_is_asked_again(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["sam"]])
    limited = Fault(403, text="403 Forbidden (Rate Limit Exceeded)")
    lms.platform.services.faults.plan("members", [limited])
    assert len(_members(lms)) == 1
    lms.platform.services.faults.plan("scores", [limited])
    with pytest.raises(Unavailable, match=r"grades\.unavailable"):
        _post(lms)


def test_older_timestamp_is_a_400_and_known(lms: LmsServices) -> None:
    assert [_post(lms), _post(lms), _post(lms, at=AT - timedelta(seconds=1))] == ["recorded", "known", "known"]


def test_somebody_who_is_no_student_is_a_422(lms: LmsServices) -> None:
    with pytest.raises(Refused, match=r"grades\.student_not_in_course"):
        _post(lms, "nobody")


def test_attempts_used_up_are_a_422_with_a_code_of_its_own(lms: LmsServices) -> None:
    _post(lms)
    said = "The maximum number of allowed attempts has been reached for this submission"
    lms.platform.services.faults.plan("scores", [Fault(422, text=said)])
    with pytest.raises(Refused, match=r"grades\.attempts_used_up"):
        _post(lms, at=AT + timedelta(seconds=1))


def test_audience_with_a_slash_at_the_end_is_refused(lms: LmsServices) -> None:
    address = str(lms.service.endpoints.auth_token_url)
    slashed = replace(lms.service, endpoints=replace(lms.service.endpoints, auth_audience=address + "/"))
    with pytest.raises(Refused, match=r"token\.client_refused"):
        list(MEMBERS.read_class(lms.context, slashed, lms.members_url))


def test_course_keeps_its_id_whatever_its_number(lms: LmsServices) -> None:
    ids = {lms.platform.context_id(course) for course in COURSES.values()}
    assert all(len(each) == 40 for each in ids)
