"""Clever's records in OneRoster's words; the table in README.md says it for people.

https://dev.clever.com/docs/users and https://dev.clever.com/docs/sections
"""

from __future__ import annotations

from providers.clever.fields import Fields
from providers.clever.vocabulary import GRADES, HOMEROOM
from providers.contract import AcademicSessionRecord, ClassRecord, CourseRecord, EnrollmentRecord, OrgRecord, UserRecord

# The ids that a person has beside Clever's own: OneRoster's userIds.
_USER_IDS = (
    ("student", "sis_id", "sisId"),
    ("student", "state_id", "stateId"),
    ("student", "student_number", "studentNumber"),
    ("student", "legacy_id", "cleverLegacyId"),
    ("teacher", "sis_id", "sisId"),
    ("teacher", "state_id", "stateId"),
    ("teacher", "teacher_number", "teacherNumber"),
    ("teacher", "legacy_id", "cleverLegacyId"),
    ("staff", "staff_id", "staffId"),
    ("staff", "legacy_id", "cleverLegacyId"),
    ("district_admin", "legacy_id", "cleverLegacyId"),
    ("contact", "sis_id", "sisId"),
    ("contact", "legacy_id", "cleverLegacyId"),
)
_IDENTIFIERS = (("student", "sis_id"), ("teacher", "sis_id"), ("staff", "staff_id"), ("contact", "sis_id"))


def read_district(told: Fields) -> OrgRecord:
    """Return a district as the top of its orgs."""
    return OrgRecord(told.id(), told.text("name") or "District", "district", told.text("nces_id"))


def read_school(told: Fields) -> OrgRecord:
    """Return a school."""
    identifier = told.text("school_number") or told.text("sis_id")
    return OrgRecord(told.id(), told.text("name") or "School", "school", identifier, told.optional_id("district"))


def read_term(told: Fields) -> AcademicSessionRecord:
    """Return a term; one without dates can't stand in a calendar."""
    start, end = told.date("start_date"), told.date("end_date")
    if start is None or end is None:
        raise told.unreadable("start_date" if start is None else "end_date", "is no date")
    return AcademicSessionRecord(
        told.id(), told.text("name") or "Term", "term", start, end, org_id=told.optional_id("district")
    )


def read_course(told: Fields) -> CourseRecord:
    """Return a course; Clever's belong to the district."""
    number = told.text("number")
    return CourseRecord(told.id(), told.text("name") or number or "Course", number, org_id=told.optional_id("district"))


def read_section(told: Fields) -> ClassRecord:
    """Return a section as a class of its one school."""
    term, grade, subject, period = (told.text(name) for name in ("term_id", "grade", "subject", "period"))
    return ClassRecord(
        told.id(),
        told.text("name") or "Class",
        told.id("school"),
        course_id=told.optional_id("course"),
        class_code=told.text("section_number"),
        class_type="homeroom" if subject == HOMEROOM else "scheduled",
        term_ids=(term,) if term else (),
        grades=(GRADES[grade],) if grade in GRADES else (),
        subjects=(subject,) if subject else (),
        periods=(period,) if period else (),
    )


def read_enrollments(told: Fields) -> list[EnrollmentRecord]:
    """Return who is in a section. The first teacher is the primary one; a section may have none."""
    section, school = told.id(), told.optional_id("school")
    teachers = told.ids("teachers") or [each for each in (told.optional_id("teacher"),) if each]
    people = [*((each, "teacher") for each in teachers), *((each, "student") for each in told.ids("students"))]
    return [
        EnrollmentRecord(
            f"{section}:{user}:{role}",
            user,
            section,
            role,
            school,
            primary=role == "teacher" and user == teachers[0],
        )
        for user, role in people
    ]


def read_user(told: Fields) -> UserRecord:
    """Return a person; roles are records of their own. A contact's whole name may stand in the last name alone."""
    name, roles = told.within("name"), told.within("roles")
    student, teacher, contact = (roles.within(each) for each in ("student", "teacher", "contact"))
    preferred, grade = student.within("preferred_name"), student.text("grade")
    ids = [(kind, roles.within(role).text(field)) for role, field, kind in _USER_IDS]
    found = [roles.within(role).text(field) for role, field in _IDENTIFIERS]
    return UserRecord(
        told.id(),
        name.text("first"),
        name.text("last"),
        name.text("middle"),
        username=_username(roles),
        email=_email(told),
        identifier=next(filter(None, found), None),
        preferred_given_name=preferred.text("first"),
        preferred_middle_name=preferred.text("middle"),
        preferred_family_name=preferred.text("last"),
        phone=contact.text("phone"),
        grades=(GRADES[grade],) if grade in GRADES else (),
        agent_ids=tuple(dict.fromkeys(filter(None, (each.optional_id("student") for each in _family(contact))))),
        primary_org_id=student.optional_id("school") or teacher.optional_id("school") or _only_school(roles),
        user_ids=tuple(dict.fromkeys((kind, value) for kind, value in ids if value)),
    )


def _family(contact: Fields) -> list[Fields]:
    return contact.rows("student_relationships")


def _only_school(roles: Fields) -> str | None:
    schools = roles.within("staff").ids("schools")
    return schools[0] if len(schools) == 1 else None


def _username(roles: Fields) -> str | None:
    names = [
        roles.within(role).within("credentials").text("district_username") for role in ("student", "teacher", "staff")
    ]
    return next(filter(None, names), None)


def _email(told: Fields) -> str | None:
    """Return the address; Clever checks none, and some are user names."""
    email = told.text("email")
    if email is not None and "@" not in email:
        told.warn("email", "is no e-mail address and was left out")
        return None
    return email
