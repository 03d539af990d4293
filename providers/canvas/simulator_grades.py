"""A simulated Canvas's assignments and submissions, below courses and sections."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from providers.kit.simulator.faults import Fault
from providers.kit.simulator.roster_gradebook import Grade, GradeColumn, RosterGradebook

if TYPE_CHECKING:
    from providers.canvas.simulator_api import CanvasApi

_ASSIGNMENTS: Final = re.compile(r"courses/(\d+)/assignments(?:/(\d+))?$")
_SUBMISSIONS: Final = re.compile(r"sections/(\d+)/assignments/(\d+)/submissions(?:/(\d+))?$")
_UNAUTHORIZED: Final = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
Told = list[dict[str, Any]]


class Grades:
    """Answers for what is graded. Who may be graded in a section is who is an active student there."""

    def __init__(self, api: CanvasApi) -> None:
        self._api = api

    def list(self, path: str) -> Told | None:
        """Return the list at a path."""
        if (found := _ASSIGNMENTS.match(path)) and not found[2]:
            return [_assignment(each) for each in self._book.of(int(found[1]))]
        if (found := _SUBMISSIONS.match(path)) and not found[3]:
            return list(self._submissions(int(found[1]), int(found[2])))
        return None

    def answer(self, method: str, path: str, body: Mapping[str, Any]) -> Response | None:
        """Answer for one assignment or submission, read or written; None for a path that is none of these."""
        if found := _ASSIGNMENTS.match(path):
            course, own = int(found[1]), found[2]
            if method == "POST":
                return self._make(course, body.get("assignment", {}))
            column = self._book.columns.get(int(own)) if own else None
            is_here = column is not None and column.place == course
            return (_json(_assignment(column)) if column and is_here else _missing()) if own else None
        if (found := _SUBMISSIONS.match(path)) and found[3]:
            section, own, user = (int(each) for each in found.groups())
            return self._submission(method, section, own, user, body)
        return None

    @property
    def _book(self) -> RosterGradebook:
        return self._api.gradebook

    def _make(self, course: int, asked: Mapping[str, Any]) -> Response:
        fault = self._book.faults.strike("columns")
        if refusal := self._refusal(fault):
            return refusal
        if not asked.get("name"):
            return _json({"errors": {"name": [{"message": "blank"}]}}, 400)
        made = _assignment(self._book.add(course, dict(asked)))
        return _failing(fault) if fault else _json(made, 201)

    def _submission(self, method: str, section: int, own: int, user: int, body: Mapping[str, Any]) -> Response:
        column = self._book.columns.get(own)
        if column is None or user not in self._students(section):
            return _missing()
        if method == "GET":
            return _json(_told(self._book.stands(own, user)))
        fault = self._book.faults.strike("grades")
        if refusal := self._refusal(fault):
            return refusal
        if not self._is_assigned(column, section):
            return self._unauthorized()
        before, given = self._book.stands(own, user), body.get("submission", {})
        comment = body.get("comment", {}).get("text_comment")
        comments = before.comments + ((comment,) if comment else ())
        points = before.points
        if "posted_grade" in given:
            said = given["posted_grade"]
            try:
                points = float(said) if said else None
            except ValueError:
                return _json({"error": "grade is not valid"}, 400)
        written = self._book.put(Grade(own, user, points, comments))
        return _failing(fault) if fault else _json(_told(written))

    def _is_assigned(self, column: GradeColumn, section: int) -> bool:
        overrides = column.body.get("assignment_overrides", [])
        return not column.body.get("only_visible_to_overrides") or section in [
            each["course_section_id"] for each in overrides
        ]

    def _students(self, section: int) -> set[int]:
        course = self._api.rows.course_of(section)
        return {
            each["user_id"]
            for each in (self._api.rows.all(f"courses/{course}/enrollments") or [])
            if each["course_section_id"] == section
            and each["type"] == "StudentEnrollment"
            and each["enrollment_state"] in ("active", "invited")
        }

    def _submissions(self, section: int, own: int) -> Iterator[dict[str, Any]]:
        for user in sorted(self._students(section)):
            yield _told(self._book.stands(own, user))

    def _refusal(self, fault: Fault | None) -> Response | None:
        if fault is not None and not fault.is_after:
            return _failing(fault)
        if not self._api.switches.grade_scopes:
            return _json({"errors": [{"message": "Insufficient scopes on access token."}]}, 401)
        return self._unauthorized() if self._book.is_over or not self._api.switches.may_grade else None

    def _unauthorized(self) -> Response:
        return _json(_UNAUTHORIZED, self._api.switches.unauthorized_status)


def _assignment(column: GradeColumn) -> dict[str, Any]:
    return {"id": column.id, "course_id": column.place, "workflow_state": "published", **column.body}


def _told(grade: Grade) -> dict[str, Any]:
    return {
        "id": grade.column * 1000 + grade.person,
        "assignment_id": grade.column,
        "user_id": grade.person,
        "score": grade.points,
        "entered_score": grade.points,
        "submission_comments": [{"id": place, "comment": each} for place, each in enumerate(grade.comments)],
        "workflow_state": "unsubmitted" if grade.points is None else "graded",
    }


def _failing(fault: Fault) -> Response:
    return Response(fault.text, fault.status, {"Retry-After": fault.retry_after} if fault.retry_after else {})


def _json(answer: Any, status: int = 200) -> Response:
    return Response(json.dumps(answer), status, mimetype="application/json")


def _missing() -> Response:
    return _json({"errors": [{"message": "The specified resource does not exist."}]}, 404)
