"""Class members over a real socket, from a platform that does everything otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from providers.contract import BadData, Failure, Member, Members, MembersFinished, Misconfigured, Refused, Unavailable
from providers.kit.lti.nrps import NamesAndRoles
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.support.lti_services import LmsServices, lms_services, many_people

LINK = "link-101"


@pytest.fixture(scope="module")
def _running() -> Iterator[LmsServices]:
    with lms_services() as running:
        yield running


@pytest.fixture
def lms(_running: LmsServices) -> LmsServices:
    """A platform whose class of twelve comes in pages of five."""
    platform = _running.platform
    platform.switches = platform.default_switches()
    platform.switch(members_page=5)
    platform.services.faults.up("members")
    platform.services.classes.only(ALGEBRA, many_people(12))
    platform.requests.clear()
    _running.slept.seconds.clear()
    return _running


def _read(lms: LmsServices, reader: NamesAndRoles | None = None, **asked: Any) -> tuple[list[Member], MembersFinished]:
    *pages, end = (reader or NamesAndRoles()).read_class(lms.context, lms.service, lms.members_url, **asked)
    assert isinstance(end, MembersFinished)
    return [member for page in pages if isinstance(page, Members) for member in page.members], end


def _fails(lms: LmsServices, family: type[Failure], code: str) -> None:
    with pytest.raises(family, match=code):
        _read(lms)


@pytest.mark.parametrize("style", ["book", "relative", "unquoted", "typographic"])
def test_every_page_is_read_whatever_its_links_look_like(lms: LmsServices, style: str) -> None:
    lms.platform.switch(members_next=style)
    members, end = _read(lms)
    assert len({member.subject for member in members}) == 12
    assert (end.mode, lms.platform.requests["members"]) == ("full", 3)


def test_a_member_is_read_by_the_book(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["tia"], PEOPLE["pat"], PEOPLE["preview"]])
    (tia, pat, preview), _ = _read(lms)
    assert (tia.subject, tia.person.given_name, tia.person.sourced_id) == ("user-12", "Tia", "NF-2012")
    assert ([str(role) for role in tia.roles.enrollment], tia.status) == (["teacher"], "Active")
    assert (pat.person.name, pat.person.email, preview.roles.is_test_user) == (None, None, True)


def test_short_roles_and_a_missing_status_are_understood(lms: LmsServices) -> None:
    lms.platform.switch(members_short_roles=True, members_status=False)
    members, _ = _read(lms)
    assert {(str(member.roles.enrollment[0]), member.status) for member in members} == {("student", "Active")}


def test_the_platform_decides_how_many_come_at_once(lms: LmsServices) -> None:
    lms.platform.switch(members_most=4)
    assert len(_read(lms, NamesAndRoles(limit=100))[0]) == 12
    assert lms.platform.requests["members"] == 3


def test_the_address_keeps_a_query_of_its_own(lms: LmsServices) -> None:
    lms.platform.switch(members_url_query="limit=3&placement=_122_1")
    _read(lms, NamesAndRoles(limit=100))
    assert lms.platform.requests["members"] == 4


def test_asked_for_a_link_it_tells_the_schools_own_ids(lms: LmsServices) -> None:
    def refine(member: Member, _record: Any, custom: Any) -> Member:
        return member._replace(person=member.person.__class__(sourced_id=custom.get("user_number")))

    members, _ = _read(lms, NamesAndRoles(refine=refine), resource_link_id=LINK)
    assert members[0].person.sourced_id == "1000"
    lms.platform.switch(members_rlid=False)
    assert _read(lms, NamesAndRoles(refine=refine), resource_link_id=LINK)[0][0].person.sourced_id is None


def test_a_link_that_is_not_ours_is_left_out(lms: LmsServices) -> None:
    assert len(_read(lms, resource_link_id="the-course-itself")[0]) == 12


def test_differences_are_read_from_their_own_address(lms: LmsServices) -> None:
    lms.platform.switch(members_differences=True)
    _, end = _read(lms)
    classes = lms.platform.services.classes
    classes.drop(ALGEBRA, classes.members(ALGEBRA)[:1])
    classes.enroll(ALGEBRA, many_people(1, first=5000))
    changed, delta = _read(lms, since=end.since)
    assert [(one.subject, one.status) for one in changed] == [("user-1000", "Deleted"), ("user-5000", "Active")]
    assert delta.mode == "delta"
    assert _read(lms, since=delta.since)[0] == []


def test_a_page_that_fails_twice_is_asked_for_again(lms: LmsServices) -> None:
    lms.platform.services.faults.plan("members", [None, Fault(429, retry_after="3"), Fault(503)])
    assert len(_read(lms)[0]) == 12
    assert lms.slept.seconds == [3, 2]


@pytest.mark.parametrize(
    ("fault", "family", "code"),
    [
        (Fault(500), Unavailable, "members.unavailable"),
        (Fault(403, text="Rate Limit Exceeded"), Unavailable, "members.unavailable"),
        (Fault(401), Refused, "members.refused"),
        (Fault(403), Refused, "members.refused"),
        (Fault(404), Misconfigured, "members.gone"),
        (Fault(200, text="[]"), BadData, "members.unreadable"),
        (Fault(200, text="<html>"), BadData, "http.not_json"),
    ],
)
def test_a_failure_on_any_page_fails_the_reading(lms: LmsServices, fault: Fault, family: Any, code: str) -> None:  # F1
    lms.platform.services.faults.plan("members", [None, *[fault] * 9])
    _fails(lms, family, code)


def test_a_long_pause_is_the_jobs(lms: LmsServices) -> None:
    lms.platform.services.faults.plan("members", [Fault(429, retry_after="600")])
    with pytest.raises(Unavailable) as raised:
        _read(lms)
    assert (raised.value.retry_after, lms.slept.seconds) == (600, [])


def test_an_unreachable_platform_is_asked_again_and_then_given_up(lms: LmsServices) -> None:
    url = "http://127.0.0.1:9/nobody"
    with pytest.raises(Unavailable):
        list(NamesAndRoles().read_class(lms.context, lms.service, url))
    assert len(lms.slept.seconds) == 4


def test_an_answer_without_its_envelope_is_no_empty_class(lms: LmsServices) -> None:  # F1
    lms.platform.switch(members_envelope=False)
    _fails(lms, BadData, r"members\.unreadable")


@pytest.mark.parametrize("style", ["loop", "again"])
def test_a_list_that_goes_round_in_circles_is_noticed(lms: LmsServices, style: str) -> None:  # F1
    lms.platform.switch(members_next=style)
    _fails(lms, BadData, r"members\.unreadable")


def test_a_member_that_cannot_be_read_is_counted(lms: LmsServices) -> None:
    records = '{"user_id": " ", "roles": []}, 5, {"user_id": "a", "roles": "no"}, {"user_id": "b", "roles": []}'
    text = f'{{"members": [{records}]}}'
    lms.platform.services.faults.plan("members", [Fault(200, text=text)])
    page, _ = NamesAndRoles().read_class(lms.context, lms.service, lms.members_url)
    assert isinstance(page, Members)
    assert ([fault.row for fault in page.faults], [one.subject for one in page.members]) == ([1, 2, 3], ["b"])
