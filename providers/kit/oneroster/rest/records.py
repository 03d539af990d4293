"""Turns OneRoster's JSON of 1.1 and 1.2 into the contract's records; both forms are taken under either address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from providers.contract import (
    AcademicSessionRecord,
    ClassRecord,
    CourseRecord,
    EnrollmentRecord,
    Kind,
    OrgRecord,
    RoleRecord,
    UserRecord,
    role_id,
)
from providers.kit.oneroster.rest.fields import Fields
from providers.kit.oneroster.vocabulary import (
    CLASS_TYPES,
    ENROLLMENT_ROLES,
    ORG_TYPES,
    ROLE_TYPES,
    ROLES,
    ROLES_1_1,
    SCHOOL,
    SESSION_TYPES,
    role_of_1_1,
    roles_of_1_1,
)

_USER_ID: Final = re.compile(r"\{\s*([^:}]+?)\s*:\s*([^}]+?)\s*\}")
OrgTypes = dict[str, str]


def read_org(fields: Fields) -> OrgRecord:
    """Read an org; one without a name is called by its identifier."""
    source_id = fields.source_id()
    identifier = fields.text("identifier")
    name = fields.text("name")
    if name is None:
        fields.note("name", "name_missing", "is missing; the identifier stands in")
    return OrgRecord(
        source_id=source_id,
        name=name or identifier or source_id,
        type=fields.word("type", ORG_TYPES) or SCHOOL,
        identifier=identifier,
        parent_id=fields.ref("parent"),
        status=fields.status(),
    )


def read_session(fields: Fields) -> AcademicSessionRecord:
    """Read an academic session; one without dates says nothing."""
    source_id = fields.source_id()
    start, end = fields.date("startDate"), fields.date("endDate")
    if start is None or end is None:
        raise fields.skip("startDate" if start is None else "endDate", "date_missing", "is missing: left out")
    return AcademicSessionRecord(
        source_id=source_id,
        title=fields.text("title") or source_id,
        type=fields.word("type", SESSION_TYPES) or "term",
        start_date=start,
        end_date=end,
        parent_id=fields.ref("parent"),
        school_year=fields.text("schoolYear"),
        org_id=fields.ref("org"),
        status=fields.status(),
    )


def read_course(fields: Fields) -> CourseRecord:
    """Read a course."""
    source_id = fields.source_id()
    return CourseRecord(
        source_id=source_id,
        title=fields.text("title") or fields.text("courseCode") or source_id,
        course_code=fields.text("courseCode"),
        school_year_id=fields.ref("schoolYear"),
        org_id=fields.ref("org", "school"),
        grades=fields.texts("grades"),
        subjects=fields.texts("subjects"),
        subject_codes=fields.texts("subjectCodes"),
        status=fields.status(),
    )


def read_class(fields: Fields) -> ClassRecord:
    """Read a class; it must belong to a school."""
    source_id = fields.source_id()
    return ClassRecord(
        source_id=source_id,
        title=fields.text("title") or fields.text("classCode") or source_id,
        school_id=fields.needed_ref("school"),
        course_id=fields.ref("course"),
        class_code=fields.text("classCode"),
        class_type=fields.word("classType", CLASS_TYPES) or "scheduled",
        location=fields.text("location"),
        term_ids=fields.refs("terms"),
        grades=fields.texts("grades"),
        subjects=fields.texts("subjects"),
        subject_codes=fields.texts("subjectCodes"),
        periods=fields.texts("periods"),
        status=fields.status(),
    )


def read_user(fields: Fields) -> UserRecord:
    """Read a user; passwords, profiles and credentials are not even looked at."""
    return UserRecord(
        source_id=fields.source_id(),
        given_name=fields.text("givenName"),
        family_name=fields.text("familyName"),
        middle_name=fields.text("middleName"),
        username=fields.text("username"),
        email=fields.text("email"),
        identifier=fields.text("identifier"),
        user_master_identifier=fields.text("userMasterIdentifier"),
        enabled_user=fields.boolean("enabledUser", default=True),
        preferred_given_name=fields.text("preferredFirstName"),
        preferred_middle_name=fields.text("preferredMiddleName"),
        preferred_family_name=fields.text("preferredLastName"),
        pronouns=fields.text("pronouns"),
        phone=fields.text("phone"),
        sms=fields.text("sms"),
        grades=fields.texts("grades"),
        agent_ids=fields.refs("agents"),
        primary_org_id=fields.ref("primaryOrg"),
        user_ids=tuple(_user_ids(fields)),
        status=fields.status(),
    )


def _user_ids(fields: Fields) -> Iterator[tuple[str, str]]:
    """1.2 tells {type, identifier}, 1.1 often the text of its CSV form, {type:identifier}."""
    for item in fields.items("userIds"):
        if isinstance(item, dict) and item.get("type") and item.get("identifier"):
            yield str(item["type"]), str(item["identifier"])
        elif isinstance(item, str) and (found := _USER_ID.fullmatch(item.strip())):
            yield found[1], found[2]


def read_roles(fields: Fields, user: UserRecord, org_types: OrgTypes) -> list[RoleRecord]:
    """Read a user's roles: 1.2's list, or 1.1's one role at each of the user's orgs."""
    if fields.has("roles"):
        found = [_role(each, user, org_types) for each in fields.members("roles")]
        return list({role.source_id: role for role in found if role is not None}.values())
    role, orgs = fields.word("role", ROLES_1_1 | ROLES), fields.refs("orgs") or fields.refs("org")
    if role is None or not orgs:
        fields.note("roles" if role is None else "orgs", "role_missing", "is missing: the user has no role")
        return []
    primary = [user.primary_org_id] if user.primary_org_id in orgs else []
    ordered = dict.fromkeys([*primary, *orgs])
    told = [(org, org_types.get(org)) for org in ordered if org]
    return list(roles_of_1_1(user.source_id, role, told, user.status))


def _role(fields: Fields, user: UserRecord, org_types: OrgTypes) -> RoleRecord | None:
    word, org = fields.word("role", ROLES | ROLES_1_1), fields.ref("org")
    if word is None or org is None:
        fields.note("role" if word is None else "org", "role_missing", "is missing: the role was left out")
        return None
    role = role_of_1_1(word, org_types.get(org))
    return RoleRecord(
        source_id=role_id(user.source_id, org, role),
        user_id=user.source_id,
        org_id=org,
        role=role,
        role_type=fields.word("roleType", ROLE_TYPES) or "secondary",
        begin_date=fields.date("beginDate"),
        end_date=fields.date("endDate"),
        status=user.status,
    )


def read_enrollment(fields: Fields) -> EnrollmentRecord:
    """Read an enrollment: somebody in a class, as something."""
    source_id = fields.source_id()
    role = fields.word("role", ENROLLMENT_ROLES)
    if role is None:
        raise fields.skip("role", "role_missing", "is missing: the record was left out")
    return EnrollmentRecord(
        source_id=source_id,
        user_id=fields.needed_ref("user"),
        class_id=fields.needed_ref("class"),
        role=role,
        school_id=fields.ref("school"),
        primary=fields.boolean("primary", default=False),
        begin_date=fields.date("beginDate"),
        end_date=fields.date("endDate"),
        status=fields.status(),
    )


READERS: Final[dict[Kind, Callable[[Fields], Any]]] = {
    "orgs": read_org,
    "academicSessions": read_session,
    "courses": read_course,
    "classes": read_class,
    "users": read_user,
    "enrollments": read_enrollment,
}
