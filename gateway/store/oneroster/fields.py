"""What each kind of object may be filtered and sorted by: OneRoster's field names and the columns behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Column, ColumnElement, Table, or_

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

FieldKind = Literal["text", "date", "moment", "boolean", "list", "absent"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `through` ties its column to the object when there may be many; an absent one nobody has filled."""

    kind: FieldKind
    column: Column[Any]
    through: tuple[ColumnElement[bool], ...] = ()

    @property
    def is_sortable(self) -> bool:
        """Whether an object has one value of it."""
        return not self.through and self.kind not in {"list", "absent"}


def _base(table: Table) -> dict[str, Field]:
    return {
        "sourcedId": Field("text", table.c.sourced_id),
        "status": Field("text", table.c.status),
        "dateLastModified": Field("moment", table.c.date_last_modified),
    }


def _texts(table: Table, **columns: str) -> dict[str, Field]:
    return {name: Field("text", table.c[column]) for name, column in columns.items()}


def _reference(name: str, column: Column[Any], *through: ColumnElement[bool]) -> dict[str, Field]:
    """A reference is compared by its sourcedId, which may be left out."""
    field = Field("text", column, through)
    return {name: field, f"{name}.sourcedId": field}


def _dates(table: Table, **columns: str) -> dict[str, Field]:
    return {name: Field("date", table.c[column]) for name, column in columns.items()}


def _lists(table: Table, **columns: str) -> dict[str, Field]:
    return {name: Field("list", table.c[column]) for name, column in columns.items()}


# Of who has left, the roles that were.
_COUNTS = or_(roles.c.status == "active", users.c.status != "active")
_ROLE = (roles.c.user_sourced_id == users.c.sourced_id, _COUNTS)
_TERM = class_academic_sessions.c.class_sourced_id == classes.c.sourced_id

_ORGS = {
    **_base(orgs),
    **_texts(orgs, name="name", type="type", identifier="identifier"),
    **_reference("parent", orgs.c.parent_sourced_id),
}
_SESSIONS = {
    **_base(academic_sessions),
    **_texts(academic_sessions, title="title", type="type", schoolYear="school_year"),
    **_dates(academic_sessions, startDate="start_date", endDate="end_date"),
    **_reference("parent", academic_sessions.c.parent_sourced_id),
}
_COURSES = {
    **_base(courses),
    **_texts(courses, title="title", courseCode="course_code"),
    **_lists(courses, grades="grades", subjects="subjects", subjectCodes="subject_codes"),
    **_reference("org", courses.c.org_sourced_id),
    **_reference("schoolYear", courses.c.school_year_sourced_id),
}
_CLASSES = {
    **_base(classes),
    **_texts(classes, title="title", classCode="class_code", classType="class_type", location="location"),
    **_lists(classes, grades="grades", subjects="subjects", subjectCodes="subject_codes", periods="periods"),
    **_reference("course", classes.c.course_sourced_id),
    **_reference("school", classes.c.school_sourced_id),
    **_reference("terms", class_academic_sessions.c.academic_session_sourced_id, _TERM),
}
_USERS = {
    **_base(users),
    **_texts(
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
    **_lists(users, grades="grades"),
    **_reference("primaryOrg", users.c.primary_org_sourced_id),
    "role": Field("text", roles.c.role, _ROLE),
    "roles.role": Field("text", roles.c.role, _ROLE),
    "roles.roleType": Field("text", roles.c.role_type, _ROLE),
    **_reference("roles.org", roles.c.org_sourced_id, *_ROLE),
}
_ENROLLMENTS = {
    **_base(enrollments),
    **_texts(enrollments, role="role"),
    "primary": Field("boolean", enrollments.c.primary_teacher),
    **_dates(enrollments, beginDate="begin_date", endDate="end_date"),
    **_reference("user", enrollments.c.user_sourced_id),
    **_reference("class", enrollments.c.class_sourced_id),
    **_reference("school", enrollments.c.school_sourced_id),
}
DEMOGRAPHICS: Final = (
    *("birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican"),
    *("nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces", "hispanicOrLatinoEthnicity"),
    *("countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus"),
)
_DEMOGRAPHICS = {**_base(users), **{name: Field("absent", users.c.sourced_id) for name in DEMOGRAPHICS}}

# By the kind of object, which is the collection that holds all of them.
FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    "orgs": _ORGS,
    "academicSessions": _SESSIONS,
    "courses": _COURSES,
    "classes": _CLASSES,
    "users": _USERS,
    "enrollments": _ENROLLMENTS,
    "demographics": _DEMOGRAPHICS,
}


def field_of(kind: str, name: str) -> Field | None:
    """Return a field, or None when the kind has none of this name; nobody's metadata is filled yet."""
    if name.startswith("metadata."):
        return Field("absent", users.c.sourced_id)
    return FIELDS[kind].get(name)
