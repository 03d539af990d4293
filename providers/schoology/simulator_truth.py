"""What is true of a made-up roster in Schoology, as far as Schoology can tell it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from providers.kit.simulator.numbers import Numbers, renumbered
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.roster_truth import truth_of
from providers.kit.simulator.simulated_roster import Truth

_SUBJECTS: Final = {"Mathematics": "Mathematics", "Art": "Arts"}


def truth_in_schoology(roster: Roster, numbers: Numbers) -> Truth:
    """Return what a right reader brings: no school years, grades of people, first teachers, or days of enrollments."""
    active = {each["sourcedId"] for each in roster["enrollments"] if each.get("schoology", 1) == 1}
    plain = dict(truth_of(roster))
    plain["academicSessions"] = [each for each in plain["academicSessions"] if each.type != "schoolYear"]
    plain["enrollments"] = [each for each in plain["enrollments"] if each.source_id in active]
    courses = {each.source_id: each.title for each in plain["courses"]}
    plain["classes"] = [each._replace(title=f"{courses[each.course_id]}: {each.title}") for each in plain["classes"]]
    truth = renumbered(plain, numbers)
    return truth | {
        "academicSessions": [_session(each) for each in truth["academicSessions"]],
        "courses": [
            each._replace(subjects=tuple(map(_SUBJECTS.__getitem__, each.subjects))) for each in truth["courses"]
        ],
        "users": [each._replace(grades=(), user_ids=()) for each in truth["users"]],
        "enrollments": [each._replace(primary=False, begin_date=None) for each in truth["enrollments"]],
    }


def _session(told: Any) -> Any:
    after = (date.fromisoformat(told.end_date) + timedelta(days=1)).isoformat()
    return told._replace(type="gradingPeriod", end_date=after, parent_id=None, school_year=None)
