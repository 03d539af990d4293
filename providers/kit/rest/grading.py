"""What gradebooks behind REST interfaces have in common: a mark that finds our columns, and scores to scale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from providers.contract import Failure, LineItem, Misconfigured, Refused, Reply, Score

_MOST_READ: Final = 4000
MARK: Final = "Schoolgate column"


def mark_of(wanted: LineItem) -> str:
    """Return the line of a description by which a column is known again, whatever people make of its title."""
    return f"{MARK} {wanted.resource_id}"


def is_marked(description: Any, wanted: LineItem) -> bool:
    """Return whether a column is the wanted one."""
    return (
        isinstance(description, str) and re.search(rf"{re.escape(mark_of(wanted))}(?![\w-])", description) is not None
    )


def points_of(score: Score, maximum: float | None) -> float | None:
    """Return the score in the column's own points, which a teacher may change; None: nothing is to stand there."""
    if score.score_given is None:
        return None
    scaled = (
        score.score_given
        if maximum in (None, score.score_maximum)
        else score.score_given * maximum / score.score_maximum
    )
    return round(scaled, 6)


def says_grade(score: Score) -> bool:
    """Return whether a score changes what stands in the gradebook: what was only handed in has no word here."""
    return score.score_given is not None or score.grading_progress == "NotReady"


def says(reply: Reply, words: str) -> bool:
    """Return whether an answer's text says so. It may name people, so no log gets it."""
    return re.search(words, reply.body[:_MOST_READ].decode("utf-8", "replace"), re.IGNORECASE) is not None


_SENTENCES: Final = {
    "grades.course_ended": "The course has ended in the LMS, its gradebook takes nothing any more.",
    "grades.student_not_in_course": "The LMS has no such active student in this course.",
    "grades.scope_missing": "The key lacks a scope that grades need.",
    "grades.refused": "The LMS does not let this key's owner write grades.",
    "grades.score_refused": "The LMS can't take this score.",
    "grades.line_item_refused": "The LMS can't make this column in its gradebook.",
}


def refusal(code: str, detail: str | int) -> Refused:
    """Return the failure of a code that gradebooks share."""
    return Refused(code, _SENTENCES[code], f"status {detail}" if isinstance(detail, int) else detail)


def column_gone() -> Failure:
    """Return what it means that a column is not there."""
    return Misconfigured("grades.line_item_gone", "The column is gone from the LMS's gradebook.")


def number_at_end(url: str, names: Sequence[str]) -> list[str] | None:
    """Return the numbers behind `names` in an address's path; None where they do not stand there."""
    found = re.search("/".join(rf"{name}/(\d+)" for name in names) + "$", url)
    return None if found is None else list(found.groups())
