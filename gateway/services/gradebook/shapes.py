"""Categories, score scales, line items and results as an application sends them, and as their tables keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from gateway.services.grade_shapes import STATUSES
from gateway.services.gradebook import members as read
from gateway.services.gradebook.members import bad
from gateway.services.oneroster.grade_documents import LINK, TRUTHS

GENERAL: Final = "general"  # the category of line items that name none
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
_Source = Annotated[str, msgspec.Meta(pattern=r"^(case|unknown|(ext:|/)[A-Za-z0-9._-]+)$")]


class Objectives(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A LearningObjectiveSet."""

    source: _Source
    learning_objective_ids: Annotated[list[_Text], msgspec.Meta(min_length=1)]


class ObjectiveResult(msgspec.Struct, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What was reached of one learning objective."""

    learning_objective_id: _Text
    score: float | None = None
    text_score: str | None = None


class ObjectiveResults(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A LearningObjectiveScoreSet."""

    source: _Source
    learning_objective_results: Annotated[list[ObjectiveResult], msgspec.Meta(min_length=1)]


class ScaleValue(msgspec.Struct, forbid_unknown_fields=True):
    """A step of a scale: its name and what it stands for."""

    itemValueLHS: _Text
    itemValueRHS: _Text


@dataclass(frozen=True, slots=True)
class LineItemAsked:
    """A LineItem; `columns` go into the table as they are."""

    class_id: str
    school_id: str | None
    resource_link_id: str | None
    columns: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ResultAsked:
    """A Result; `columns` go into the table as they are. `scored_at` is the score's date with its time."""

    line_item_id: str
    student_id: str
    class_id: str | None
    scored_at: datetime | None
    columns: dict[str, Any]

    @property
    def is_for_lms(self) -> bool:
        """Whether there is something that an LMS can take: none takes text in place of points."""
        is_text = self.columns["score"] is None and self.columns["text_score"] is not None
        return not (is_text and self.columns["score_status"].endswith("graded"))


def read_category(told: dict[str, Any]) -> dict[str, Any]:
    """Return a category's columns. Raises BadData (``gradebook.unreadable``), as all here."""
    return {
        "title": read.text(told.get("title"), "title"),
        "weight": read.number(told.get("weight"), "weight"),
        "metadata": read.metadata(told.get("metadata")),
    }


def read_score_scale(told: dict[str, Any]) -> dict[str, Any]:
    """Return a score scale's columns."""
    values = read.shaped(told.get("scoreScaleValue"), list[ScaleValue], "scoreScaleValue")
    if not values:
        raise bad("scoreScaleValue has no values")
    return {
        "class_sourced_id": read.reference(told.get("class"), "class"),
        "title": read.text(told.get("title"), "title"),
        "type": read.text(told.get("type"), "type"),
        "values": values,
        "metadata": read.metadata(told.get("metadata")),
    }


def read_line_item(told: dict[str, Any]) -> LineItemAsked:
    """Return a line item; what it does not name is left to its class and to us."""
    metadata = told.get("metadata")
    link = metadata.get(LINK) if isinstance(metadata, dict) else None
    maximum = read.number(told.get("resultValueMax", 100), "resultValueMax")
    if maximum is None or maximum <= 0:
        raise bad("resultValueMax must be above 0")
    columns = {
        "title": read.text(told.get("title"), "title"),
        "description": read.maybe_text(told.get("description"), "description"),
        "assign_date": read.moment(told.get("assignDate"), "assignDate"),
        "due_date": read.moment(told.get("dueDate"), "dueDate"),
        "category": read.maybe_reference(told.get("category"), "category") or GENERAL,
        "grading_period_sourced_id": read.maybe_reference(told.get("gradingPeriod"), "gradingPeriod"),
        "academic_session_sourced_id": read.maybe_reference(told.get("academicSession"), "academicSession"),
        "score_scale": read.maybe_reference(told.get("scoreScale"), "scoreScale"),
        "result_value_min": read.number(told.get("resultValueMin"), "resultValueMin"),
        "score_maximum": maximum,
        "learning_objectives": read.shaped(told.get("learningObjectiveSet"), list[Objectives], "learningObjectiveSet"),
        "metadata": read.metadata(metadata, LINK),
    }
    return LineItemAsked(
        class_id=read.reference(told.get("class"), "class"),
        school_id=read.maybe_reference(told.get("school"), "school"),
        resource_link_id=None if link is None else read.sourced_id(link, LINK),
        columns=columns,
    )


def read_result(told: dict[str, Any]) -> ResultAsked:
    """Return a result; a score above the maximum is fine, one below 0 is not (attack H8)."""
    status = told.get("scoreStatus", "fully graded")
    if not isinstance(status, str) or status not in STATUSES:
        raise bad(f"scoreStatus must be one of {', '.join(STATUSES)}")
    score = read.number(told.get("score"), "score")
    if score is not None and score < 0:
        raise bad("score is below 0")
    columns = {
        "score": score,
        "text_score": read.maybe_text(told.get("textScore"), "textScore"),
        "score_status": status,
        "comment": read.maybe_text(told.get("comment"), "comment"),
        "score_scale": read.maybe_reference(told.get("scoreScale"), "scoreScale"),
        "learning_objectives": read.shaped(
            told.get("learningObjectiveSet"), list[ObjectiveResults], "learningObjectiveSet"
        ),
        "metadata": read.metadata(told.get("metadata")),
        **{column: read.truth(told.get(name), name) for name, column in TRUTHS.items()},
    }
    return ResultAsked(
        line_item_id=read.reference(told.get("lineItem"), "lineItem"),
        student_id=read.reference(told.get("student"), "student"),
        class_id=read.maybe_reference(told.get("class"), "class"),
        scored_at=read.moment(told.get("scoreDate"), "scoreDate"),
        columns=columns,
    )
