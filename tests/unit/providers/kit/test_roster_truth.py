"""The truth by which rooms are judged, held against a few records that are written out here."""

from __future__ import annotations

from typing import Any

from providers.contract import Kind
from providers.kit.simulator.roster_data import made_up_roster
from providers.kit.simulator.roster_truth import truth_of


def one(kind: Kind, source_id: str) -> Any:
    (found,) = [record for record in truth_of(made_up_roster(30))[kind] if record.source_id == source_id]
    return found


def test_people_are_as_the_roster_tells() -> None:
    user = one("users", "p-3")
    assert (user.given_name, user.family_name, user.username) == ("Given", "Family p-3", "p-3")
    assert (user.email, user.identifier, user.grades) == ("p-3@school.example", "100003", ("09",))
    assert (user.enabled_user, user.primary_org_id, user.user_ids) == (True, "s-2", (("SIS", "3"),))


def test_roles_are_of_a_user_at_an_org() -> None:
    roles = {(each.user_id, each.org_id, each.role, each.role_type) for each in truth_of(made_up_roster(30))["roles"]}
    assert ("a-1", "d-1", "districtAdministrator", "primary") in roles
    assert ("t-2", "s-2", "teacher", "primary") in roles
    assert len(roles) == 34


def test_classes_know_school_course_and_terms() -> None:
    found = one("classes", "k-2-art")
    assert (found.school_id, found.course_id, found.term_ids, found.periods) == ("s-2", "c-art", ("t-1",), ("1",))


def test_sessions_know_dates_and_parents() -> None:
    term = one("academicSessions", "t-1")
    assert (term.type, term.start_date, term.end_date) == ("term", "2026-08-01", "2027-01-15")
    assert (term.parent_id, term.school_year) == ("y-27", "2027")


def test_orgs_know_type_and_parent() -> None:
    school = one("orgs", "s-1")
    assert (school.name, school.type, school.identifier, school.parent_id) == ("School 1", "school", "0001", "d-1")


def test_enrollments_know_user_class_and_role() -> None:
    teacher, student = one("enrollments", "e-t-1-math"), one("enrollments", "e-p-0-art")
    assert (teacher.user_id, teacher.class_id, teacher.role, teacher.primary) == ("t-1", "k-1-math", "teacher", True)
    assert (student.school_id, student.role, student.begin_date) == ("s-1", "student", "2026-08-01")
