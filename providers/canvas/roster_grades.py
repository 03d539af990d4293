"""Canvas's gradebook by its REST interface, for classes that a roster brought: a section's column in its course."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from providers.canvas.api import MANNERS, Api, Gone, read_answer
from providers.canvas.settings import CanvasSettings
from providers.contract import BadData, Context, LineItem, Outcome, Refused, Reply, Result, Score
from providers.kit.rest.grading import (
    column_gone,
    is_marked,
    mark_of,
    number_at_end,
    points_of,
    refusal,
    says,
    says_grade,
)
from providers.kit.rest.values import decimal, identifier, text

Told = Mapping[str, Any]
_ONCE: Final = replace(MANNERS, tries=1)
_WITH_COMMENTS: Final = "include[]=submission_comments"


def is_set_up(settings: CanvasSettings) -> bool:
    """Whether the settings name a token."""
    return bool(settings.rest_token or settings.rest_refresh_token)


@dataclass
class SectionGradebook:
    """A `ClassGradebook`: instructure/canvas-lms, assignments_api and submissions_api controllers.

    People are looked up among the section's own, so that a score never reaches somebody of another section.
    """

    api: Api
    section: str
    _columns: dict[str, Told] = field(default_factory=dict)
    _course: str = ""

    def open_line_item(self, wanted: LineItem) -> LineItem:
        """Find the assignment that bears our mark, or make it."""
        course = self._course_id()
        for page in self.api.all(f"courses/{course}/assignments").pages():
            for told in page:
                if is_marked(told.get("description"), wanted):
                    return self._item(course, told, wanted)
        reply = self.api.write("POST", f"courses/{course}/assignments", {"assignment": self._body(course, wanted)})
        if not reply.ok:
            raise self._refusal(course, reply, "grades.line_item_refused")
        return self._item(course, _object(reply), wanted)

    def _body(self, course: str, wanted: LineItem) -> dict[str, Any]:
        body: dict[str, Any] = {
            "name": wanted.label,
            "description": f"<p>Scores arrive here by themselves.<br>{mark_of(wanted)}</p>",
            "points_possible": wanted.score_maximum,
            "grading_type": "points",
            "submission_types": ["none"],
            "published": True,
        }
        if (
            len(next(self.api.all(f"courses/{course}/sections").pages(), [])) > 1
        ):  # the other sections are other classes
            own = {"course_section_id": int(self.section)}
            body |= {"only_visible_to_overrides": True, "assignment_overrides": [own]}
        return body

    def _item(self, course: str, told: Told, wanted: LineItem) -> LineItem:
        own = identifier(told.get("id"))
        if own is None:
            raise BadData("grades.unreadable", "Canvas's answer is no assignment.", "no id in it")
        self._columns[own] = told
        return wanted._replace(url=f"{self.api.base}/courses/{course}/assignments/{own}")

    def post_score(self, line_item_url: str, score: Score) -> Outcome:
        """Grade one student; a comment that stands there last already is not written again."""
        course, own, column = self._column(line_item_url)
        place = f"sections/{self.section}/assignments/{own}/submissions/{score.subject}"
        points = points_of(score, decimal(column.get("points_possible")))
        body: dict[str, Any] = {}
        if says_grade(score):
            body["submission"] = {"posted_grade": "" if points is None else f"{points:.12g}"}
        if score.comment:
            stands = self._submission(place)
            if _comment(stands) != score.comment:
                body["comment"] = {"text_comment": score.comment}
            elif says_grade(score) and _score(stands) == points:
                return "known"
        if body:
            reply = self.api.write("PUT", place, body)
            if reply.status == 404:
                raise refusal("grades.student_not_in_course", 404)
            if not reply.ok:
                raise self._refusal(course, reply, "grades.score_refused")
        return "recorded"

    def read_results(self, line_item_url: str, *, subject: str | None = None) -> Iterator[Result]:
        """Read what the section's students have."""
        _, own, column = self._column(line_item_url)
        listing = self.api.all(f"sections/{self.section}/assignments/{own}/submissions", query=_WITH_COMMENTS)
        for page in listing.pages():
            for told in page:
                user = identifier(told.get("user_id"))
                if user is not None and subject in (None, user) and (_score(told) is not None or _comment(told)):
                    yield Result(user, _score(told), decimal(column.get("points_possible")) or 1.0, _comment(told))

    def _column(self, url: str) -> tuple[str, str, Told]:
        numbers = number_at_end(url, ("courses", "assignments"))
        if numbers is None:
            raise column_gone()
        course, own = numbers
        if own not in self._columns:
            try:
                self._columns[own] = self.api.one(f"courses/{course}/assignments/{own}")
            except Gone:
                raise column_gone() from None
        return course, own, self._columns[own]

    def _course_id(self) -> str:
        if not self._course:
            try:
                told = self.api.one(f"sections/{self.section}")
            except Gone:
                raise refusal("grades.course_ended", "the section is gone") from None
            self._course = identifier(told.get("course_id")) or ""
        return self._course

    def _submission(self, place: str) -> Told:
        try:
            return self.api.one(f"{place}?{_WITH_COMMENTS}")
        except Gone:
            raise refusal("grades.student_not_in_course", 404) from None

    def _refusal(self, course: str, reply: Reply, otherwise: str) -> Refused:
        """Return what a refusal means: Canvas says of a concluded course, too, that nobody is authorized."""
        if says(reply, "insufficient scopes"):
            return refusal("grades.scope_missing", reply.status)
        if reply.status not in (401, 403):
            return refusal(otherwise, reply.status)
        told = self.api.one(f"courses/{course}?include[]=concluded")
        is_over = told.get("concluded") is True or told.get("workflow_state") in ("completed", "deleted")
        return refusal("grades.course_ended" if is_over else "grades.refused", reply.status)


def gradebook(context: Context[Any], class_id: str) -> SectionGradebook:
    """Return a section's gradebook. Raises Misconfigured (``canvas.rest_incomplete``)."""
    return SectionGradebook(Api(context, _ONCE), class_id)


def _object(reply: Reply) -> Told:
    answer = read_answer(reply, "assignments")
    return answer if isinstance(answer, Mapping) else {}


def _score(told: Told) -> float | None:
    """Return what was given, before a policy for late work took its part."""
    entered = told.get("entered_score")
    return decimal(told.get("score") if entered is None else entered)


def _comment(told: Told) -> str | None:
    comments = told.get("submission_comments")
    last = comments[-1] if isinstance(comments, list) and comments else None
    return text(last.get("comment")) if isinstance(last, Mapping) else None
