"""Canvas's gradebook: a score counts as an attempt unless it says otherwise, and a course's menu owns no link."""

from __future__ import annotations

from typing import Any, Final

from providers.contract import Score
from providers.kit.lti.ags import AssignmentsAndGrades

# https://canvas.instructure.com/doc/api/score.html
SUBMISSION: Final = "https://canvas.instructure.com/lti/submission"


def _extend(score: Score, body: dict[str, Any]) -> dict[str, Any]:
    """Without this Canvas makes a new submission of every score, and uses up the student's attempts."""
    told: dict[str, Any] = {"new_submission": score.is_attempt}
    if score.is_attempt and score.submitted_at is not None:
        told["submitted_at"] = body["submission"]["submittedAt"]
    return body | {SUBMISSION: told}


# A launch from the course navigation has the course itself as its link, and Canvas makes no line item for that
# (instructure/canvas-lms issue 1944).
GRADES = AssignmentsAndGrades(link_may_be_foreign=True, extend=_extend)
