"""OneRoster 1.2's objects as JSON: mandatory members always, others where they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from gateway.services.oneroster.grade_documents import GRADE_MEMBERS, GRADE_WRITERS
from gateway.services.oneroster.references import Reference, moment
from gateway.store.oneroster.fields import DEMOGRAPHICS, RESOURCES
from gateway.store.oneroster.rows import Row

_BASE: Final = ("sourcedId", "status", "dateLastModified", "metadata")
# Every member that OneRoster knows, filled by us or not: what `fields` may name.
MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset((*_BASE, *names))
    for kind, names in {
        "orgs": ("name", "type", "identifier", "parent", "children"),
        "academicSessions": ("title", "startDate", "endDate", "type", "parent", "children", "schoolYear"),
        "courses": (
            *("title", "schoolYear", "courseCode", "grades", "subjects", "org", "subjectCodes"),
            "resources",
        ),
        "classes": (
            *("title", "classCode", "classType", "location", "grades", "subjects", "course", "school", "terms"),
            *("subjectCodes", "periods", "resources"),
        ),
        "users": (
            *("userMasterIdentifier", "username", "userIds", "enabledUser", "givenName", "familyName", "middleName"),
            *("preferredFirstName", "preferredMiddleName", "preferredLastName", "pronouns", "roles", "userProfiles"),
            *("primaryOrg", "identifier", "email", "sms", "phone", "agents", "grades", "password", "resources"),
        ),
        "enrollments": ("user", "class", "school", "role", "primary", "beginDate", "endDate"),
        "demographics": DEMOGRAPHICS,
        "resources": RESOURCES,
        **GRADE_MEMBERS,
    }.items()
}


def document(kind: str, row: Row, to: Reference) -> dict[str, Any]:
    """Return an object; what is not known is left out."""
    told = {
        "sourcedId": row["sourced_id"],
        "status": row["status"],
        "dateLastModified": moment(row["date_last_modified"]),
        **_WRITERS[kind](row, to),
    }
    return {name: value for name, value in told.items() if value is not None and value != []}


def _org(row: Row, to: Reference) -> dict[str, Any]:
    return {
        "name": row["name"],
        "type": row["type"],
        "identifier": row["identifier"] or "",
        "parent": to("org", row["parent_sourced_id"]),
        "children": _each(to, "org", row["children"]),
    }


def _session(row: Row, to: Reference) -> dict[str, Any]:
    return {
        "title": row["title"],
        "startDate": _day(row["start_date"]),
        "endDate": _day(row["end_date"]),
        "type": row["type"],
        "parent": to("academicSession", row["parent_sourced_id"]),
        "children": _each(to, "academicSession", row["children"]),
        "schoolYear": row["school_year"] or _school_year(row["end_date"]),
    }


def _school_year(end: date) -> str:
    """Return the year in which the school year of a session ends, as most of the north counts it."""
    return str(end.year + (end.month > 8))


def _course(row: Row, to: Reference) -> dict[str, Any]:
    return {
        "title": row["title"],
        "schoolYear": to("academicSession", row["school_year_sourced_id"]),
        "courseCode": row["course_code"] or "",
        "grades": row["grades"],
        "subjects": row["subjects"],
        "org": to("org", row["org_sourced_id"]),
        "subjectCodes": row["subject_codes"],
    }


def _class(row: Row, to: Reference) -> dict[str, Any]:
    return {
        "title": row["title"] or row["class_code"] or "",
        "classCode": row["class_code"],
        "classType": row["class_type"],
        "location": row["location"],
        "grades": row["grades"],
        "subjects": row["subjects"],
        "course": to("course", row["course_sourced_id"]),
        "school": to("org", row["school_sourced_id"]),
        "terms": _each(to, "academicSession", row["terms"]),
        "subjectCodes": row["subject_codes"],
        "periods": row["periods"],
    }


def _user(row: Row, to: Reference) -> dict[str, Any]:
    """Of who came by a launch that told one name only, it is the family name."""
    return {
        "userMasterIdentifier": row["user_master_identifier"],
        "username": row["username"],
        "userIds": [{"type": type, "identifier": id} for type, id in row["user_ids"] or ()],
        "enabledUser": _truth(row["enabled_user"]),
        "givenName": row["given_name"] or "",
        "familyName": row["family_name"] or ("" if row["given_name"] else row["name"] or ""),
        "middleName": row["middle_name"],
        "preferredFirstName": row["preferred_given_name"],
        "preferredMiddleName": row["preferred_middle_name"],
        "preferredLastName": row["preferred_family_name"],
        "pronouns": row["pronouns"],
        "roles": [_role(each, to) for each in row["roles"]],
        "primaryOrg": to("org", row["primary_org_sourced_id"]),
        "identifier": row["identifier"],
        "email": row["email"],
        "sms": row["sms"],
        "phone": row["phone"],
        "agents": _each(to, "user", row["agents"]),
        "grades": row["grades"],
    }


def _role(row: Row, to: Reference) -> dict[str, Any]:
    told = {
        "roleType": row["role_type"],
        "role": row["role"],
        "org": to("org", row["org_sourced_id"]),
        "beginDate": _day(row["begin_date"]),
        "endDate": _day(row["end_date"]),
    }
    return {name: value for name, value in told.items() if value is not None}


def _own_role(row: Row, to: Reference) -> dict[str, Any]:
    """A role as an object of its own, which only CSV knows."""
    return {"user": to("user", row["user_sourced_id"]), **_role(row, to)}


def _enrollment(row: Row, to: Reference) -> dict[str, Any]:
    return {
        "user": to("user", row["user_sourced_id"]),
        "class": to("class", row["class_sourced_id"]),
        "school": to("org", row["school_sourced_id"]),
        "role": row["role"],
        "primary": _truth(row["primary_teacher"]),
        "beginDate": _day(row["begin_date"]),
        "endDate": _day(row["end_date"]),
    }


def _nothing(_row: Row, _to: Reference) -> dict[str, Any]:
    """Demographics and resources, of which there are none."""
    return {}


def _each(to: Reference, type: str, ids: Iterable[str]) -> list[dict[str, str] | None]:
    return [to(type, id) for id in ids]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _truth(value: bool) -> str:
    return "true" if value else "false"


_WRITERS: Final[Mapping[str, Callable[[Row, Reference], dict[str, Any]]]] = {
    "orgs": _org,
    "academicSessions": _session,
    "courses": _course,
    "classes": _class,
    "users": _user,
    "enrollments": _enrollment,
    "demographics": _nothing,
    "resources": _nothing,
    "roles": _own_role,
    **GRADE_WRITERS,
}
