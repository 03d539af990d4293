"""A result as LMSs are told of it: OneRoster's words for its state, and LTI's."""

from __future__ import annotations

from typing import Final

from gateway.store.grades import LineItemRow, ScoreRow
from providers.contract import ActivityProgress, GradingProgress, Score

# OneRoster's scoreStatus -> LTI's activity and grading progress (AGS 3.4).
STATUSES: Final[dict[str, tuple[ActivityProgress, GradingProgress]]] = {
    "fully graded": ("Completed", "FullyGraded"),
    "partially graded": ("Completed", "PendingManual"),
    "submitted": ("Submitted", "Pending"),
    "not submitted": ("Initialized", "NotReady"),
    "exempt": ("Initialized", "NotReady"),
}


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
