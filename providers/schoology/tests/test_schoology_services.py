"""Schoology's class members, gradebook and app pages: its oddities end in this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from providers.contract import LineItem, Member, Members, Score
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from providers.schoology.grades import GRADES
from providers.schoology.members import MEMBERS
from providers.schoology.registration import REGISTRATION
from providers.schoology.simulator import SimulatedSchoology
from tests.support.lti_services import LmsServices, lms_services, many_people

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def lms() -> Iterator[LmsServices]:
    with lms_services(SimulatedSchoology) as running:
        yield running


def _members(lms: LmsServices, link: str | None = None) -> list[Member]:
    pages = list(MEMBERS.read_class(lms.context, lms.service, lms.members_url, resource_link_id=link))
    return [member for page in pages if isinstance(page, Members) for member in page.members]


def test_hundred_members_come_at_a_time(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, many_people(250))
    lms.platform.requests.clear()
    assert (len(_members(lms)), lms.platform.requests["members"]) == (250, 3)


def test_member_has_the_compound_id_of_the_launch(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["sam"]])
    assert [each.subject for each in _members(lms)] == [lms.platform.launch_claims("sam")["sub"]]


def test_unique_ids_come_with_the_link(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["sam"]])
    (sam,) = _members(lms, str(lms.platform.resource_link(ALGEBRA)["id"]))
    assert (sam.person.sourced_id, sam.person.username) == ("NF-1011", "sam.okafor")


def test_score_without_a_comment_is_sent_with_a_blank_one(lms: LmsServices) -> None:
    lms.platform.switch(score_comment_needed=True)
    item = GRADES.open_line_item(lms.context, lms.service, lms.grades_claim(), LineItem("Quiz", 10, tag="quiz"))
    subject = lms.platform.launch_claims("sam")["sub"]
    assert GRADES.post_score(lms.context, lms.service, str(item.url), Score(subject, AT, 8, 10)) == "recorded"
    later = Score(subject, AT + timedelta(seconds=1), None, 10)
    assert GRADES.post_score(lms.context, lms.service, str(item.url), later) == "recorded"


def test_there_is_no_dynamic_registration(lms: LmsServices) -> None:
    assert REGISTRATION.ways == ("manual",)
    page = create_app(lms.platform).test_client()
    assert 'data-do="register"' not in page.get("/admin").text


def test_app_that_was_typed_in_has_ten_digits_and_its_own_parameters(lms: LmsServices) -> None:
    page = create_app(lms.platform).test_client()
    custom = "User_ID = $com.schoology.User.uniqueId"
    page.post("/admin/add", data={"name": "Reader", "launch_url": "u", "custom": custom})
    config = lms.platform.config
    assert (len(config.client_id), config.deployment_id.partition("-")[0]) == (10, config.client_id)
    assert lms.platform.launch_claims("sam")["https://purl.imsglobal.org/spec/lti/claim/custom"] == {
        "user_id": "NF-1011"
    }
