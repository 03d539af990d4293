"""OneRoster 1.2 Gradebook's LineItem and Result: read from what an application sends, and written for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from gateway.store.grades import LineItemRow, ScoreRow
from providers.contract import ActivityProgress, BadData, GradingProgress, Score

LONGEST_ID: Final = 255
LONGEST_TEXT: Final = 4000
LINK: Final = "lti_resource_link"  # the ID token's resource link, in a line item's metadata
# OneRoster's scoreStatus -> LTI's activity and grading progress (AGS 3.4).
STATUSES: Final[dict[str, tuple[ActivityProgress, GradingProgress]]] = {
    "fully graded": ("Completed", "FullyGraded"),
    "partially graded": ("Completed", "PendingManual"),
    "submitted": ("Submitted", "Pending"),
    "not submitted": ("Initialized", "NotReady"),
    "exempt": ("Initialized", "NotReady"),
}


@dataclass(frozen=True, slots=True)
class LineItemAsked:
    """A LineItem as far as we use it."""

    title: str
    class_id: str
    score_maximum: float
    resource_link_id: str | None


@dataclass(frozen=True, slots=True)
class ResultAsked:
    """A Result as far as we use it."""

    line_item_id: str
    student_id: str
    score: float | None
    score_status: str
    comment: str | None
    scored_at: datetime | None

    def columns(self, result_id: str) -> dict[str, Any]:
        """Return it as the outbox keeps it."""
        return {
            "result_id": result_id,
            "user_sourced_id": self.student_id,
            "score": self.score,
            "score_status": self.score_status,
            "comment": self.comment,
            "scored_at": self.scored_at,
        }

    def is_told_by(self, kept: ScoreRow) -> bool:
        """Return whether a kept score says the same."""
        mine = (self.score, self.score_status, self.comment, self.scored_at)
        return mine == (kept.score, kept.score_status, kept.comment, kept.scored_at)


def read_line_item(body: Any) -> LineItemAsked:
    """Read a PUT lineItem. Raises BadData (``gradebook.unreadable``)."""
    item = _members(_members(body, "the body").get("lineItem"), "lineItem")
    metadata = item.get("metadata")
    link = metadata.get(LINK) if isinstance(metadata, dict) else None
    maximum = _number(item.get("resultValueMax", 100), "resultValueMax")
    if maximum is None or maximum <= 0:
        raise _bad("resultValueMax must be above 0")
    return LineItemAsked(
        title=_text(item.get("title"), "title"),
        class_id=_reference(item.get("class"), "class"),
        score_maximum=maximum,
        resource_link_id=None if link is None else _id(link, LINK),
    )


def read_result(body: Any) -> ResultAsked:
    """Read a PUT result; a score above the maximum is fine, one below 0 is not (attack H8). Raises BadData."""
    result = _members(_members(body, "the body").get("result"), "result")
    status = result.get("scoreStatus", "fully graded")
    if status not in STATUSES:
        raise _bad(f"scoreStatus must be one of {', '.join(STATUSES)}")
    score = _number(result.get("score"), "score")
    if score is not None and score < 0:
        raise _bad("score is below 0")
    comment = result.get("comment")
    return ResultAsked(
        line_item_id=_reference(result.get("lineItem"), "lineItem"),
        student_id=_reference(result.get("student"), "student"),
        score=None if status in {"not submitted", "exempt"} else score,
        score_status=status,
        comment=None if comment in {None, ""} else _text(comment, "comment"),
        scored_at=_moment(result.get("scoreDate")),
    )


def score_of(kept: ScoreRow, item: LineItemRow, subject: str) -> Score:
    """Return a kept score as it goes to the LMS."""
    activity, grading = STATUSES[kept.score_status]
    return Score(
        subject=subject,
        timestamp=kept.timestamp,
        score_given=kept.score,
        score_maximum=item.score_maximum,
        activity_progress=activity,
        grading_progress=grading,
        comment=kept.comment,
        submitted_at=kept.scored_at if kept.score_status == "submitted" else None,
        is_attempt=kept.score_status == "submitted",
    )


def line_item_document(item: LineItemRow) -> dict[str, Any]:
    """Return a line item as OneRoster writes it."""
    metadata = {"lms.column": "known" if item.url else "not made yet"}
    if item.resource_link_row_id is not None:
        metadata[LINK] = item.resource_link_row_id
    return {
        "sourcedId": item.sourced_id,
        "status": "active",
        "dateLastModified": _iso(item.date_last_modified),
        "metadata": metadata,
        "title": item.title,
        "class": {"sourcedId": item.class_sourced_id, "type": "class"},
        "resultValueMin": 0,
        "resultValueMax": item.score_maximum,
    }


def result_document(kept: ScoreRow, item: LineItemRow) -> dict[str, Any]:
    """Return a result as OneRoster writes it; `metadata` says what became of it on the way to the LMS."""
    sending = {"lms.state": kept.state, "lms.reason": kept.reason, "lms.attempts": kept.attempts}
    sending |= {"lms.sent_at": _iso(kept.sent_at) if kept.sent_at else None}
    told = {
        "sourcedId": kept.result_id,
        "status": "active",
        "dateLastModified": _iso(kept.created_at),
        "metadata": {name: value for name, value in sending.items() if value is not None},
        "lineItem": {"sourcedId": item.sourced_id, "type": "lineItem"},
        "student": {"sourcedId": kept.user_sourced_id, "type": "user"},
        "scoreStatus": kept.score_status,
        "score": kept.score,
        "scoreDate": _iso(kept.scored_at or kept.created_at),
        "comment": kept.comment,
    }
    return {name: value for name, value in told.items() if value is not None}


def read_id(value: str) -> str:
    """Return a sourcedId from an address. Raises BadData (``gradebook.unreadable``)."""
    return _id(value, "sourcedId")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bad(why: str) -> BadData:
    return BadData("gradebook.unreadable", f"The gradebook can't read this: {why}.")


def _members(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad(f"{name} is not an object")
    return value


def _id(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID or not value.isprintable():
        raise _bad(f"{name} is no id")
    return value


def _reference(value: Any, name: str) -> str:
    return _id(_members(value, name).get("sourcedId"), name)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT or "\0" in value:
        raise _bad(f"{name} is no text of at most {LONGEST_TEXT} characters")
    return value


def _number(value: Any, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e9:
        raise _bad(f"{name} is no number")
    return float(value)


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) == 10:
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad("scoreDate is no date") from None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
