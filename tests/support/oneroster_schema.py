"""OneRoster 1.2's data model as a checker: which members an object must and may have, and what they look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _date(value: Any) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def _moment(value: Any) -> bool:
    return isinstance(value, str) and value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None


def _one_of(*words: str) -> Check:
    return lambda value: value in words


def _or_ours(*words: str) -> Check:
    return lambda value: value in words or bool(re.fullmatch(r"ext:[A-Za-z0-9._-]+", value))


def _to(type: str) -> Check:
    def reference(value: Any) -> bool:
        return {*value} == {"href", "sourcedId", "type"} and value["type"] == type

    return reference


def _some(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _members(value: Any) -> bool:
    return isinstance(value, dict)


_TRUTH = _one_of("true", "false")
_ROLES = (
    *("aide", "counselor", "districtAdministrator", "guardian", "parent", "principal", "proctor", "relative"),
    *("siteAdministrator", "student", "systemAdministrator", "teacher"),
)


def _whole(must: dict[str, Check], may: dict[str, Check]) -> Check:
    def check(value: Any) -> bool:
        return {*must} <= {*value} <= {*must, *may} and all((must | may)[name](each) for name, each in value.items())

    return check


_ROLE = _whole(
    {"roleType": _one_of("primary", "secondary"), "role": _or_ours(*_ROLES), "org": _to("org")},
    {"beginDate": _date, "endDate": _date},
)
_USER_ID = _whole({"type": _text, "identifier": _text}, {})
_BASE: dict[str, Check] = {
    "sourcedId": _text,
    "status": _one_of("active", "tobedeleted"),
    "dateLastModified": _moment,
}
_USER_TEXTS = (
    *("userMasterIdentifier", "username", "middleName", "preferredFirstName", "preferredMiddleName", "pronouns"),
    *("preferredLastName", "identifier", "email", "sms", "phone"),
)
_SUBJECTS: dict[str, Check] = {"grades": _texts, "subjects": _texts, "subjectCodes": _texts}
_STATUSES = ("exempt", "fully graded", "not submitted", "partially graded", "submitted")
_OBJECTIVES = _some(lambda each: {*each} == {"source", "learningObjectiveIds"})
_REACHED = _some(lambda each: {*each} == {"source", "learningObjectiveResults"})
IS_VALID: dict[str, Check] = {
    "category": _whole({**_BASE, "title": _text}, {"weight": _number, "metadata": _members}),
    "scoreScale": _whole(
        {
            **_BASE,
            "title": _text,
            "type": _text,
            "class": _to("class"),
            "scoreScaleValue": _some(_whole({"itemValueLHS": _text, "itemValueRHS": _text}, {})),
        },
        {"course": _to("course"), "metadata": _members},
    ),
    "lineItem": _whole(
        {
            **_BASE,
            "title": _text,
            "assignDate": _moment,
            "dueDate": _moment,
            "class": _to("class"),
            "school": _to("org"),
            "category": _to("category"),
        },
        {
            "description": _text,
            "gradingPeriod": _to("academicSession"),
            "academicSession": _to("academicSession"),
            "scoreScale": _to("scoreScale"),
            "resultValueMin": _number,
            "resultValueMax": _number,
            "learningObjectiveSet": _OBJECTIVES,
            "metadata": _members,
        },
    ),
    "result": _whole(
        {
            **_BASE,
            "lineItem": _to("lineItem"),
            "student": _to("user"),
            "scoreStatus": _one_of(*_STATUSES),
            "scoreDate": _date,
        },
        {
            "class": _to("class"),
            "scoreScale": _to("scoreScale"),
            "score": _number,
            "textScore": _text,
            "comment": _text,
            "learningObjectiveSet": _REACHED,
            **dict.fromkeys(("inProgress", "incomplete", "late", "missing"), _TRUTH),
            "metadata": _members,
        },
    ),
    "org": _whole(
        {
            **_BASE,
            "name": _text,
            "type": _or_ours("department", "district", "local", "national", "school", "state"),
            "identifier": _text,
        },
        {"parent": _to("org"), "children": _some(_to("org"))},
    ),
    "academicSession": _whole(
        {
            **_BASE,
            "title": _text,
            "startDate": _date,
            "endDate": _date,
            "type": _or_ours("gradingPeriod", "semester", "schoolYear", "term"),
            "schoolYear": lambda value: bool(re.fullmatch(r"\d{4}", value)),
        },
        {"parent": _to("academicSession"), "children": _some(_to("academicSession"))},
    ),
    "course": _whole(
        {**_BASE, "title": _text, "courseCode": _text},
        {**_SUBJECTS, "schoolYear": _to("academicSession"), "org": _to("org")},
    ),
    "class": _whole(
        {
            **_BASE,
            "title": _text,
            "course": _to("course"),
            "school": _to("org"),
            "terms": _some(_to("academicSession")),
        },
        {
            **_SUBJECTS,
            "classCode": _text,
            "classType": _or_ours("homeroom", "scheduled"),
            "location": _text,
            "periods": _texts,
        },
    ),
    "user": _whole(
        {**_BASE, "enabledUser": _TRUTH, "givenName": _text, "familyName": _text, "roles": _some(_ROLE)},
        {
            **dict.fromkeys(_USER_TEXTS, _text),
            "userIds": _some(_USER_ID),
            "primaryOrg": _to("org"),
            "agents": _some(_to("user")),
            "grades": _texts,
        },
    ),
    "enrollment": _whole(
        {
            **_BASE,
            "user": _to("user"),
            "class": _to("class"),
            "school": _to("org"),
            "role": _or_ours("administrator", "proctor", "student", "teacher"),
        },
        {"primary": _TRUTH, "beginDate": _date, "endDate": _date},
    ),
}


def references(value: Any) -> list[str]:
    """Return the addresses of all references in an answer."""
    if isinstance(value, dict):
        own = [value["href"]] if "href" in value else []
        return own + [each for part in value.values() for each in references(part)]
    return [each for part in value for each in references(part)] if isinstance(value, list) else []
