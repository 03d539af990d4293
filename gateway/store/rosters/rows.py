"""Makes staged rows of records: fields as the columns want them, and one number that stands for a record's content.

A batch is made column by column, which costs a fraction; one with anything unusable is made record by record, so that
the others of it lose nothing. Both follow the same rules, those of `_RULES`.
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any, Final, NamedTuple

import msgspec

from gateway.store.rosters.shapes import SHAPES
from providers.contract import Kind
from providers.contract.roster import RECORD_OF

VERSION: Final = 1  # of the rows below: another makes every record count as changed
_SHORT: Final = 16
_WORD: Final = 32
_MOST_REMEMBERED: Final = 10_000
_LONGEST_SHORT_LIST: Final = 15  # in MessagePack

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


def content_hashes(source_ids: Sequence[str], columns: Sequence[Sequence[Any]]) -> list[int] | None:
    """Return the content hash of each row of these columns, or None where a row has to be looked at by itself."""
    try:
        packed = [_packed(row) for row in zip(repeat(VERSION), source_ids, *columns)]
    except UnicodeEncodeError:
        return None
    zeros = len(packed) if len(columns) + 2 > _LONGEST_SHORT_LIST else 0  # in the head of each longer list
    if b"".join(packed).count(b"\0") != zeros:
        return None
    hashes = array("Q", b"".join([hashlib.blake2b(each, digest_size=8).digest() for each in packed]))
    if sys.byteorder == "little":
        hashes.byteswap()
    return [each >> 2 for each in hashes]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What becomes of a field: `one` makes the column's value of a record's, or raises Unusable.

    `fine` tells of a batch's values that `one` would leave them all as they are. `empties`: it makes None of any blank.
    `repeats`: few of a batch's values are different, so that each is made once.
    """

    one: Callable[[Any, str], Any]
    fine: Callable[[Sequence[Any]], bool] | None = None
    empties: bool = False
    repeats: bool = False

    def many(self, values: Sequence[Any], name: str) -> Sequence[Any]:
        """Return the column's values for those of a batch's records."""
        if self.fine is not None and self.fine(values):
            return values
        if self.empties and not any(values):
            return [None] * len(values)
        if not self.repeats:
            return [self.one(value, name) for value in values]
        made = {value: self.one(value, name) for value in set(values)}
        return [made[value] for value in values]


def _is(value: Any, _name: str) -> Any:
    return value


def _optional(value: str | None, _name: str) -> str | None:
    return value or None


def _needed(value: str | None, name: str) -> str:
    if not value:
        raise Unusable(name, "record.incomplete", f"{name} is empty.")
    return value


_words: set[tuple[str, int]] = set()


def _word_of(most: int, blank: str | None = None) -> Callable[[str | None, str], str]:
    """Return what reads a word of a vocabulary; those seen before are known to fit."""

    def word(value: str | None, name: str) -> str:
        text = _needed(value or blank, name)
        if (text, most) not in _words:
            if len(text) > most:
                raise Unusable(name, "record.too_long", f"{name} is longer than {most} characters.")
            if len(_words) < _MOST_REMEMBERED:
                _words.add((text, most))
        return text

    return word


_short = _word_of(_SHORT)


def _optional_short(value: str | None, name: str) -> str | None:
    return _short(value, name) if value else None


_dates: dict[str, str] = {}


def _date(value: str | None, name: str) -> str | None:
    if not value:
        return None
    known = _dates.get(value)
    if known is None:
        try:
            known = date.fromisoformat(value).isoformat()
        except ValueError:
            raise Unusable(name, "record.date_invalid", f"{name} is not a date like 2026-08-31.") from None
        if len(_dates) < _MOST_REMEMBERED:
            _dates[value] = known
    return known


def _needed_date(value: str | None, name: str) -> str | None:
    return _date(_needed(value, name), name)


def _list(values: Sequence[Any], name: str) -> str | None:
    if not values:
        return None
    try:
        text = _json(values).decode()
    except UnicodeEncodeError:
        raise Unusable(name, "record.not_text", f"{name} holds signs that are not text.") from None
    if "\\u0000" in text and any("\0" in part for value in values for part in value):
        raise Unusable(name, "record.not_text", f"{name} holds the sign NUL.")
    return text


_IS = _Rule(_is, fine=lambda _values: True)
_OPTIONAL = _Rule(_optional, fine=lambda values: "" not in values)
_NEEDED = _Rule(_needed, fine=all)
_LIST = _Rule(_list, empties=True)
_LISTS = _Rule(_list, empties=True, repeats=True)
_DATE = _Rule(_date, empties=True, repeats=True)
_NEEDED_DATE = _Rule(_needed_date, repeats=True)
_A_WORD = _Rule(_word_of(_WORD), repeats=True)

# By the field's name in the record, where it is more than a text that may be blank.
_RULES: Final[Mapping[Kind, Mapping[str, _Rule]]] = {
    "orgs": {"name": _NEEDED, "type": _A_WORD},
    "academicSessions": {
        **{"title": _NEEDED, "type": _A_WORD, "start_date": _NEEDED_DATE, "end_date": _NEEDED_DATE},
        "school_year": _Rule(_optional_short, empties=True, repeats=True),
    },
    "courses": {"title": _NEEDED, **dict.fromkeys(("grades", "subjects", "subject_codes"), _LISTS)},
    "classes": {
        **dict.fromkeys(("grades", "subjects", "subject_codes", "periods", "term_ids"), _LISTS),
        "class_type": _Rule(_word_of(_WORD, "scheduled"), repeats=True),
        "school_id": _NEEDED,
    },
    "users": {"enabled_user": _IS, "grades": _LISTS, "agent_ids": _LIST, "user_ids": _LIST},
    "roles": {
        **{"role": _A_WORD, "role_type": _Rule(_word_of(_SHORT, "secondary"), repeats=True)},
        **{"begin_date": _DATE, "end_date": _DATE, "user_id": _NEEDED, "org_id": _NEEDED},
    },
    "enrollments": {
        **{"role": _A_WORD, "primary": _IS, "begin_date": _DATE, "end_date": _DATE},
        **{"user_id": _NEEDED, "class_id": _NEEDED},
    },
}
# Staged columns whose field of the record has another name, and fields that OneRoster calls otherwise (in faults).
_FIELD_OF: Final = {"primary_teacher": "primary", "agent_source_ids": "agent_ids"}
_NAMES: Final = {
    **{"start_date": "startDate", "end_date": "endDate", "begin_date": "beginDate", "school_year": "schoolYear"},
    **{"class_type": "classType", "role_type": "roleType", "school_id": "schoolSourcedId"},
    **{"user_id": "userSourcedId", "org_id": "orgSourcedId", "class_id": "classSourcedId"},
}


class _Field(NamedTuple):
    """Where a staged column comes from: the field's place in the record, its rule, its name in OneRoster."""

    place: int
    rule: _Rule
    name: str


def _fields(kind: Kind) -> tuple[_Field, ...]:
    fields = RECORD_OF[kind]._fields
    names = [_FIELD_OF.get(name, name) for name in staged_columns(kind)]
    return tuple(
        _Field(fields.index(name), _RULES[kind].get(name, _OPTIONAL), _NAMES.get(name, name)) for name in names
    )


def staged_columns(kind: Kind) -> list[str]:
    """Return the columns of a kind's staged values: the shape's fields, then the ids that its references name."""
    shape = SHAPES[kind]
    named = [reference.named for reference in shape.references]
    return [*shape.fields, *named, *(["term_ids"] if kind == "classes" else [])]


_FIELDS: Final[Mapping[Kind, tuple[_Field, ...]]] = {kind: _fields(kind) for kind in SHAPES}


def values_of(kind: Kind, record: Sequence[Any]) -> tuple[Any, ...]:
    """Return a record's staged values. Raises Unusable."""
    return tuple([rule.one(record[place], name) for place, rule, name in _FIELDS[kind]])


def columns_of(kind: Kind, columns: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return the staged values of records, by column, of their fields by column. Raises Unusable for any of them."""
    return [rule.many(columns[place], name) for place, rule, name in _FIELDS[kind]]
