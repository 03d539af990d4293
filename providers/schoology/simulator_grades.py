"""A simulated Schoology's assignments and grades, below sections; grades hang on enrollments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from providers.kit.simulator.faults import Fault
from providers.kit.simulator.roster_gradebook import Grade, GradeColumn, RosterGradebook

if TYPE_CHECKING:
    from providers.schoology.simulator_api import SchoologyApi

_PATH: Final = re.compile(r"sections/(\d+)/(assignments|grades)(?:/(\d+))?$")
Told = list[dict[str, Any]]


class Grades:
    """Answers for what is graded. `people` of the gradebook are uids here."""

    def __init__(self, api: SchoologyApi) -> None:
        self._api = api

    def list(self, path: str) -> tuple[str, Told] | None:
        """Return the list of a section's assignments."""
        found = _PATH.match(path)
        if found is None or found[2] != "assignments" or found[3] or not self._enrollments(int(found[1])):
            return None
        return "assignment", [_assignment(each) for each in self._book.of(int(found[1]))]

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> Response | None:
        """Answer for an assignment or for grades, read or written; None for anything else."""
        found = _PATH.match(path)
        if found is None or (found[2] == "assignments" and method == "GET" and not found[3]):
            return None
        section = int(found[1])
        if found[2] == "assignments":
            return self._make(section, body) if method == "POST" else self._one(section, int(found[3]))
        if method == "PUT":
            return self._write(section, body["grades"]["grade"])
        return self._read(section, int(query["assignment_id"]))

    @property
    def _book(self) -> RosterGradebook:
        return self._api.gradebook

    def _enrollments(self, section: int) -> Told:
        listed = self._api.rows.all(f"sections/{section}/enrollments", {})
        return listed[1] if listed else []

    def _one(self, section: int, own: int) -> Response:
        column = self._book.columns.get(own)
        is_here = column is not None and column.place == section
        return _json(_assignment(column)) if column and is_here else Response("Not found", 404)

    def _make(self, section: int, asked: Mapping[str, Any]) -> Response:
        fault = self._book.faults.strike("columns")
        if refusal := self._refusal(fault):
            return refusal
        if not asked.get("title"):
            return Response("title is required", 400)
        made = self._book.add(section, dict(asked))
        return _failing(fault) if fault else _json(_assignment(made), 201)

    def _write(self, section: int, grades: Told) -> Response:
        fault = self._book.faults.strike("grades")
        if refusal := self._refusal(fault):
            return refusal
        codes = [self._write_one(section, each) for each in grades]
        told = [{"response_code": code, "response_body": ""} for code in codes]
        return _failing(fault) if fault else _json({"grades": {"grade": told}}, self._api.switches.bulk_status)

    def _write_one(self, section: int, asked: Mapping[str, Any]) -> int:
        """Write one grade; of several some may fail, and the answer is 200."""
        column = self._book.columns.get(int(asked["assignment_id"]))
        members = {str(each["id"]): each["uid"] for each in self._enrollments(section)}
        uid = members.get(str(asked["enrollment_id"]))
        if column is None or uid is None or self._api.switches.grade_items_fail:
            return 400
        before = self._book.stands(column.id, uid)
        points = before.points
        if "grade" in asked:
            points = None if asked["grade"] == "" else float(asked["grade"])
        comments = (asked["comment"],) if "comment" in asked else before.comments
        self._book.put(Grade(column.id, uid, points, comments))
        return 200

    def _read(self, section: int, own: int) -> Response:
        found = []
        for each in self._enrollments(section):
            stands = self._book.stands(own, each["uid"])
            if stands.points is not None or stands.comments:
                told = {"enrollment_id": each["id"], "assignment_id": own, "type": "assignment", "exception": 0}
                found.append({**told, "grade": stands.points, "comment": "".join(stands.comments[-1:])})
        return _json({"grades": {"grade": found}, "period": [], "final_grade": []})

    def _refusal(self, fault: Fault | None) -> Response | None:
        if fault is not None and not fault.is_after:
            return _failing(fault)
        is_closed = self._book.is_over or not self._api.switches.may_grade
        return Response("Forbidden", 403) if is_closed else None


def _assignment(column: GradeColumn) -> dict[str, Any]:
    return {"id": column.id, "grade_item_id": column.id, **column.body}


def _failing(fault: Fault) -> Response:
    return Response(fault.text, fault.status, {"Retry-After": fault.retry_after} if fault.retry_after else {})


def _json(answer: Any, status: int = 200) -> Response:
    return Response(json.dumps(answer), status, mimetype="application/json", headers={"X-Schoology": "API"})
