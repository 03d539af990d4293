"""Grades in an LMS's gradebook: line items, scores, results, by a launch's service claim or by the roster's own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, Protocol

from providers.contract.context import Context
from providers.contract.lti_services import LtiService

ActivityProgress = Literal["Initialized", "Started", "InProgress", "Submitted", "Completed"]
GradingProgress = Literal["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"]
ACTIVITY_PROGRESS: Final = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING_PROGRESS: Final = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")


@dataclass(frozen=True, slots=True)
class GradesClaim:
    """What a launch said of the gradebook (AGS 3.1); `lineitems_url` None: no line items can be made."""

    scopes: tuple[str, ...] = ()
    lineitems_url: str | None = None
    lineitem_url: str | None = None


class LineItem(NamedTuple):
    """One column of the gradebook (AGS 3.2). `url` is its address, None while it is only wished for.

    `copied_from`: (resource_link_id, resource_id) of the columns in other courses that this one may be a copy of; an
    LMS's copy may still carry them. The id of a resource is None where the column was the link's own.
    """

    label: str
    score_maximum: float
    url: str | None = None
    resource_link_id: str | None = None
    resource_id: str | None = None
    tag: str | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    copied_from: tuple[tuple[str, str | None], ...] = ()


class Score(NamedTuple):
    """What is to be written for one student (AGS 3.4).

    `timestamp` is later than that of every earlier score of this student in this line item, by a millisecond at least,
    and stays the same when the score is sent again. `score_given` None clears the score. `is_attempt`: the student
    handed something in (some platforms then count an attempt); False: only the grade changes.
    """

    subject: str
    timestamp: datetime
    score_given: float | None
    score_maximum: float
    activity_progress: ActivityProgress = "Completed"
    grading_progress: GradingProgress = "FullyGraded"
    comment: str | None = None
    submitted_at: datetime | None = None
    is_attempt: bool = False


class Result(NamedTuple):
    """What the gradebook says now (AGS 3.3), a teacher's own changes included."""

    subject: str
    score: float | None
    maximum: float
    comment: str | None = None


Outcome = Literal["recorded", "known"]
"""`known`: the platform has this timestamp or a later one already, so an earlier try had reached it."""


class Grades(Protocol):
    """Capability: grades.

    Every call may raise Unavailable (``grades.unavailable``), Refused (``grades.refused``, ``grades.scope_missing``),
    Misconfigured (``grades.line_item_gone``), BadData (``grades.unreadable``) and what a token request raises.
    """

    def open_line_item(
        self, context: Context[Any], service: LtiService, claim: GradesClaim, wanted: LineItem
    ) -> LineItem:
        """Find the tool's own line item by its link, resource and tag, or make it; a copied course gets no double.

        Raises:
            Refused: ``grades.line_items_fixed`` when none is there and the platform lets us make none.
        """
        ...

    def line_items(
        self,
        context: Context[Any],
        service: LtiService,
        claim: GradesClaim,
        *,
        resource_link_id: str | None = None,
        resource_id: str | None = None,
        tag: str | None = None,
    ) -> Iterator[LineItem]:
        """Read the line items that this tool may see in the class."""
        ...

    def post_score(self, context: Context[Any], service: LtiService, line_item_url: str, score: Score) -> Outcome:
        """Write one score.

        Raises:
            Refused: ``grades.course_ended``, ``grades.student_not_in_course``, ``grades.attempts_used_up``,
                ``grades.score_refused``: the platform can't take this score.
        """
        ...

    def read_results(
        self, context: Context[Any], service: LtiService, line_item_url: str, *, subject: str | None = None
    ) -> Iterator[Result]:
        """Read what the gradebook says of one student, or of all."""
        ...


class ClassGradebook(Protocol):
    """One class's gradebook, as whoever sends grades uses it; it may remember within one run what it has read.

    It raises what `Grades` raises, and its scores' and results' `subject` is what whoever opened it calls people.
    """

    def open_line_item(self, wanted: LineItem) -> LineItem:
        """Find the column that was made for `wanted.resource_id`, or make it: never a second one."""
        ...

    def post_score(self, line_item_url: str, score: Score) -> Outcome:
        """Write one score; the same again changes nothing."""
        ...

    def read_results(self, line_item_url: str, *, subject: str | None = None) -> Iterator[Result]:
        """Read what the gradebook says of one student, or of all."""
        ...


class RosterGrades(Protocol):
    """Capability: grades of classes that the integration's own roster brought, with its own credentials; no launch.

    Its gradebooks raise what `Grades` raises, and ``rest.…`` where it is let in no more: such a score waits.
    """

    def is_set_up(self, settings: Any) -> bool:
        """Whether the settings hold the credentials."""
        ...

    def gradebook(self, context: Context[Any], class_id: str) -> ClassGradebook:
        """Return the gradebook of a class; ids of classes and people are those of the roster's records.

        Raises:
            Misconfigured: credentials are missing.
        """
        ...
