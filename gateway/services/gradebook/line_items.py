"""Puts and takes away line items, and what they name: categories and score scales."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.services.gradebook.shapes import GENERAL, LineItemAsked, read_category, read_score_scale
from gateway.store import Connection
from gateway.store.applications import Application
from gateway.store.gradebook import (
    OwnKind,
    Row,
    are_sessions,
    class_row,
    delete_row,
    ensure_category,
    is_used,
    own_row,
    put_row,
    refer_to,
)
from gateway.store.grades import is_link_of
from providers.contract import BadData


def put_category(connection: Connection, application: Application, id: str, told: dict[str, Any], at: datetime) -> bool:
    """Make or replace a category; return whether it is new."""
    known = own_row(connection, "categories", application.id, id)
    key = {"application_id": application.id, "sourced_id": id}
    put_row(connection, "categories", known, key, read_category(told), at)
    return known is None


def put_score_scale(
    connection: Connection, application: Application, id: str, told: dict[str, Any], at: datetime
) -> bool:
    """Make or replace a score scale; return whether it is new. Raises BadData (``gradebook.class_not_yours``)."""
    columns = read_score_scale(told)
    place = seen_class(connection, application, columns["class_sourced_id"])
    known = own_row(connection, "scoreScales", application.id, id)
    key = {"application_id": application.id, "sourced_id": id}
    put_row(connection, "scoreScales", known, key, {**columns, "tenant_id": place["tenant_id"]}, at)
    return known is None


def put_line_item(
    connection: Connection, application: Application, id: str, asked: LineItemAsked, at: datetime
) -> bool:
    """Make or replace a line item; return whether it is new.

    Raises:
        BadData: ``gradebook.class_not_yours``, ``gradebook.link_not_in_class``, ``gradebook.class_fixed``,
            ``gradebook.reference_unknown``.
    """
    place, link = seen_class(connection, application, asked.class_id), asked.resource_link_id
    if asked.school_id not in {None, place["school_sourced_id"]}:
        raise reference_unknown("school")
    if link is not None and not is_link_of(connection, place["tenant_id"], asked.class_id, link):
        raise BadData("gradebook.link_not_in_class", "The resource link is none of this class.")
    _check_references(connection, application, place["tenant_id"], asked, at)
    known = own_row(connection, "lineItems", application.id, id)
    key = {"application_id": application.id, "sourced_id": id, "tenant_id": place["tenant_id"]}
    told = {"class_sourced_id": asked.class_id, "resource_link_row_id": link, **asked.columns}
    if known is not None:
        if known["class_sourced_id"] != asked.class_id or (link is not None and known["resource_link_row_id"] != link):
            raise BadData("gradebook.class_fixed", "A line item stays with its class and link.")
        told["resource_link_row_id"] = known["resource_link_row_id"]
    put_row(connection, "lineItems", known, key, told, at)
    return known is None or known["status"] != "active"


def delete_named(connection: Connection, application: Application, kind: OwnKind, id: str) -> bool:
    """Delete a category or score scale; return whether it was there. Raises BadData (``gradebook.in_use``)."""
    if not delete_row(connection, kind, application.id, id):
        return False
    if is_used(connection, kind, application.id, id):
        raise BadData("gradebook.in_use", "It is still named by a line item or a result: delete or change these first.")
    return True


def seen_class(connection: Connection, application: Application, class_id: str) -> Row:
    """Return a class's tenant and school. Raises BadData (``gradebook.class_not_yours``), also for another tenant's."""
    found = class_row(connection, class_id)
    if found is None or not application.may_see(found["tenant_id"]):
        raise BadData("gradebook.class_not_yours", "There is no such class for this application.")
    return found


def reference_unknown(name: str) -> BadData:
    """Return the failure of a reference that leads nowhere, or to somebody else's object."""
    return BadData("gradebook.reference_unknown", f"{name} names nothing that fits here.")


def _check_references(
    connection: Connection, application: Application, tenant_id: str, asked: LineItemAsked, at: datetime
) -> None:
    category, scale = asked.columns["category"], asked.columns["score_scale"]
    if category == GENERAL:
        ensure_category(connection, application.id, GENERAL, "General", at)
    if refer_to(connection, "categories", application.id, category) is None:
        raise reference_unknown("category")
    check_scale(connection, application, scale, asked.class_id)
    named = {asked.columns[f"{each}_sourced_id"] for each in ("grading_period", "academic_session")} - {None}
    if named and not are_sessions(connection, tenant_id, named):
        raise reference_unknown("gradingPeriod or academicSession")


def check_scale(connection: Connection, application: Application, scale: str | None, class_id: str) -> None:
    """Raise BadData (``gradebook.reference_unknown``) unless this is no score scale, or one of the class."""
    found = None if scale is None else refer_to(connection, "scoreScales", application.id, scale)
    if scale is not None and (found is None or found["class_sourced_id"] != class_id):
        raise reference_unknown("scoreScale")
