"""Makes the staged row of a record: fields as the columns want them, and one number that stands for its content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from providers.contract import (
    AcademicSessionRecord,
    ClassRecord,
    CourseRecord,
    EnrollmentRecord,
    Kind,
    OrgRecord,
    RoleRecord,
    UserRecord,
)

VERSION: Final = 1  # of the rows below: another makes every record count as changed
_SHORT: Final = 16
_WORD: Final = 32
_MOST_REMEMBERED: Final = 10_000

_packed = msgspec.msgpack.Encoder().encode
_json = msgspec.json.Encoder().encode


class Unusable(Exception):
    """This record can't be stored: `column` says where, `code` and `message` why. The message quotes nothing.

    `is_lost`: not even its id can be used.
    """

    def __init__(self, column: str, code: str, message: str, *, is_lost: bool = False) -> None:
        super().__init__(code)
        self.column, self.code, self.message, self.is_lost = column, code, message, is_lost


def content_hash(source_id: str, values: Sequence[Any]) -> int:
    """Return 62 bits of BLAKE2b over the values; the two bits left over leave room to add to it.

    Raises Unusable for what no database keeps as text.
    """
    try:
        packed = _packed((VERSION, source_id, *values))
    except UnicodeEncodeError:
        is_lost = not source_id.isprintable()  # a lone half of a surrogate pair never is
        raise Unusable("", "record.not_text", "A field holds signs that are not text.", is_lost=is_lost) from None
    if b"\0" in packed and any("\0" in value for value in (source_id, *values) if isinstance(value, str)):
        raise Unusable("", "record.not_text", "A field holds the sign NUL.", is_lost="\0" in source_id)
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "big") >> 2


def _needed(value: str | None, column: str) -> str:
    if not value:
        raise Unusable(column, "record.incomplete", f"{column} is empty.")
    return value


_words: set[tuple[str, int]] = set()


def _word(value: str | None, column: str, most: int = _WORD) -> str:
    """Return a word of a vocabulary; those seen before are known to fit."""
    text = _needed(value, column)
    if (text, most) not in _words:
        if len(text) > most:
            raise Unusable(column, "record.too_long", f"{column} is longer than {most} characters.")
        if len(_words) < _MOST_REMEMBERED:
            _words.add((text, most))
    return text


_dates: dict[str, str] = {}


def _date(value: str | None, column: str) -> str | None:
    if not value:
        return None
    known = _dates.get(value)
    if known is None:
        try:
            known = date.fromisoformat(value).isoformat()
        except ValueError:
            raise Unusable(column, "record.date_invalid", f"{column} is not a date like 2026-08-31.") from None
        if len(_dates) < _MOST_REMEMBERED:
            _dates[value] = known
    return known


def _needed_date(value: str | None, column: str) -> str | None:
    return _date(_needed(value, column), column)


def _list(values: Sequence[Any]) -> str | None:
    return _json(values).decode() if values else None


def _org(record: OrgRecord) -> tuple[Any, ...]:
    return (
        _needed(record.name, "name"),
        _word(record.type, "type"),
        record.identifier or None,
        record.parent_id or None,
    )


def _academic_session(record: AcademicSessionRecord) -> tuple[Any, ...]:
    return (
        _needed(record.title, "title"),
        _word(record.type, "type"),
        _needed_date(record.start_date, "startDate"),
        _needed_date(record.end_date, "endDate"),
        _word(record.school_year, "schoolYear", _SHORT) if record.school_year else None,
        record.parent_id or None,
        record.org_id or None,
    )


def _course(record: CourseRecord) -> tuple[Any, ...]:
    return (
        _needed(record.title, "title"),
        record.course_code or None,
        _list(record.grades),
        _list(record.subjects),
        _list(record.subject_codes),
        record.school_year_id or None,
        record.org_id or None,
    )


def _class(record: ClassRecord) -> tuple[Any, ...]:
    return (
        record.title or None,
        record.class_code or None,
        _word(record.class_type or "scheduled", "classType"),
        record.location or None,
        _list(record.grades),
        _list(record.subjects),
        _list(record.subject_codes),
        _list(record.periods),
        _needed(record.school_id, "schoolSourcedId"),
        record.course_id or None,
        _list(record.term_ids),
    )


def _user(record: UserRecord) -> tuple[Any, ...]:
    return (
        record.given_name or None,
        record.family_name or None,
        record.middle_name or None,
        record.username or None,
        record.email or None,
        record.identifier or None,
        record.user_master_identifier or None,
        record.enabled_user,
        record.preferred_given_name or None,
        record.preferred_middle_name or None,
        record.preferred_family_name or None,
        record.pronouns or None,
        record.phone or None,
        record.sms or None,
        _list(record.grades),
        _list(record.agent_ids),
        _list(record.user_ids),
        record.primary_org_id or None,
    )


def _role(record: RoleRecord) -> tuple[Any, ...]:
    return (
        _word(record.role, "role"),
        _word(record.role_type or "secondary", "roleType", _SHORT),
        _date(record.begin_date, "beginDate"),
        _date(record.end_date, "endDate"),
        _needed(record.user_id, "userSourcedId"),
        _needed(record.org_id, "orgSourcedId"),
    )


def _enrollment(record: EnrollmentRecord) -> tuple[Any, ...]:
    return (
        _word(record.role, "role"),
        record.primary,
        _date(record.begin_date, "beginDate"),
        _date(record.end_date, "endDate"),
        _needed(record.user_id, "userSourcedId"),
        _needed(record.class_id, "classSourcedId"),
        record.school_id or None,
    )


# Each returns the staged values: the shape's fields, then the ids its references name, in the shape's order.
VALUES: Final[Mapping[Kind, Callable[[Any], tuple[Any, ...]]]] = {
    "orgs": _org,
    "academicSessions": _academic_session,
    "courses": _course,
    "classes": _class,
    "users": _user,
    "roles": _role,
    "enrollments": _enrollment,
}
