"""How each kind of record lies in its table: which fields it fills and which other records it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Table

from gateway.store.tables import academic_sessions, classes, courses, enrollments, orgs, roles, users
from providers.contract import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Reference:
    """A record names another: `named` is the source's id in staging, `column` ours in the table.

    One that must be there takes its record along when it is not; any other is left empty.
    """

    named: str
    kind: Kind
    column: str
    must_exist: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind: `fields` are staged and stored under the same name; `school` is the reference that tells the school.

    `is_owned`: the row says which roster owns it; `is_told`: it says that a roster told it.
    """

    kind: Kind
    table: Table
    fields: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    school: Reference | None = None
    is_owned: bool = False
    is_told: bool = False

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The references without which a record is nothing."""
        return tuple(each for each in self.references if each.must_exist)

    @property
    def optional(self) -> tuple[Reference, ...]:
        """The references that may be empty."""
        return tuple(each for each in self.references if not each.must_exist)


_SCHOOL = Reference("school_id", "orgs", "school_sourced_id", must_exist=True)
_MAY_SCHOOL = Reference("school_id", "orgs", "school_sourced_id")
_ROLE_ORG = Reference("org_id", "orgs", "org_sourced_id", must_exist=True)
_ORG = Reference("org_id", "orgs", "org_sourced_id")
_PRIMARY_ORG = Reference("primary_org_id", "orgs", "primary_org_sourced_id")
_USER = Reference("user_id", "users", "user_sourced_id", must_exist=True)

_SHAPES: Final = (
    Shape("orgs", orgs, ("name", "type", "identifier"), (Reference("parent_id", "orgs", "parent_sourced_id"),)),
    Shape(
        "academicSessions",
        academic_sessions,
        ("title", "type", "start_date", "end_date", "school_year"),
        (Reference("parent_id", "academicSessions", "parent_sourced_id"), _ORG),
        _ORG,
    ),
    Shape(
        "courses",
        courses,
        ("title", "course_code", "grades", "subjects", "subject_codes"),
        (Reference("school_year_id", "academicSessions", "school_year_sourced_id"), _ORG),
        _ORG,
    ),
    Shape(
        "classes",
        classes,
        ("title", "class_code", "class_type", "location", "grades", "subjects", "subject_codes", "periods"),
        (_SCHOOL, Reference("course_id", "courses", "course_sourced_id")),
        _SCHOOL,
        is_owned=True,
    ),
    Shape(
        "users",
        users,
        (
            *("given_name", "family_name", "middle_name", "username", "email", "identifier"),
            *("user_master_identifier", "enabled_user", "preferred_given_name", "preferred_middle_name"),
            *("preferred_family_name", "pronouns", "phone", "sms", "grades", "agent_source_ids", "user_ids"),
        ),
        (_PRIMARY_ORG,),
        _PRIMARY_ORG,
        is_owned=True,
    ),
    Shape("roles", roles, ("role", "role_type", "begin_date", "end_date"), (_USER, _ROLE_ORG), _ROLE_ORG, is_told=True),
    Shape(
        "enrollments",
        enrollments,
        ("role", "primary_teacher", "begin_date", "end_date"),
        (_USER, Reference("class_id", "classes", "class_sourced_id", must_exist=True), _MAY_SCHOOL),
        _MAY_SCHOOL,
        is_told=True,
    ),
)

SHAPES: Final[Mapping[Kind, Shape]] = {shape.kind: shape for shape in _SHAPES}
assert tuple(SHAPES) == KINDS
# A line may tell of one of each: in OneRoster 1.1 a user's tells of their roles too.
SHARE_LINES: Final[tuple[Kind, ...]] = ("users", "roles")
