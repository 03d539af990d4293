"""OneRoster's collections: which rows belong to each, and which of them lie within another object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, exists, false, or_, select
from sqlalchemy import literal_column as constant

from gateway.store.tables import (
    academic_sessions,
    class_academic_sessions,
    classes,
    courses,
    enrollments,
    grade_categories,
    line_items,
    orgs,
    results,
    roles,
    score_scales,
    users,
)


class Collection(NamedTuple):
    """A collection: the kind of its objects, their table, and what makes a row one of them."""

    kind: str
    table: Table
    condition: ColumnElement[bool] | None = None

    @property
    def is_own(self) -> bool:
        """Whether applications make these objects, each its own, and see no other's (attack H7)."""
        return "application_id" in self.table.c


def _any(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(constant("1")).where(*conditions))


def _holds(table: Table, role: str) -> ColumnElement[bool]:
    """A row of this user that counts: of who has left, those that were."""
    counts = or_(table.c.status == "active", users.c.status != "active")
    return and_(table.c.user_sourced_id == users.c.sourced_id, table.c.role == role, counts)


def _is(role: str) -> ColumnElement[bool]:
    return or_(_any(_holds(roles, role)), _any(_holds(enrollments, role)))


COLLECTIONS: Final[Mapping[str, Collection]] = {
    "academicSessions": Collection("academicSessions", academic_sessions),
    "terms": Collection("academicSessions", academic_sessions, academic_sessions.c.type == "term"),
    "gradingPeriods": Collection("academicSessions", academic_sessions, academic_sessions.c.type == "gradingPeriod"),
    "orgs": Collection("orgs", orgs),
    "schools": Collection("orgs", orgs, orgs.c.type == "school"),
    "courses": Collection("courses", courses),
    "classes": Collection("classes", classes),
    "users": Collection("users", users),
    "students": Collection("users", users, _is("student")),
    "teachers": Collection("users", users, _is("teacher")),
    "enrollments": Collection("enrollments", enrollments),
    "demographics": Collection("demographics", users, false()),  # nobody's demographics are kept
    "resources": Collection("resources", courses, false()),  # nor anybody's resources
    "members": Collection("users", users),
    "roles": Collection("roles", roles),
    "categories": Collection("categories", grade_categories),
    "lineItems": Collection("lineItems", line_items, line_items.c.status == "active"),
    "results": Collection("results", results),
    "scoreScales": Collection("scoreScales", score_scales),
}

_link, _e = class_academic_sessions.c, enrollments.c
_ENROLLED = (_e.class_sourced_id == classes.c.sourced_id, _e.status == "active")


def _at_school(role: str) -> Callable[[str], ColumnElement[bool]]:
    def within(school: str) -> ColumnElement[bool]:
        has_role = _any(_holds(roles, role), roles.c.org_sourced_id == school)
        return or_(has_role, _any(_holds(enrollments, role), _e.school_sourced_id == school))

    return within


def _in_class(role: str) -> Callable[[str], ColumnElement[bool]]:
    return lambda id: _any(
        _e.user_sourced_id == users.c.sourced_id, _e.role == role, _e.status == "active", _e.class_sourced_id == id
    )


def _classes_of(role: str | None) -> Callable[[str], ColumnElement[bool]]:
    told: list[Any] = [] if role is None else [_e.role == role]
    return lambda id: _any(*_ENROLLED, _e.user_sourced_id == id, *told)


def _terms_of(school: str) -> ColumnElement[bool]:
    """Sessions often name no org: then those count in which the school has a class."""
    used = and_(
        _link.academic_session_sourced_id == academic_sessions.c.sourced_id,
        _link.class_sourced_id == classes.c.sourced_id,
        classes.c.school_sourced_id == school,
    )
    return or_(academic_sessions.c.org_sourced_id == school, _any(used))


def _courses_of(school: str) -> ColumnElement[bool]:
    """A district's course counts at each school that has a class of it."""
    used = and_(classes.c.course_sourced_id == courses.c.sourced_id, classes.c.school_sourced_id == school)
    return or_(courses.c.org_sourced_id == school, _any(used))


_USED = and_(
    line_items.c.application_id == grade_categories.c.application_id,
    line_items.c.category == grade_categories.c.sourced_id,
    line_items.c.status == "active",
)

# (outer collection, inner collection) -> what makes a row of the inner one lie within the outer's object.
WITHIN: Final[Mapping[tuple[str, str], Callable[[str], ColumnElement[bool]]]] = {
    ("classes", "students"): _in_class("student"),
    ("classes", "teachers"): _in_class("teacher"),
    ("classes", "enrollments"): lambda id: _e.class_sourced_id == id,
    ("courses", "classes"): lambda id: classes.c.course_sourced_id == id,
    ("schools", "classes"): lambda id: classes.c.school_sourced_id == id,
    ("schools", "courses"): _courses_of,
    ("schools", "enrollments"): lambda id: _e.school_sourced_id == id,
    ("schools", "students"): _at_school("student"),
    ("schools", "teachers"): _at_school("teacher"),
    ("schools", "terms"): _terms_of,
    ("students", "classes"): _classes_of("student"),
    ("teachers", "classes"): _classes_of("teacher"),
    ("users", "classes"): _classes_of(None),
    ("terms", "classes"): lambda id: _any(
        _link.class_sourced_id == classes.c.sourced_id, _link.academic_session_sourced_id == id
    ),
    ("terms", "gradingPeriods"): lambda id: academic_sessions.c.parent_sourced_id == id,
    ("classes", "academicSessions"): lambda id: _any(
        _link.class_sourced_id == id,
        _link.academic_session_sourced_id.in_(
            [academic_sessions.c.sourced_id, academic_sessions.c.parent_sourced_id],
        ),
    ),
    **{(outer, "resources"): lambda _: false() for outer in ("classes", "courses", "users")},
    ("classes", "members"): lambda id: _any(_e.user_sourced_id == users.c.sourced_id, _e.class_sourced_id == id),
    ("classes", "categories"): lambda id: _any(_USED, line_items.c.class_sourced_id == id),
    ("classes", "lineItems"): lambda id: line_items.c.class_sourced_id == id,
    ("classes", "results"): lambda id: results.c.class_sourced_id == id,
    ("classes", "scoreScales"): lambda id: score_scales.c.class_sourced_id == id,
    ("schools", "scoreScales"): lambda id: _any(
        classes.c.sourced_id == score_scales.c.class_sourced_id, classes.c.school_sourced_id == id
    ),
    ("lineItems", "results"): lambda id: _any(
        line_items.c.id == results.c.line_item_id, line_items.c.sourced_id == id, line_items.c.status == "active"
    ),
    ("members", "results"): lambda id: results.c.user_sourced_id == id,
}
