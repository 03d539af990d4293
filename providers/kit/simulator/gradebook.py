"""A simulated gradebook: line items, the scores that were written, and what a platform refuses (AGS 2.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

from providers.kit.simulator.people import Course
from providers.kit.simulator.service_switches import ServiceSwitches

Answer = tuple[int, Any]


class Written(NamedTuple):
    """One score that was recorded."""

    item: str
    user: str
    timestamp: str
    body: Mapping[str, Any]


@dataclass
class Column:
    """One line item. `link` is the resource link it hangs on."""

    id: str
    course: int
    body: dict[str, Any]
    is_coupled: bool = False
    scores: dict[str, Written] = field(default_factory=dict)


class Gradebook:
    """Thread-safe. `written` keeps every recorded score in order, for tests to count."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.columns: dict[str, Column] = {}
        self.written: list[Written] = []
        self.known_again = 0  # scores that came a second time, with the same timestamp

    def column_of_link(self, course: Course, link_id: str) -> Column:
        """Return the link's own line item, which the platform makes."""
        return self._add(f"c{course.id}", course.id, {"label": course.link_title, "resourceLinkId": link_id}, True)

    def copy(self, origin: Course, copy: Course, **changes: Any) -> None:
        """Copy a course's columns as they stand, with these members changed; some platforms change the link's id."""
        with self._lock:
            found = [column for column in self.columns.values() if column.course == origin.id]
        for column in found:
            self._add(f"{column.id}-copy{copy.id}", copy.id, column.body | changes, column.is_coupled)

    def make(self, course: Course, body: Mapping[str, Any], own_link: str, switches: ServiceSwitches) -> Answer:
        """Make a line item."""
        link_id = body.get("resourceLinkId")
        is_foreign = link_id is not None and link_id != own_link
        if (switches.line_item_links == "none" and link_id) or (switches.line_item_links == "own" and is_foreign):
            return 404, {"errors": {"message": "The specified resource link was not found."}}
        if not str(body.get("label", "")).strip() or not _positive(body.get("scoreMaximum")):
            return 400, {"errors": {"message": "label and a positive scoreMaximum are needed"}}
        with self._lock:
            number = f"t{len(self.columns) + 1}"
        return 201, self._add(number, course.id, dict(body), False)

    def _add(self, number: str, course: int, body: dict[str, Any], is_coupled: bool) -> Column:
        with self._lock:
            column = Column(number, course, {"scoreMaximum": 100} | body, is_coupled)
            return self.columns.setdefault(number, column)

    def of_course(self, course: Course, query: Mapping[str, str], switches: ServiceSwitches) -> list[Column]:
        """Return the course's line items, filtered as the platform filters."""
        with self._lock:
            found = [column for column in self.columns.values() if column.course == course.id]
        if not switches.line_items_filter:
            return found
        names = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId", "tag": "tag"}
        wanted = {names[name]: value for name, value in query.items() if name in names}
        return [column for column in found if all(column.body.get(name) == wanted[name] for name in wanted)]

    def score(self, column: Column, body: Mapping[str, Any], *, is_known: bool, switches: ServiceSwitches) -> Answer:
        """Record a score, or say why not."""
        if switches.course_ended:
            return _said(switches.score_ended)
        if fault := _fault(body, switches):
            return 400, {"errors": {"message": fault}}
        if not is_known:
            return _said(switches.score_unknown_student)
        if switches.score_only_graded and body["gradingProgress"] != "FullyGraded":
            return 200, None
        written = Written(column.id, body["userId"], body["timestamp"], dict(body))
        with self._lock:
            last = column.scores.get(written.user)
            if last is not None and _moment(written.timestamp) <= _moment(last.timestamp):
                self.known_again += written.timestamp == last.timestamp
                return _said(switches.score_older)
            column.scores[written.user] = written
            self.written.append(written)
        return 200, {"resultUrl": f"{column.id}/results/{written.user}"}

    def results(self, column: Column, user: str | None, switches: ServiceSwitches) -> list[dict[str, Any]]:
        """Return the results of a column."""
        with self._lock:
            scores = [score for name, score in column.scores.items() if user in {None, name}]
        commented = not (switches.results_without_comment or (user and switches.results_of_one_without_comment))
        return [_result(column, score, commented=commented) for score in scores]


def _result(column: Column, score: Written, *, commented: bool) -> dict[str, Any]:
    result: dict[str, Any] = {"id": f"{column.id}/results/{score.user}", "userId": score.user}
    given, maximum = score.body.get("scoreGiven"), column.body["scoreMaximum"]
    if given is not None:
        result |= {"resultScore": given * maximum / score.body["scoreMaximum"], "resultMaximum": maximum}
    if "comment" in score.body and commented:
        result["comment"] = score.body["comment"]
    return result


def _fault(body: Mapping[str, Any], switches: ServiceSwitches) -> str:
    try:
        at = _moment(body["timestamp"])
        given, maximum = body.get("scoreGiven"), body.get("scoreMaximum")
        checks = {
            "timestamp needs a zone": at.tzinfo is not None,
            "timestamp needs parts of a second": not switches.score_fraction_needed or "." in body["timestamp"],
            "userId is missing": bool(body["userId"]),
            "activityProgress is missing": bool(body["activityProgress"]),
            "gradingProgress is missing": bool(body["gradingProgress"]),
            "comment is missing": not switches.score_comment_needed or body.get("comment") is not None,
            "scoreGiven is negative": given is None or given >= 0,
            "scoreMaximum must be positive": given is None or _positive(maximum),
        }
    except (KeyError, TypeError, ValueError) as fault:
        return f"{type(fault).__name__} in the score"
    return next((name for name, is_well in checks.items() if not is_well), "")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and value > 0


def _said(answer: tuple[int, str]) -> Answer:
    return answer[0], {"errors": {"message": answer[1]}} if answer[1] else None
