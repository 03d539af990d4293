"""What Canvas does otherwise in its services."""

from __future__ import annotations

from datetime import UTC, datetime

from providers.canvas.grades import GRADES, SUBMISSION
from providers.canvas.members import MEMBERS
from providers.contract import LaunchPerson, LaunchRoles, Member, Score

AT = datetime(2026, 3, 1, 9, 30, 0, 5000, tzinfo=UTC)


def test_the_sis_id_comes_from_the_keys_custom_fields() -> None:
    member = Member("a", LaunchRoles(), LaunchPerson())
    refined = MEMBERS.refine(member, {}, {"canvas_user_sis_id": "NF-1", "canvas_user_login_id": "sam"})
    assert (refined.person.sourced_id, refined.person.username) == ("NF-1", "sam")


def test_what_canvas_says_itself_goes_before_custom_fields() -> None:
    member = Member("a", LaunchRoles(), LaunchPerson(sourced_id="own"))
    assert MEMBERS.refine(member, {}, {"canvas_user_sis_id": "NF-1"}).person.sourced_id == "own"


def test_a_grade_makes_no_attempt() -> None:
    assert GRADES.extend(Score("a", AT, 1, 1), {})[SUBMISSION] == {"new_submission": False}


def test_an_attempt_says_when_it_was_handed_in() -> None:
    score = Score("a", AT, 1, 1, submitted_at=AT, is_attempt=True)
    told = GRADES.extend(score, {"submission": {"submittedAt": "then"}})[SUBMISSION]
    assert told == {"new_submission": True, "submitted_at": "then"}
