"""What each kind of object may be filtered and sorted by: OneRoster's field names and the columns behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import or_

from gateway.store.oneroster.field import Field, base, dates, lists, reference, texts
from gateway.store.oneroster.grade_fields import GRADE_FIELDS
from gateway.store.tables import (
    academic_sessions,
    class_academic_sessions,
    classes,
    courses,
    enrollments,
    orgs,
    roles,
    users,
)

# Of who has left, the roles that were.
_COUNTS = or_(roles.c.status == "active", users.c.status != "active")
_ROLE = (roles.c.user_sourced_id == users.c.sourced_id, _COUNTS)
_TERM = class_academic_sessions.c.class_sourced_id == classes.c.sourced_id

_ORGS = {
    **base(orgs),
    **texts(orgs, name="name", type="type", identifier="identifier"),
    **reference("parent", orgs.c.parent_sourced_id),
}
_SESSIONS = {
    **base(academic_sessions),
    **texts(academic_sessions, title="title", type="type", schoolYear="school_year"),
    **dates(academic_sessions, startDate="start_date", endDate="end_date"),
    **reference("parent", academic_sessions.c.parent_sourced_id),
}
_COURSES = {
    **base(courses),
    **texts(courses, title="title", courseCode="course_code"),
    **lists(courses, grades="grades", subjects="subjects", subjectCodes="subject_codes"),
    **reference("org", courses.c.org_sourced_id),
    **reference("schoolYear", courses.c.school_year_sourced_id),
}
_CLASSES = {
    **base(classes),
    **texts(classes, title="title", classCode="class_code", classType="class_type", location="location"),
    **lists(classes, grades="grades", subjects="subjects", subjectCodes="subject_codes", periods="periods"),
    **reference("course", classes.c.course_sourced_id),
    **reference("school", classes.c.school_sourced_id),
    **reference("terms", class_academic_sessions.c.academic_session_sourced_id, _TERM),
}
_USERS = {
    **base(users),
    **texts(
        users,
        userMasterIdentifier="user_master_identifier",
        username="username",
        givenName="given_name",
        familyName="family_name",
        middleName="middle_name",
        preferredFirstName="preferred_given_name",
        preferredMiddleName="preferred_middle_name",
        preferredLastName="preferred_family_name",
        pronouns="pronouns",
        identifier="identifier",
        email="email",
        sms="sms",
        phone="phone",
    ),
    "enabledUser": Field("boolean", users.c.enabled_user),
    **lists(users, grades="grades"),
    **reference("primaryOrg", users.c.primary_org_sourced_id),
    "role": Field("text", roles.c.role, _ROLE),
    "roles.role": Field("text", roles.c.role, _ROLE),
    "roles.roleType": Field("text", roles.c.role_type, _ROLE),
    **reference("roles.org", roles.c.org_sourced_id, *_ROLE),
}
_ENROLLMENTS = {
    **base(enrollments),
    **texts(enrollments, role="role"),
    "primary": Field("boolean", enrollments.c.primary_teacher),
    **dates(enrollments, beginDate="begin_date", endDate="end_date"),
    **reference("user", enrollments.c.user_sourced_id),
    **reference("class", enrollments.c.class_sourced_id),
    **reference("school", enrollments.c.school_sourced_id),
}
DEMOGRAPHICS: Final = (
    *("birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican"),
    *("nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces", "hispanicOrLatinoEthnicity"),
    *("countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus"),
)
_DEMOGRAPHICS = {**base(users), **{name: Field("absent", users.c.sourced_id) for name in DEMOGRAPHICS}}
RESOURCES: Final = ("title", "roles", "importance", "vendorResourceId", "vendorId", "applicationId")
_RESOURCES = {**base(courses), **{name: Field("absent", courses.c.sourced_id) for name in RESOURCES}}

# By the kind of object, which is the collection that holds all of them.
FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    "orgs": _ORGS,
    "academicSessions": _SESSIONS,
    "courses": _COURSES,
    "classes": _CLASSES,
    "users": _USERS,
    "enrollments": _ENROLLMENTS,
    "demographics": _DEMOGRAPHICS,
    "resources": _RESOURCES,
    "roles": base(roles),
    **GRADE_FIELDS,
}


def field_of(kind: str, name: str) -> Field | None:
    """Return a field, or None when the kind has none of this name; other metadata than named here is none."""
    known = FIELDS[kind].get(name)
    if known is None and name.startswith("metadata."):
        return Field("absent", users.c.sourced_id)
    return known
