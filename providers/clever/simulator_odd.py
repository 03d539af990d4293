"""Odd people and classes that districts on Clever really have, each added by its name in the switch `odd`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from providers.clever.simulator_district import District, Record


def add_oddities(district: District, names: Iterable[str]) -> dict[str, str]:
    """Add these to a district that has schools, courses and terms; return the ids that they got."""
    return {name: _MAKERS[name](district) for name in sorted(names)}


def _schools(district: District) -> list[str]:
    return list(district.objects["schools"])


def _user(district: District, roles: Record, **fields: Any) -> str:
    told = {"name": {"first": "Odd", "last": "Person", "middle": ""}, "email": None, **fields}
    return str(district.add("users", roles=roles, **told)["id"])


def _student(district: District, **fields: Any) -> Record:
    school = _schools(district)[0]
    return {"school": school, "schools": [school], "sis_id": "odd-1", "grade": "9", **fields}


def _section(district: District, **fields: Any) -> str:
    told = {
        "name": "Odd section",
        "school": _schools(district)[0],
        "course": next(iter(district.objects["courses"])),
        "term_id": next(iter(district.objects["terms"])),
        "period": "7",
        "section_number": "",
        "subject": "homeroom/advisory",
        "grade": "",
        "students": [next(id for id, user in district.objects["users"].items() if "student" in user["roles"])],
        "teachers": [],
        "teacher": None,
        **fields,
    }
    return str(district.add("sections", **told)["id"])


def _without_teacher(district: District) -> str:
    return _section(district)


def _co_teachers(district: District) -> str:
    teachers = [id for id, user in district.objects["users"].items() if "teacher" in user["roles"]]
    return _section(district, teachers=teachers[::-1], teacher=teachers[-1])


def _two_schools(district: District) -> str:
    one, other = _schools(district)[:2]
    return _user(district, {"student": _student(district, school=other, schools=[one, other])})


def _contact(district: District) -> str:
    child = next(id for id, user in district.objects["users"].items() if "student" in user["roles"])
    relations = [
        {"student": child, "relationship": "Parent", "type": "Parent/Guardian"},
        {"student": child, "relationship": "Aunt/Uncle", "type": "Emergency"},
    ]
    name = {"first": "", "last": "Whole Name in One", "middle": None}
    return _user(
        district, {"contact": {"sis_id": "c-1", "phone": "555 0100", "student_relationships": relations}}, name=name
    )


def _empty_enumerations(district: District) -> str:
    blank = dict.fromkeys(("grade", "gender", "race", "hispanic_ethnicity", "frl_status", "ell_status"), "")
    return _user(district, {"student": _student(district, **blank)})


def _three_roles(district: District) -> str:
    school = _schools(district)[0]
    return _user(
        district,
        {
            "teacher": {"school": school, "schools": [school], "sis_id": "odd-3", "legacy_id": "old-odd-3"},
            "staff": {"schools": [school], "staff_id": "odd-3s", "legacy_id": ""},
            "district_admin": {"title": "Principal", "legacy_id": ""},
        },
        email="principal@school.example",
    )


def _email_without_at(district: District) -> str:
    return _user(district, {"student": _student(district)}, email="no.address")


def _same_email(district: District) -> str:
    school = _schools(district)[0]
    teacher = {"teacher": {"school": school, "schools": [school], "sis_id": "odd-4", "legacy_id": ""}}
    _user(district, teacher, email="same@school.example")
    child = next(id for id, user in district.objects["users"].items() if "student" in user["roles"])
    relations = [{"student": child, "relationship": "", "type": ""}]
    return _user(
        district, {"contact": {"sis_id": None, "student_relationships": relations}}, email="same@school.example"
    )


def _first_grader(district: District) -> str:
    return _user(district, {"student": _student(district, grade="1")}, name={"first": "Wee", "last": "One"})


_MAKERS: Final[dict[str, Callable[[District], str]]] = {
    "section_without_teacher": _without_teacher,
    "co_teachers": _co_teachers,
    "student_in_two_schools": _two_schools,
    "contact_in_last_name": _contact,
    "empty_enumerations": _empty_enumerations,
    "teacher_staff_and_admin": _three_roles,
    "email_without_at": _email_without_at,
    "same_email_twice": _same_email,
    "first_grader_without_email": _first_grader,
}
