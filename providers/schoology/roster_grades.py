"""Schoology's gradebook by its REST interface, for classes that a roster brought: an assignment of the section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from providers.contract import BadData, Context, LineItem, Outcome, Refused, Reply, Result, Score, Unavailable
from providers.kit.rest.grading import (
    column_gone,
    is_marked,
    mark_of,
    number_at_end,
    points_of,
    refusal,
    says_grade,
)
from providers.kit.rest.links import with_parameters
from providers.kit.rest.values import decimal, flag, identifier, number, text
from providers.schoology.api import MANNERS, PAGE, Api, Gone, next_page, read_answer
from providers.schoology.settings import SchoologySettings

Told = Mapping[str, Any]
_ONCE: Final = replace(MANNERS, tries=1)
_ACTIVE, _ARCHIVED = 1, 5


def is_set_up(settings: SchoologySettings) -> bool:
    """Whether the settings hold the key."""
    return bool(settings.consumer_key and settings.consumer_secret)


@dataclass
class SectionGradebook:
    """A `ClassGradebook`. Grades hang on enrollments, so the section's members are read once in a run."""

    api: Api
    section: str
    _columns: dict[str, Told] = field(default_factory=dict)
    _enrollments: dict[str, Told] = field(default_factory=dict)  # uid -> a student's enrollment

    def open_line_item(self, wanted: LineItem) -> LineItem:
        """Find the assignment that bears our mark, or make it."""
        path = f"sections/{self.section}/assignments"
        try:
            for page in self.api.all(path, "assignment", is_counted=False).pages():
                for told in page:
                    if is_marked(told.get("description"), wanted):
                        return self._item(told, wanted)
        except Gone:
            raise refusal("grades.course_ended", "the section is gone") from None
        body = {
            "title": wanted.label,
            "description": f"Scores arrive here by themselves. {mark_of(wanted)}",
            "max_points": wanted.score_maximum,
            "type": "assignment",
            "allow_dropbox": 0,
            "allow_discussion": 0,
            "published": 1,
        }
        reply = self.api.write("POST", path, body)
        if not reply.ok:
            raise self._refusal(reply, "grades.line_item_refused")
        return self._item(read_answer(reply, path), wanted)

    def _item(self, told: Told, wanted: LineItem) -> LineItem:
        own = identifier(told.get("id"))
        if own is None:
            raise BadData("grades.unreadable", "Schoology's answer is no assignment.", "no id in it")
        self._columns[own] = told
        return wanted._replace(url=f"{self.api.base}/sections/{self.section}/assignments/{own}")

    def post_score(self, line_item_url: str, score: Score) -> Outcome:
        """Grade one student; what stands there is replaced, its comment as well."""
        own, column = self._column(line_item_url)
        enrollment = self._enrollment(score.subject)
        points = points_of(score, decimal(column.get("max_points")))
        grade: dict[str, Any] = {"type": "assignment", "assignment_id": int(own), "enrollment_id": enrollment}
        if says_grade(score):
            grade["grade"] = "" if points is None else points
        if score.comment:
            grade["comment"] = score.comment
        if len(grade) > 3:
            reply = self.api.write("PUT", f"sections/{self.section}/grades", {"grades": {"grade": [grade]}})
            if not reply.ok:
                raise self._refusal(reply, "grades.score_refused")
            _look_at_items(read_answer(reply, "grades"))
        return "recorded"

    def read_results(self, line_item_url: str, *, subject: str | None = None) -> Iterator[Result]:
        """Read what the section's students have."""
        own, column = self._column(line_item_url)
        people = {identifier(told.get("id")): uid for uid, told in self._members().items()}
        for told in self._grades(own):
            user, points = people.get(identifier(told.get("enrollment_id"))), decimal(told.get("grade"))
            comment = text(told.get("comment"))
            if user is not None and subject in (None, user) and (points is not None or comment):
                yield Result(user, points, decimal(column.get("max_points")) or 1.0, comment)

    def _grades(self, own: str) -> Iterator[Told]:
        base = f"{self.api.base}/sections/{self.section}/grades"
        url: str | None = with_parameters(base, assignment_id=own, start=0, limit=PAGE)
        while url is not None:
            answer = read_answer(self.api.asker.get(url), "grades")
            grades = answer.get("grades")
            found = grades.get("grade") if isinstance(grades, Mapping) else None
            page = [each for each in found or [] if isinstance(each, Mapping)]
            yield from page
            url = next_page(answer, url) if page else None

    def _column(self, url: str) -> tuple[str, Told]:
        numbers = number_at_end(url, ("sections", "assignments"))
        if numbers is None or numbers[0] != self.section:
            raise column_gone()
        own = numbers[1]
        if own not in self._columns:
            try:
                self._columns[own] = self.api.one(f"sections/{self.section}/assignments/{own}")
            except Gone:
                raise column_gone() from None
        return own, self._columns[own]

    def _enrollment(self, subject: str) -> str:
        told = self._members().get(subject, {})
        status = number(told.get("status"))
        own = identifier(told.get("id"))
        if own is None or status not in (_ACTIVE, _ARCHIVED):
            raise refusal("grades.student_not_in_course", f"status {status}")
        if status == _ARCHIVED:
            raise refusal("grades.course_ended", "the section is archived")
        return own

    def _members(self) -> Mapping[str, Told]:
        listing = self.api.all(f"sections/{self.section}/enrollments", "enrollment")
        try:
            for page in listing.pages() if not self._enrollments else ():
                for told in page:
                    if (uid := identifier(told.get("uid"))) and not flag(told.get("admin")):
                        self._enrollments[uid] = told
        except Gone:
            raise refusal("grades.course_ended", "the section is gone") from None
        return self._enrollments

    def _refusal(self, reply: Reply, otherwise: str) -> Refused:
        """Return what a refusal means: of a section that is over Schoology says, too, that this is forbidden."""
        if reply.status not in (401, 403):
            return refusal(otherwise, reply.status)
        section = self.api.one(f"sections/{self.section}")
        is_over = section.get("active") is not None and not flag(section.get("active"))
        return refusal("grades.course_ended" if is_over else "grades.refused", reply.status)


def gradebook(context: Context[Any], class_id: str) -> SectionGradebook:
    """Return a section's gradebook. Raises Misconfigured (``schoology.key_missing``)."""
    return SectionGradebook(Api(context, _ONCE), class_id)


def _look_at_items(answer: Any) -> None:
    """Look at the status of each item: Schoology answers 200 although one of them failed."""
    codes = list(_codes(answer))
    if any(code == 429 or code >= 500 for code in codes):
        raise Unavailable("rest.busy", "The provider has too much to do.", f"statuses {codes}")
    if any(code >= 400 for code in codes):
        raise refusal("grades.score_refused", f"statuses {codes}")


def _codes(value: Any) -> Iterator[int]:
    for each in value if isinstance(value, list) else value.values() if isinstance(value, Mapping) else ():
        yield from _codes(each)
    if isinstance(value, Mapping) and (code := number(value.get("response_code"))) is not None:
        yield code
