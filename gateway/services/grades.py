"""Line items and results as an application hands them in, in OneRoster Gradebook's words, and on to the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from gateway.services.grade_sending import WORK
from gateway.services.grade_shapes import LineItemAsked, ResultAsked, line_item_document, result_document
from gateway.services.jobs import Jobs
from gateway.store import Connection, Store
from gateway.store.applications import Application
from gateway.store.grades import (
    LineItemRow,
    add_line_item,
    add_score,
    change_line_item,
    class_tenant,
    find_line_item,
    is_link_of,
    line_item_with,
    newest_score,
    was_enrolled,
)
from gateway.store.outbox import resend
from gateway.store.people import Collision
from providers.contract import BadData, Misconfigured, Refused, Unavailable

TRIES: Final = 20
FUTURE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gradebook:
    """The verbs behind the gradebook's addresses. Thread-safe."""

    store: Store
    jobs: Jobs
    now: Callable[[], datetime]

    def put_line_item(self, application: Application, sourced_id: str, asked: LineItemAsked) -> None:
        """Make or change one of the application's own line items.

        Raises:
            Refused: ``gradebook.class_not_yours`` (attack H7).
            BadData: ``gradebook.link_not_in_class``, ``gradebook.class_fixed``.
        """
        self._repeated(lambda connection: self._put_line_item(connection, application, sourced_id, asked))

    def _put_line_item(
        self, connection: Connection, application: Application, sourced_id: str, asked: LineItemAsked
    ) -> None:
        tenant_id = class_tenant(connection, asked.class_id)
        if tenant_id is None or not application.may_see(tenant_id):
            raise Refused("gradebook.class_not_yours", "There is no such class for this application.")
        link = asked.resource_link_id
        if link is not None and not is_link_of(connection, tenant_id, asked.class_id, link):
            raise BadData("gradebook.link_not_in_class", "The resource link is none of this class.")
        known = find_line_item(connection, application.id, sourced_id)
        if known is None:
            values = {
                "tenant_id": tenant_id,
                "application_id": application.id,
                "sourced_id": sourced_id,
                "class_sourced_id": asked.class_id,
                "resource_link_row_id": link,
                "title": asked.title,
                "score_maximum": asked.score_maximum,
            }
            return add_line_item(connection, values, self.now())
        if known.class_sourced_id != asked.class_id or (link is not None and known.resource_link_row_id != link):
            raise BadData("gradebook.class_fixed", "A line item stays with its class and link.")
        told = {"title": asked.title, "score_maximum": asked.score_maximum}
        if told != {"title": known.title, "score_maximum": known.score_maximum}:
            change_line_item(connection, known.id, told, self.now())
        return None

    def line_item(self, application: Application, sourced_id: str) -> dict[str, Any]:
        """Return one of the application's own line items. Raises Misconfigured (``gradebook.unknown``)."""
        with self.store.statements() as connection:
            found = find_line_item(connection, application.id, sourced_id)
        if found is None:
            raise _unknown()
        return line_item_document(found)

    def put_result(self, application: Application, sourced_id: str, asked: ResultAsked) -> None:
        """Hand in a score. The same again changes nothing (attack H9); another one is sent after it, in order.

        Raises:
            Refused: ``gradebook.line_item_not_yours`` (attack H7).
            BadData: ``gradebook.student_not_in_class``, ``gradebook.result_moved``, ``gradebook.date_in_future``.
        """
        item = self._repeated(lambda connection: self._put_result(connection, application, sourced_id, asked))
        if item is not None:
            wake(self.jobs, item.class_sourced_id, sooner=False)

    def _put_result(
        self, connection: Connection, application: Application, sourced_id: str, asked: ResultAsked
    ) -> LineItemRow | None:
        item = find_line_item(connection, application.id, asked.line_item_id)
        if item is None or not application.may_see(item.tenant_id):
            raise Refused("gradebook.line_item_not_yours", "There is no such line item of this application.")
        if asked.scored_at is not None and asked.scored_at > self.now() + FUTURE:
            raise BadData("gradebook.date_in_future", "The score's date lies in the future.")
        last = newest_score(connection, application.id, sourced_id)
        if last is not None and (last.line_item_id, last.user_sourced_id) != (item.id, asked.student_id):
            raise BadData("gradebook.result_moved", "A result stays with its student and line item.")
        if last is not None and asked.is_told_by(last):
            return None
        if not was_enrolled(connection, item.tenant_id, item.class_sourced_id, asked.student_id):
            raise BadData("gradebook.student_not_in_class", "There is no such student in the line item's class.")
        add_score(connection, item, asked.columns(sourced_id), self.now())
        return item

    def result(self, application: Application, sourced_id: str) -> dict[str, Any]:
        """Return a result with what became of its score. Raises Misconfigured (``gradebook.unknown``)."""
        with self.store.statements() as connection:
            found = newest_score(connection, application.id, sourced_id)
            item = None if found is None else line_item_with(connection, found.line_item_id)
        if found is None or item is None:
            raise _unknown()
        return result_document(found, item)

    def resend(self, *, ids: list[int], reason: str | None = None) -> int:
        """Send ended scores again; return how many classes have some."""
        again = resend(self.store, ids=ids, reason=reason, now=self.now())
        for class_id in again:
            wake(self.jobs, class_id)
        return len(again)

    def _repeated(self, put: Callable[[Connection], Any]) -> Any:
        """Write in one transaction; two that collide take turns."""
        for _ in range(TRIES):
            try:
                with self.store.transaction() as connection:
                    return put(connection)
            except Collision:
                continue
        raise Unavailable("gradebook.busy", "Too many scores of one student at once. Please try again.")


def wake(jobs: Jobs, class_id: str, *, sooner: bool = True) -> None:
    """Ask a worker to send what a class has in the outbox."""
    jobs.enqueue(WORK, {"class": class_id}, key=f"{WORK}:{class_id}", sooner=sooner)


def _unknown() -> Misconfigured:
    return Misconfigured("gradebook.unknown", "There is no such object of this application.")
