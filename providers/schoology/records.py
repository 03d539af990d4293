"""Turns Schoology's JSON into the contract's records; its types wobble, so everything is cast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from providers.contract import (
    AcademicSessionRecord,
    ClassRecord,
    CourseRecord,
    EnrollmentRecord,
    OrgRecord,
    RoleRecord,
    UserRecord,
    role_id,
)
from providers.contract.roster import TO_BE_DELETED
from providers.kit.rest.values import day, flag, identifier, identifiers, number, text
from providers.schoology.roles import ADMINISTRATOR, role_at

Told = Mapping[str, Any]
_GRADES: Final = {1: "PK", 2: "KG", **{code: f"{code - 2:02d}" for code in range(3, 15)}, 15: "PS"}
_SUBJECTS: Final = {
    1: "Health and physical education",
    2: "Language arts",
    3: "Mathematics",
    4: "Professional development",
    5: "Science",
    6: "Social studies",
    7: "Special education",
    8: "Technology",
    9: "Arts",
}
_ACTIVE, _ENDED = 1, frozenset({2, 5})  # invitations (3) and requests (4) are nobody's membership yet


def read_org(told: Told, root: str | None, kind: str) -> OrgRecord | None:
    """Read the school that stands above all, or a building below it."""
    source_id = identifier(told.get("id"))
    if source_id is None:
        return None
    code = text(told.get("building_code"))
    return OrgRecord(source_id, text(told.get("title")) or code or source_id, kind, code, root)


def read_session(told: Told) -> AcademicSessionRecord | None:
    """Read a grading period; its last day is a day of it, OneRoster's end is the day after."""
    source_id, start, end = identifier(told.get("id")), day(told.get("start")), day(told.get("end"), after=1)
    if source_id is None or start is None or end is None:
        return None
    return AcademicSessionRecord(source_id, text(told.get("title")) or source_id, "gradingPeriod", start, end)


def read_course(told: Told, root: str) -> CourseRecord | None:
    """Read a course, which belongs to a building."""
    source_id = identifier(told.get("id"))
    if source_id is None:
        return None
    return CourseRecord(
        source_id=source_id,
        title=text(told.get("title")) or text(told.get("course_code")) or source_id,
        course_code=text(told.get("course_code")),
        org_id=identifier(told.get("building_id")) or root,
        grades=_grades(told),
        subjects=_subjects(told),
    )


def _grades(told: Told) -> tuple[str, ...]:
    first, last = number(told.get("grade_level_range_start")) or 0, number(told.get("grade_level_range_end")) or 0
    codes = range(first, max(first, last) + 1) if first in _GRADES else ()
    return tuple(_GRADES[code] for code in codes if code in _GRADES)


def _subjects(told: Told) -> tuple[str, ...]:
    subject = _SUBJECTS.get(number(told.get("subject_area")) or 0)
    return () if subject is None else (subject,)


def read_class(told: Told, course: CourseRecord, root: str) -> ClassRecord | None:
    """Read a section: a class. Course and section together are what people call it.

    Its school_id is a building as a rule, and the course's building stands in where it is the school above all.
    """
    source_id = identifier(told.get("id"))
    if source_id is None:
        return None
    section, school = text(told.get("section_title")), identifier(told.get("school_id"))
    return ClassRecord(
        source_id=source_id,
        title=course.title if section in (None, course.title) else f"{course.title}: {section}",
        school_id=school if school not in (None, root) else str(course.org_id),
        course_id=course.source_id,
        class_code=text(told.get("section_school_code")) or text(told.get("section_code")),
        location=text(told.get("location")),
        term_ids=identifiers(told.get("grading_periods")),
        grades=_grades(told),
        subjects=_subjects(told),
        periods=identifiers(told.get("class_periods")),
    )


def user_id(told: Told) -> str | None:
    """Return whom a record speaks of: users and members of sections have it under two names."""
    return identifier(told.get("uid")) or identifier(told.get("id"))


def is_member(told: Told) -> bool:
    """Return whether an enrollment is more than an invitation or a request."""
    status = number(told.get("status"))
    return status is None or status == _ACTIVE or status in _ENDED


def read_user(told: Told, root: str) -> UserRecord | None:
    """Read a user. The Unique ID is the school's own: launches sign it."""
    source_id = user_id(told)
    if source_id is None:
        return None
    return UserRecord(
        source_id=source_id,
        given_name=text(told.get("name_first")),
        family_name=text(told.get("name_last")),
        middle_name=text(told.get("name_middle")),
        username=text(told.get("username")),
        email=text(told.get("primary_email")),
        identifier=text(told.get("school_uid")),
        preferred_given_name=text(told.get("name_first_preferred")),
        agent_ids=identifiers(told.get("parents"), "uid", "parent"),
        primary_org_id=identifier(told.get("building_id")) or root,
    )


def read_user_roles(told: Told, user: UserRecord, word: str, root: str) -> list[RoleRecord]:
    """Return the user's role in each building, the own one first; without a building, in the school above all."""
    own = str(user.primary_org_id)
    orgs = dict.fromkeys([own, *identifiers(told.get("additional_buildings"))])
    places = [(org, role_at(word, is_building=org != root)) for org in orgs]
    return [
        RoleRecord(role_id(user.source_id, org, role), user.source_id, org, role, _type(org == own))
        for org, role in places
    ]


def _type(is_own: bool) -> str:
    return "primary" if is_own else "secondary"


def read_enrollment(told: Told, class_id: str, school_id: str, word: str | None) -> EnrollmentRecord | None:
    """Read an enrollment. `word` is what the user is at the school.

    Schoology knows administrators of a section and others: a school's administrator there does not become a teacher.
    """
    source_id, whose = identifier(told.get("id")), identifier(told.get("uid"))
    if source_id is None or whose is None:
        return None
    role = "student"
    if flag(told.get("admin")):
        role = "administrator" if word == ADMINISTRATOR else "teacher"
    made = EnrollmentRecord(source_id, whose, class_id, role, school_id)
    return made._replace(status=TO_BE_DELETED) if number(told.get("status")) in _ENDED else made
