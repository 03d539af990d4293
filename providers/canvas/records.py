"""Turns Canvas's JSON into the contract's records: a section is a class, as other rostering systems have it, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from providers.contract import (
    AcademicSessionRecord,
    ClassRecord,
    CourseRecord,
    EnrollmentRecord,
    OrgRecord,
    UserRecord,
)
from providers.contract.roster import TO_BE_DELETED
from providers.kit.rest.values import day, flag, identifier, text

Told = Mapping[str, Any]
# Canvas's kind of enrollment: what somebody is in the class, and at the school.
ROLES: Final[Mapping[str, tuple[str | None, str | None]]] = {
    "StudentEnrollment": ("student", "student"),
    "TeacherEnrollment": ("teacher", "teacher"),
    "TaEnrollment": ("proctor", "aide"),
    "DesignerEnrollment": (None, None),
    "ObserverEnrollment": (None, "parent"),
    "StudentViewEnrollment": (None, None),  # the test student is nobody
}
HERE: Final = frozenset({"active", "invited"})
_LEFT: Final = frozenset({"completed", "inactive", "deleted"})


def read_org(told: Told, kind: str) -> OrgRecord | None:
    """Read an account."""
    source_id = identifier(told.get("id"))
    if source_id is None:
        return None
    parent = identifier(told.get("parent_account_id"))
    return OrgRecord(source_id, text(told.get("name")) or source_id, kind, text(told.get("sis_account_id")), parent)


def read_session(told: Told) -> AcademicSessionRecord | None:
    """Read a term; one without dates, as the default term is, says nothing of time."""
    source_id, start, end = identifier(told.get("id")), day(told.get("start_at")), _end(told.get("end_at"))
    if source_id is None or start is None or end is None:
        return None
    return AcademicSessionRecord(source_id, text(told.get("name")) or source_id, "term", start, end)


def _end(value: Any) -> str | None:
    """Return the day after the last: a term that ends at midnight ended the day before."""
    said = text(value) or ""
    return day(value, after=0 if said[11:19] == "00:00:00" else 1)


def read_course(told: Told, school: str) -> CourseRecord | None:
    """Read a course. Blueprints and templates are no courses that anybody takes."""
    source_id = identifier(told.get("id"))
    if source_id is None or flag(told.get("blueprint")) or flag(told.get("template")):
        return None
    return CourseRecord(
        source_id=source_id,
        title=text(told.get("name")) or text(told.get("course_code")) or source_id,
        course_code=text(told.get("course_code")),
        org_id=school,
    )


def read_class(told: Told, course: CourseRecord, terms: tuple[str, ...]) -> ClassRecord | None:
    """Read a section; a cross-listed one belongs to the course where it is now, under its own id."""
    source_id = identifier(told.get("id"))
    if source_id is None:
        return None
    name = text(told.get("name"))
    return ClassRecord(
        source_id=source_id,
        title=course.title if name in (None, course.title) else f"{course.title}: {name}",
        school_id=str(course.org_id),
        course_id=course.source_id,
        class_code=text(told.get("sis_section_id")),
        term_ids=terms,
    )


def read_user(told: Told, agents: tuple[str, ...]) -> UserRecord | None:
    """Read a user; the SIS id and the e-mail address are there only for who may see them."""
    source_id = identifier(told.get("id"))
    if source_id is None:
        return None
    last, _, first = (text(told.get("sortable_name")) or "").partition(",")
    return UserRecord(
        source_id=source_id,
        given_name=text(told.get("first_name")) or first.strip() or text(told.get("name")),
        family_name=text(told.get("last_name")) or (last.strip() or None),
        username=text(told.get("login_id")),
        email=text(told.get("email")),
        identifier=text(told.get("sis_user_id")),
        agent_ids=agents,
    )


def read_enrollment(told: Told, school: str) -> EnrollmentRecord | None:
    """Read an enrollment; None for those who are in no class: observers, designers, test students."""
    source_id, user, section = (identifier(told.get(name)) for name in ("id", "user_id", "course_section_id"))
    role, state = ROLES.get(str(told.get("type")), (None, None))[0], told.get("enrollment_state")
    if source_id is None or user is None or section is None or role is None or state not in HERE | _LEFT:
        return None
    made = EnrollmentRecord(
        source_id,
        user,
        section,
        role,
        school,
        begin_date=day(told.get("start_at")),
        end_date=_end(told.get("end_at")),
    )
    return made if state in HERE else made._replace(status=TO_BE_DELETED)
