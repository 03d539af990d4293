"""Moodle's class members and gradebook: its oddities end in this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract import LineItem, Member, Members, Refused, Score
from providers.kit.lti import claims as names
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from providers.moodle.grades import GRADES
from providers.moodle.members import MEMBERS
from providers.moodle.simulator import SimulatedMoodle
from tests.support.lti_services import LmsServices, lms_services, many_people

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def lms() -> Iterator[LmsServices]:
    with lms_services(SimulatedMoodle) as running:
        yield running


def _members(lms: LmsServices) -> list[Member]:
    pages = list(MEMBERS.read_class(lms.context, lms.service, lms.members_url))
    return [member for page in pages if isinstance(page, Members) for member in page.members]


def _post(lms: LmsServices, subject: str, **changes: Any) -> None:
    item = GRADES.open_line_item(lms.context, lms.service, lms.grades_claim(), LineItem("Quiz", 10, tag="quiz"))
    score = Score(subject, AT, 8, 10)._replace(**changes)
    GRADES.post_score(lms.context, lms.service, str(item.url), score)


def test_short_roles_and_login_names_are_understood(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, [PEOPLE["tia"]])
    (tia,) = _members(lms)
    assert [str(role) for role in tia.roles.enrollment] == ["teacher"]
    assert (tia.person.username, tia.person.sourced_id) == ("tia.lindqvist", "NF-2012")


def test_next_page_between_typographic_quotes_is_followed(lms: LmsServices) -> None:
    lms.platform.services.classes.only(ALGEBRA, many_people(120))
    assert len(_members(lms)) == 120


def test_scores_go_below_a_line_item_with_a_query(lms: LmsServices) -> None:
    _post(lms, "11")
    (written,) = lms.platform.services.gradebook.written
    assert (written.user, written.body["scoreGiven"]) == ("11", 8)


def test_score_that_is_not_final_is_taken_but_not_counted(lms: LmsServices) -> None:
    _post(lms, "11", grading_progress="Pending")
    assert lms.platform.services.gradebook.written == []


def test_person_whom_the_course_does_not_grade_has_a_code(lms: LmsServices) -> None:
    with pytest.raises(Refused, match=r"grades\.student_not_in_course"):
        _post(lms, "999")


def test_services_that_are_not_switched_on_are_not_in_the_launch(lms: LmsServices) -> None:
    lms.platform.switch(names_roles=False, grades=False)
    assert not {names.NAMES_ROLES, names.GRADES} & set(lms.platform.launch_claims("tia"))


def test_key_set_that_moodle_may_not_fetch_ends_in_a_refused_token(lms: LmsServices) -> None:
    """Moodle's curl security blocks private addresses: then no signature of ours can be checked."""
    lms.platform.switch(key_set_blocked=True)
    with pytest.raises(Refused, match=r"token\.client_refused"):
        _members(lms)
