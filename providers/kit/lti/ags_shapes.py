"""Line items, scores and results as AGS 2.0 writes them in JSON, and the addresses below a line item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from providers.contract import LineItem, Result, Score


def moment(at: datetime) -> str:
    """Return a time as every platform reads it: UTC, milliseconds, `Z` (AGS 3.4.2 asks for parts of a second)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def sub_address(line_item_url: str, what: str) -> str:
    """Return the address of `scores` or `results`: at the end of the path, before the query (AGS 3.3.1)."""
    parts = urlsplit(line_item_url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{what}"))


def with_query(url: str, values: Mapping[str, str | None]) -> str:
    """Add to the address's query; what it says itself stays."""
    parts = urlsplit(url)
    more = urlencode({name: value for name, value in values.items() if value is not None})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, more)))))


def line_item_body(item: LineItem) -> dict[str, Any]:
    """Return a line item to be made (AGS 3.2); nothing is sent as null."""
    body = {
        "label": item.label,
        "scoreMaximum": item.score_maximum,
        "resourceLinkId": item.resource_link_id,
        "resourceId": item.resource_id,
        "tag": item.tag,
        "startDateTime": moment(item.start_at) if item.start_at else None,
        "endDateTime": moment(item.end_at) if item.end_at else None,
    }
    return {name: value for name, value in body.items() if value is not None}


def read_line_item(record: Any) -> LineItem | None:
    """Read one line item; None for what is none."""
    if not isinstance(record, dict) or not isinstance(record.get("id"), str):
        return None
    return LineItem(
        label=_text(record.get("label")) or "",
        score_maximum=_number(record.get("scoreMaximum")) or 1.0,
        url=record["id"],
        resource_link_id=_text(record.get("resourceLinkId")),
        resource_id=_text(record.get("resourceId")),
        tag=_text(record.get("tag")),
        start_at=_moment(record.get("startDateTime")),
        end_at=_moment(record.get("endDateTime")),
    )


def score_body(score: Score, *, new_line: str, needs_comment: bool) -> dict[str, Any]:
    """Return a score (AGS 3.4). Without a score given the platform clears what is there."""
    body: dict[str, Any] = {
        "userId": score.subject,
        "timestamp": moment(score.timestamp),
        "activityProgress": score.activity_progress,
        "gradingProgress": score.grading_progress,
    }
    if score.score_given is not None:
        body |= {"scoreGiven": score.score_given, "scoreMaximum": score.score_maximum}
    if score.comment or needs_comment:
        body["comment"] = (score.comment or "").replace("\r\n", "\n").replace("\n", new_line)
    if score.submitted_at is not None:
        body["submission"] = {"submittedAt": moment(score.submitted_at)}
    return body


def read_result(record: Any) -> Result | None:
    """Read one result; None for what is none. A missing maximum is 1 (AGS 3.3.4)."""
    if not isinstance(record, dict) or not isinstance(record.get("userId"), str):
        return None
    return Result(
        subject=record["userId"],
        score=_number(record.get("resultScore")),
        maximum=_number(record.get("resultMaximum")) or 1.0,
        comment=_text(record.get("comment")),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
