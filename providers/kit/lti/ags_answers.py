"""What a gradebook's refusal means: each platform has words of its own, callers need one code they can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from providers.contract import BadData, Context, Failure, Misconfigured, Refused, Reply, Unavailable
from providers.kit.web_answers import is_overloaded, retry_after

MOST_READ: Final = 4000


class Refusal(NamedTuple):
    """One way of saying no: these statuses, and words in the answer (a pattern, case apart; "" for any)."""

    statuses: frozenset[int]
    words: str
    code: str


_CLIENT: Final = frozenset({400, 403, 404, 409, 412, 422})

# Seen in the wild, from several platforms; asked in this order.
REFUSALS: Final = (
    Refusal(frozenset({400, 409, 422}), r"timestamp.*(later|newer|older|before|after|already)", "grades.older"),
    Refusal(frozenset({409}), r"^(?!.*(user|student|course))", "grades.older"),
    Refusal(_CLIENT, r"(course|context|section|class|org).*(conclu|ended|closed|complete|past)", "grades.course_ended"),
    Refusal(_CLIENT, r"attempts?\b.*(exhaust|used|limit|exceed|max)|(no|max)\w* .*attempts", "grades.attempts_used_up"),
    Refusal(
        _CLIENT,
        r"(user|student|member|learner).*(not|n't|no longer|could not|does not|in)\b.*"
        r"(found|enrol|exist|active|member|course|gradable|graded)",
        "grades.student_not_in_course",
    ),
    Refusal(frozenset({403}), r"scope", "grades.scope_missing"),
    Refusal(frozenset({401, 403}), "", "grades.refused"),
    Refusal(frozenset({404, 410, 412}), "", "grades.line_item_gone"),
)

_MADE: Final[dict[str, Callable[[str], Failure]]] = {
    "grades.older": lambda detail: BadData("grades.older", "The LMS has a later score already.", detail),
    "grades.course_ended": lambda detail: Refused(
        "grades.course_ended", "The course has ended in the LMS, its gradebook takes nothing any more.", detail
    ),
    "grades.attempts_used_up": lambda detail: Refused(
        "grades.attempts_used_up", "The student has no attempt left in the LMS.", detail
    ),
    "grades.student_not_in_course": lambda detail: Refused(
        "grades.student_not_in_course", "The LMS has no such active student in this course.", detail
    ),
    "grades.scope_missing": lambda detail: Refused(
        "grades.scope_missing", "The LMS does not give this tool the right to do that with grades.", detail
    ),
    "grades.refused": lambda detail: Refused(
        "grades.refused", "The LMS does not let this tool into its gradebook: switch on grades for the tool.", detail
    ),
    "grades.line_item_gone": lambda detail: Misconfigured(
        "grades.line_item_gone", "The column is gone from the LMS's gradebook.", detail
    ),
    "grades.score_refused": lambda detail: Refused("grades.score_refused", "The LMS can't take this score.", detail),
    "grades.line_item_refused": lambda detail: Refused(
        "grades.line_item_refused", "The LMS can't make this column in its gradebook.", detail
    ),
}


def refusal_of(context: Context[Any], reply: Reply, refusals: Sequence[Refusal], otherwise: str) -> Failure:
    """Return the failure that an answer means. Its text is only looked at: it may name people, so no log gets it."""
    detail = f"status {reply.status}"
    if is_overloaded(reply):
        wait = retry_after(reply, context.now())
        return Unavailable("grades.unavailable", "The LMS's gradebook is busy or down.", detail, retry_after=wait)
    said = " ".join(reply.body[:MOST_READ].decode("utf-8", "replace").split())
    for refusal in refusals:
        if reply.status in refusal.statuses and re.search(refusal.words, said, re.IGNORECASE):
            return _MADE[refusal.code](detail)
    return _MADE[otherwise](detail)
