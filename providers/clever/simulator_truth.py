"""What a right reader brings of a simulated district, written apart from the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from providers.clever.simulator_district import District, Record
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
from providers.kit.simulator.simulated_roster import Truth

_GRADES = {"9": ("09",), "1": ("01",), "Kindergarten": ("KG",)}
_SORTS = (
    ("student", "sis_id", "sisId"),
    ("student", "legacy_id", "cleverLegacyId"),
    ("teacher", "sis_id", "sisId"),
    ("teacher", "legacy_id", "cleverLegacyId"),
    ("staff", "staff_id", "staffId"),
    ("contact", "sis_id", "sisId"),
)


def truth_of(district: District) -> Truth:
    """Return the district's records."""
    objects = {name: list(records.values()) for name, records in district.objects.items()}
    return {
        "orgs": [
            OrgRecord(district.id, district.name, "district", "0000001"),
            *(
                OrgRecord(each["id"], each["name"], "school", each["school_number"], district.id)
                for each in objects["schools"]
            ),
        ],
        "academicSessions": [
            AcademicSessionRecord(
                each["id"], each["name"], "term", each["start_date"], each["end_date"], org_id=district.id
            )
            for each in objects["terms"]
        ],
        "courses": [
            CourseRecord(each["id"], each["name"], each["number"], org_id=district.id) for each in objects["courses"]
        ],
        "classes": [_class(each) for each in objects["sections"]],
        "users": [_user(each) for each in objects["users"]],
        "roles": [role for each in objects["users"] for role in _roles(each, district.id)],
        "enrollments": [one for each in objects["sections"] for one in _enrollments(each)],
    }


def _class(told: Record) -> ClassRecord:
    is_homeroom = told["subject"] == "homeroom/advisory"
    return ClassRecord(
        told["id"],
        told["name"],
        told["school"],
        course_id=told["course"],
        class_code=told["section_number"] or None,
        class_type="homeroom" if is_homeroom else "scheduled",
        term_ids=(told["term_id"],),
        subjects=(told["subject"],) if told["subject"] else (),
        periods=(told["period"],),
    )


def _user(told: Record) -> UserRecord:
    roles, name = told["roles"], told["name"]
    student, contact = roles.get("student", {}), roles.get("contact", {})
    own: Record = next((roles[each] for each in ("student", "teacher", "staff") if each in roles), {})
    ids = tuple((kind, roles[role][field]) for role, field, kind in _SORTS if role in roles and roles[role].get(field))
    email = told.get("email") or None
    schools = own.get("schools", ())
    return UserRecord(
        told["id"],
        name.get("first") or None,
        name["last"],
        username=own.get("credentials", {}).get("district_username"),
        email=email if email and "@" in email else None,
        identifier=own.get("sis_id") or own.get("staff_id") or contact.get("sis_id"),
        phone=contact.get("phone"),
        grades=_GRADES.get(student.get("grade", ""), ()),
        agent_ids=tuple(dict.fromkeys(each["student"] for each in contact.get("student_relationships", ()))),
        primary_org_id=own.get("school") or (schools[0] if len(schools) == 1 else None),
        user_ids=ids,
    )


def _roles(told: Record, district: str) -> Iterator[RoleRecord]:
    places: list[tuple[str, str]] = []
    for name, role in (("student", "student"), ("teacher", "teacher"), ("staff", "siteAdministrator")):
        if name in told["roles"]:
            held: dict[str, Any] = told["roles"][name]
            own = [held["school"]] if "school" in held else []
            places += [(org, role) for org in dict.fromkeys([*own, *held["schools"]])]
    if "district_admin" in told["roles"]:
        places.append((district, "districtAdministrator"))
    if "contact" in told["roles"]:
        words = {"Parent": "parent", "Aunt/Uncle": "relative"}
        kinds = [each["relationship"] for each in told["roles"]["contact"]["student_relationships"]]
        places += [(district, role) for role in dict.fromkeys(words.get(kind, "guardian") for kind in kinds)]
    for number, (org, role) in enumerate(places):
        yield RoleRecord(role_id(told["id"], org, role), told["id"], org, role, "secondary" if number else "primary")


def _enrollments(told: Record) -> Iterator[EnrollmentRecord]:
    for place, teacher in enumerate(told["teachers"]):
        yield EnrollmentRecord(
            f"{told['id']}:{teacher}:teacher", teacher, told["id"], "teacher", told["school"], primary=place == 0
        )
    for student in told["students"]:
        yield EnrollmentRecord(f"{told['id']}:{student}:student", student, told["id"], "student", told["school"])
