"""A made-up roster as the contract's records: what a system that keeps OneRoster's ids and words has to bring."""

from __future__ import annotations

from typing import Any

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
from providers.kit.simulator.roster_data import Record, Roster
from providers.kit.simulator.simulated_roster import Truth


def truth_of(roster: Roster, *, numbers_roles: bool = False) -> Truth:
    """Return the roster's records; `numbers_roles`: the system has ids of its own for roles, ``user/0``, ``user/1``."""
    return {
        "orgs": [_org(each) for each in roster["orgs"]],
        "academicSessions": [_session(each) for each in roster["academicSessions"]],
        "courses": [_course(each) for each in roster["courses"]],
        "classes": [_class(each) for each in roster["classes"]],
        "users": [_user(each) for each in roster["users"]],
        "roles": [
            _role(user, number, role, numbers_roles)
            for user in roster["users"]
            for number, role in enumerate(user["roles"])
        ],
        "enrollments": [_enrollment(each) for each in roster["enrollments"]],
    }


def _ref(record: Record, name: str) -> Any:
    return record[name]["sourcedId"] if name in record else None


def _org(told: Record) -> OrgRecord:
    return OrgRecord(told["sourcedId"], told["name"], told["type"], told["identifier"], _ref(told, "parent"))


def _session(told: Record) -> AcademicSessionRecord:
    dates = told["startDate"], told["endDate"]
    return AcademicSessionRecord(
        told["sourcedId"], told["title"], told["type"], *dates, _ref(told, "parent"), told["schoolYear"]
    )


def _course(told: Record) -> CourseRecord:
    return CourseRecord(
        told["sourcedId"],
        told["title"],
        told["courseCode"],
        org_id=_ref(told, "org"),
        grades=tuple(told["grades"]),
        subjects=tuple(told["subjects"]),
    )


def _class(told: Record) -> ClassRecord:
    return ClassRecord(
        told["sourcedId"],
        told["title"],
        _ref(told, "school"),
        course_id=_ref(told, "course"),
        class_type=told["classType"],
        term_ids=tuple(term["sourcedId"] for term in told["terms"]),
        periods=tuple(told["periods"]),
    )


def _user(told: Record) -> UserRecord:
    return UserRecord(
        told["sourcedId"],
        told["givenName"],
        told["familyName"],
        username=told["username"],
        email=told["email"],
        identifier=told.get("identifier"),
        grades=tuple(told.get("grades", ())),
        primary_org_id=_ref(told, "primaryOrg"),
        user_ids=tuple((each["type"], each["identifier"]) for each in told.get("userIds", ())),
    )


def _role(user: Record, number: int, told: Record, numbers_roles: bool) -> RoleRecord:
    user_id, org_id, role = user["sourcedId"], told["org"]["sourcedId"], told["role"]
    own = f"{user_id}/{number}" if numbers_roles else role_id(user_id, org_id, role)
    return RoleRecord(own, user_id, org_id, role, told["roleType"])


def _enrollment(told: Record) -> EnrollmentRecord:
    return EnrollmentRecord(
        told["sourcedId"],
        _ref(told, "user"),
        _ref(told, "class"),
        told["role"],
        _ref(told, "school"),
        primary=told["primary"] == "true",
        begin_date=told["beginDate"],
    )
