"""Sends a class's scores to its LMS: each student's in order, with pauses while it is down, each to a known end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gateway.services.grade_shapes import score_of
from gateway.services.grade_ways import ROSTER, GradeWays, Places, Way
from gateway.services.job_runs import pause_after
from gateway.services.jobs import Job, Jobs
from gateway.store import Store
from gateway.store.copies import origins_of_item
from gateway.store.grades import LineItemRow
from gateway.store.outbox import (
    FAILED,
    KEPT,
    SENT,
    Due,
    classes_with_due,
    due_scores,
    next_due,
    pause_class,
    postpone,
    set_url,
    settle,
)
from providers.contract import Failure, LineItem, Misconfigured, Unavailable

WORK: Final = "grades.send"
SWEEP: Final = "grades.sweep"
SWEEP_SECONDS: Final = 60
MOST_AT_ONCE: Final = 50
FAILURES_IN_A_ROW: Final = 3  # then the LMS is taken for down
LONGEST_PAUSE: Final = 120.0  # so an LMS that comes back is noticed soon
A_PERSONS_PAUSE: Final = 3600.0  # a setting must change first
GIVE_UP: Final = timedelta(days=7)


@dataclass(slots=True)
class _Run:
    """What one run has found out: ways by line item, and how many calls in a row brought nothing."""

    ways: dict[str, Way | Failure] = field(default_factory=dict)
    places: Places = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    misses: int = 0


def _draw() -> float:
    return secrets.randbelow(1000) / 1000


@dataclass(frozen=True, slots=True)
class GradeSending:
    """The outbox's worker. Thread-safe; of each class one job sends at a time."""

    store: Store
    jobs: Jobs
    ways: GradeWays
    now: Callable[[], datetime]
    lot: Callable[[], float] = _draw

    def sweep(self, _job: Job) -> None:
        """Wake what no job remembers: scores whose class's job gave up or was lost."""
        for class_id in classes_with_due(self.store, now=self.now(), most=500):
            self.jobs.enqueue(WORK, {"class": class_id}, key=f"{WORK}:{class_id}", sooner=False)

    def work(self, job: Job) -> float | None:
        """Send what a class has; return after how many seconds there is more to do."""
        class_id, run = str(job.args["class"]), _Run()
        while not job.is_stopping():
            due = due_scores(self.store, class_id, now=self.now(), most=MOST_AT_ONCE)
            if not due:
                later = next_due(self.store, class_id)
                return None if later is None else max((later - self.now()).total_seconds(), 0.1)
            for each in due:
                pause = self._send(each, run)
                if run.misses >= FAILURES_IN_A_ROW:
                    pause_class(self.store, class_id, self.now() + timedelta(seconds=pause))
                    return pause
                if job.is_stopping():
                    break
        return 0

    def _send(self, due: Due, run: _Run) -> float:
        """Send one score and note its end; return the pause that a failure asks for."""
        score, item = due
        try:
            outcome_reason = self._post(due, run)
        except Unavailable as failure:
            run.misses += 1
            return self._later(due, failure.code, self._pause(due, failure))
        except Failure as failure:
            run.misses = 0
            if failure.code.startswith("grades."):
                is_kept = failure.code == "grades.no_gradebook"
                settle(self.store, score.id, KEPT if is_kept else FAILED, reason=failure.code, at=self.now())
                return 0
            run.ways.pop(item.id, None)
            return self._later(due, failure.code, A_PERSONS_PAUSE)
        run.misses = 0
        settle(self.store, score.id, SENT, reason=outcome_reason, at=self.now())
        return 0

    def _later(self, due: Due, code: str, pause: float) -> float:
        now = self.now()
        if now - due.score.created_at > GIVE_UP:
            settle(self.store, due.score.id, FAILED, reason=code, at=now)
        else:
            postpone(self.store, due.score.id, reason=code, due_at=now + timedelta(seconds=pause))
        return pause

    def _pause(self, due: Due, failure: Unavailable) -> float:
        own = min(pause_after(due.score.attempts + 1, self.lot()), LONGEST_PAUSE)
        return max(own, min(failure.retry_after or 0, A_PERSONS_PAUSE))

    def _post(self, due: Due, run: _Run) -> str | None:
        way = self._way(due.item, run)
        subject = way.subject(self.store, due.score.user_sourced_id)
        if subject is None:
            raise Misconfigured("grades.student_unknown_to_lms", "The student did not come from this class's LMS.")
        score = score_of(due.score, due.item, subject)
        url = self._url(due.item, way, run)
        try:
            outcome = way.gradebook.post_score(url, score)
        except Misconfigured as failure:
            if failure.code != "grades.line_item_gone" or due.item.url is None:
                raise
            run.urls.pop(due.item.id, None)  # deleted by a teacher: found or made once more
            set_url(self.store, due.item.id, None)
            url = self._url(due.item._replace(url=None), way, run)
            outcome = way.gradebook.post_score(url, score)
        return None if outcome == "recorded" else "grades.known_already"

    def _url(self, item: LineItemRow, way: Way, run: _Run) -> str:
        known = run.urls.get(item.id) or item.url
        if known is not None:
            return known
        link_id = None if way.link is None else way.link.resource_link_id
        own = None if way.link is not None and way.link.line_item_url else item.sourced_id
        own = (
            item.id if way.kind == ROSTER else own
        )  # its columns tell no tool from another, so no application's own id
        wanted = LineItem(item.title, item.score_maximum, resource_link_id=link_id, resource_id=own)
        if way.link is not None and way.kind != ROSTER:
            wanted = wanted._replace(copied_from=origins_of_item(self.store, item))
        opened = way.gradebook.open_line_item(wanted)
        url = str(opened.url)
        set_url(self.store, item.id, url, way.kind)
        run.urls[item.id] = url
        return url

    def _way(self, item: LineItemRow, run: _Run) -> Way:
        found = run.ways.get(item.id)
        if found is None:
            try:
                found = self.ways.find(item, run.places)
            except Failure as failure:
                found = failure
            run.ways[item.id] = found
        if isinstance(found, Failure):
            raise found
        return found
