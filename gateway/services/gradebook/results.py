"""Puts results, and with each what its LMS must be told, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from gateway.services.gradebook.line_items import check_scale, reference_unknown
from gateway.services.gradebook.shapes import ResultAsked
from gateway.store import Connection
from gateway.store.applications import Application
from gateway.store.gradebook import WITHDRAWN, Row, own_row, put_row
from gateway.store.grades import LineItemRow, add_score, find_line_item, score_with, was_enrolled
from gateway.store.outbox import FAILED, KEPT
from providers.contract import BadData, Refused

FUTURE: Final = timedelta(days=1)


class Put(NamedTuple):
    """A result that was put: whether it is new, the class whose scores are to be sent, and a score to send again."""

    is_new: bool
    wake: str | None = None
    again: int | None = None


class _Sending(NamedTuple):
    score_id: int | None
    is_added: bool = False
    again: int | None = None


def put_result(connection: Connection, application: Application, id: str, asked: ResultAsked, at: datetime) -> Put:
    """Make or replace a result. What its LMS knows already is not sent twice (attack H9).

    Raises:
        Refused: ``gradebook.line_item_not_yours`` (attack H7).
        BadData: ``gradebook.student_not_in_class``, ``gradebook.result_moved``, ``gradebook.date_in_future``,
            ``gradebook.reference_unknown``.
    """
    item = find_line_item(connection, application.id, asked.line_item_id)
    if item is None or not application.may_see(item.tenant_id):
        raise Refused("gradebook.line_item_not_yours", "There is no such line item of this application.")
    known = own_row(connection, "results", application.id, id)
    _check(connection, application, item, asked, known, at)
    sending = _sending(connection, item, asked, id, known, at)
    key = {
        "application_id": application.id,
        "sourced_id": id,
        "tenant_id": item.tenant_id,
        "line_item_id": item.id,
        "class_sourced_id": item.class_sourced_id,
        "user_sourced_id": asked.student_id,
    }
    day = (asked.scored_at or (known and known["created_at"]) or at).date()
    put_row(connection, "results", known, key, {**asked.columns, "score_date": day, "score_id": sending.score_id}, at)
    return Put(known is None, item.class_sourced_id if sending.is_added else None, sending.again)


def _check(
    connection: Connection,
    application: Application,
    item: LineItemRow,
    asked: ResultAsked,
    known: Row | None,
    at: datetime,
) -> None:
    if asked.scored_at is not None and asked.scored_at > at + FUTURE:
        raise BadData("gradebook.date_in_future", "The score's date lies in the future.")
    if asked.class_id not in {None, item.class_sourced_id}:
        raise reference_unknown("class")
    check_scale(connection, application, asked.columns["score_scale"], item.class_sourced_id)
    if known is not None and (known["line_item_id"], known["user_sourced_id"]) != (item.id, asked.student_id):
        raise BadData("gradebook.result_moved", "A result stays with its student and line item.")
    if known is None and not was_enrolled(connection, item.tenant_id, item.class_sourced_id, asked.student_id):
        raise BadData("gradebook.student_not_in_class", "There is no such student in the line item's class.")


def _sending(
    connection: Connection, item: LineItemRow, asked: ResultAsked, id: str, known: Row | None, at: datetime
) -> _Sending:
    """Put into the outbox what is new for the LMS; the same again wakes a score that failed or was kept."""
    if not asked.is_for_lms:
        return _Sending(None)
    score = _for_lms(asked, id)
    last = None if known is None or known["score_id"] is None else score_with(connection, known["score_id"])
    if (
        last is not None
        and last.state != WITHDRAWN
        and all(getattr(last, name) == told for name, told in score.items())
    ):
        return _Sending(last.id, again=last.id if last.state in {FAILED, KEPT} else None)
    return _Sending(add_score(connection, item, score, at), is_added=True)


def _for_lms(asked: ResultAsked, id: str) -> dict[str, Any]:
    """Return a score's columns. Who did not hand in or is excused has no points, whatever the result says."""
    status = asked.columns["score_status"]
    return {
        "result_id": id,
        "user_sourced_id": asked.student_id,
        "score": None if status in {"not submitted", "exempt"} else asked.columns["score"],
        "score_status": status,
        "comment": asked.columns["comment"],
        "scored_at": asked.scored_at,
    }
