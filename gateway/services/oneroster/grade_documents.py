"""The gradebook's objects as JSON: what the application put, completed, and what became of it at the LMS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.services.oneroster.references import Reference, moment
from gateway.store.oneroster.rows import Row

LINK: Final = "lti_resource_link"  # the ID token's resource link, in a line item's metadata
SENDING: Final = "lms."  # what `metadata` says of our own begins so
TRUTHS: Final = {"inProgress": "in_progress", "incomplete": "incomplete", "late": "late", "missing": "missing"}

GRADE_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "categories": ("title", "weight"),
    "scoreScales": ("title", "type", "course", "class", "scoreScaleValue"),
    "lineItems": (
        *("title", "description", "assignDate", "dueDate", "class", "school", "category", "gradingPeriod"),
        *("academicSession", "scoreScale", "resultValueMin", "resultValueMax", "learningObjectiveSet"),
    ),
    "results": (
        *("lineItem", "student", "class", "scoreScale", "scoreStatus", "score", "textScore", "scoreDate", "comment"),
        *("learningObjectiveSet", *TRUTHS),
    ),
}


def number(value: float | None) -> float | int | None:
    """Return a number as it came: 8 and not 8.0."""
    return int(value) if value is not None and value.is_integer() else value


def _category(row: Row, _to: Reference) -> dict[str, Any]:
    return {"metadata": row["metadata"], "title": row["title"], "weight": number(row["weight"])}


def _score_scale(row: Row, to: Reference) -> dict[str, Any]:
    return {
        "metadata": row["metadata"],
        "title": row["title"],
        "type": row["type"],
        "course": to("course", row["of_class"]["course_sourced_id"]),
        "class": to("class", row["class_sourced_id"]),
        "scoreScaleValue": row["values"],
    }


def _line_item(row: Row, to: Reference) -> dict[str, Any]:
    assigned = row["assign_date"] or row["created_at"]
    link = row["resource_link_row_id"]
    own = {f"{SENDING}column": "known" if row["url"] else "not made yet"} | ({LINK: link} if link else {})
    return {
        "metadata": {**(row["metadata"] or {}), **own},
        "title": row["title"],
        "description": row["description"],
        "assignDate": moment(assigned),
        "dueDate": moment(row["due_date"] or assigned),
        "class": to("class", row["class_sourced_id"]),
        "school": to("org", row["of_class"]["school_sourced_id"]),
        "category": to("category", row["category"]),
        "gradingPeriod": to("academicSession", row["grading_period_sourced_id"]),
        "academicSession": to("academicSession", row["academic_session_sourced_id"]),
        "scoreScale": to("scoreScale", row["score_scale"]),
        "resultValueMin": number(row["result_value_min"]),
        "resultValueMax": number(row["score_maximum"]),
        "learningObjectiveSet": row["learning_objectives"],
    }


def _result(row: Row, to: Reference) -> dict[str, Any]:
    truths = {name: row[column] for name, column in TRUTHS.items()}
    return {
        "metadata": {**(row["metadata"] or {}), **_sending(row)},
        "lineItem": to("lineItem", row["line_item"]),
        "student": to("user", row["user_sourced_id"]),
        "class": to("class", row["class_sourced_id"]),
        "scoreScale": to("scoreScale", row["score_scale"]),
        "scoreStatus": row["score_status"],
        "score": number(row["score"]),
        "textScore": row["text_score"],
        "scoreDate": row["score_date"].isoformat(),
        "comment": row["comment"],
        "learningObjectiveSet": row["learning_objectives"],
        **{name: None if value is None else str(value).lower() for name, value in truths.items()},
    }


def _sending(row: Row) -> dict[str, Any]:
    sent = row["sending"]
    if sent is None:
        return {f"{SENDING}state": "kept", f"{SENDING}reason": "grades.text_only"}
    told = {f"{SENDING}{name}": sent[name] for name in ("state", "reason", "attempts")}
    told |= {f"{SENDING}sent_at": moment(sent["sent_at"]) if sent["sent_at"] else None}
    return {name: value for name, value in told.items() if value is not None}


GRADE_WRITERS: Final[Mapping[str, Callable[[Row, Reference], dict[str, Any]]]] = {
    "categories": _category,
    "scoreScales": _score_scale,
    "lineItems": _line_item,
    "results": _result,
}
