"""Judges one cell's text by its column's shape: by the book, and liberally."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from providers.contract.roster import ACTIVE, TO_BE_DELETED
from providers.kit.oneroster import values, vocabulary
from providers.kit.oneroster.vocabulary import is_word


class Judged(NamedTuple):
    """What became of a text: its value, the code of what is odd about it, and whether it can't be used."""

    value: Any
    code: str | None = None
    is_bad: bool = False


Judge = Callable[[str], Judged]
_PAIR: Final = re.compile(r"\{[^{}:,]+:[^{}:,]+\}")
_LOOSE_PAIR: Final = re.compile(r"\{?([^{}:,]+):([^{},]+)\}?")
# OneRoster 1.0 and 1.1 let all user roles be roles in a class; 1.2 has four. An aide is the least of a class's staff.
_NEAREST_ENROLLMENT_ROLE: Final = {"aide": "proctor"}
_NEAREST_ROLE: Final = {vocabulary.ADMINISTRATOR: "siteAdministrator"}


def _text(text: str) -> Judged:
    return Judged(text)


def _kept(is_fine: Callable[[str], bool], code: str) -> Judge:
    """Return a judge that keeps fine texts as they are."""
    return lambda text: Judged(text) if is_fine(text) else Judged(None, code, True)


def _read(read: Callable[[str], Any], code: str) -> Judge:
    def judge(text: str) -> Judged:
        value = read(text)
        return Judged(None, code, True) if value is None else Judged(value)

    return judge


def _or_else(strict: Judge, read: Callable[[str], Any], form: str) -> Judge:
    """Return a judge that reads liberally, with the code `form`, what `strict` has refused."""

    def judge(text: str) -> Judged:
        judged = strict(text)
        if not judged.is_bad:
            return judged
        value = read(text)
        return judged if value is None else Judged(value, form)

    return judge


def _word(words: frozenset[str]) -> Judge:
    return _kept(lambda text: is_word(text, words), "csv.word")


def _plain_word(words: frozenset[str]) -> Judge:
    return _kept(words.__contains__, "csv.word")


def _liberal_word(words: frozenset[str], nearest: Mapping[str, str] | None = None, other: str | None = None) -> Judge:
    """Return a judge that knows words in any case, those that become another one, and what stands for all others."""
    known = {word.lower(): word for word in words}

    def judge(text: str) -> Judged:
        plain = text.strip()
        word = known.get(plain.lower())
        if is_word(text, words):
            return Judged(text)
        if word is not None:
            return Judged(word, "csv.word_case")
        near = (nearest or {}).get(plain.lower(), other)
        return Judged(None, "csv.word", True) if near is None else Judged(near, "csv.word_other")

    return judge


def _list(text: str) -> Judged:
    items = tuple(text.split(","))
    return Judged(items, "csv.list", True) if "" in items else Judged(items)


def _liberal_list(text: str) -> Judged:
    given = text.split(",")
    items = tuple(item.strip() for item in given if item.strip())
    return Judged(items, None if len(items) == len(given) else "csv.list")


def _guids(text: str) -> Judged:
    items = _list(text)
    return items if items.is_bad or all(map(values.is_guid, items.value)) else Judged(None, "csv.guid", True)


def _liberal_guids(text: str) -> Judged:
    items = _liberal_list(text)
    if not all(map(values.is_usable_id, items.value)):
        return Judged(None, "csv.id_unusable", True)
    return items if all(map(values.is_guid, items.value)) else Judged(items.value, "csv.guid")


def _liberal_guid(text: str) -> Judged:
    if values.is_guid(text):
        return Judged(text)
    return Judged(text, "csv.guid") if values.is_usable_id(text) else Judged(None, "csv.id_unusable", True)


def _pairs(code: str) -> Judge:
    def judge(text: str) -> Judged:
        items = text.split(",")
        if not all(_PAIR.fullmatch(item) for item in items):
            return Judged(None, code, True)
        return Judged(tuple(tuple(item[1:-1].split(":")) for item in items))

    return judge


def _liberal_user_ids(text: str) -> Judged:
    judged = _pairs("csv.user_ids")(text)
    if not judged.is_bad:
        return judged
    found = [_LOOSE_PAIR.fullmatch(item.strip()) for item in text.split(",")]
    return Judged(tuple((pair[1].strip(), pair[2].strip()) for pair in found if pair), "csv.user_ids")


def _liberal_date_time(text: str) -> Judged:
    """Nothing depends on this moment, so nothing is refused for it."""
    return Judged(text, None if values.is_date_time(text) else "csv.date_time")


def _status(is_delta: bool) -> Judge:
    if not is_delta:
        return lambda _text: Judged(None, "csv.bulk_status", True)
    word = _plain_word(vocabulary.STATUSES)

    def judge(text: str) -> Judged:
        return Judged(None, "csv.status", True) if word(text).is_bad else Judged(text)

    return judge


def _liberal_status(is_delta: bool) -> Judge:
    def judge(text: str) -> Judged:
        status = values.read_liberal_status(text)
        if status is None:
            return Judged(ACTIVE, "csv.status")
        if status == TO_BE_DELETED and text.strip().lower() == "inactive":
            return Judged(status, "csv.status_inactive")
        return Judged(
            status, None if is_delta and text == status else "csv.bulk_status" if not is_delta else "csv.word_case"
        )

    return judge


_date = _read(values.read_date, "csv.date")
_boolean = _read(values.read_boolean, "csv.boolean")
_year = _kept(values.is_year, "csv.year")
_WORDS: Final[dict[str, frozenset[str]]] = {
    "orgType": vocabulary.ORG_TYPES,
    "sessionType": vocabulary.SESSION_TYPES,
    "role": vocabulary.ROLES,
    "role1": vocabulary.ROLES_1_1,
    "enrollmentRole": vocabulary.ENROLLMENT_ROLES,
    "classType": vocabulary.CLASS_TYPES,
    "sex": vocabulary.SEXES,
    "sex1": vocabulary.SEXES_1_1,
    "scoreStatus": vocabulary.SCORE_STATUSES,
    "objectiveSource": vocabulary.OBJECTIVE_SOURCES,
}
_STRICT: Final[dict[str, Judge]] = {
    "text": _text,
    "guid": _kept(values.is_guid, "csv.guid"),
    "guids": _guids,
    "list": _list,
    "date": _date,
    "dateTime": _kept(values.is_date_time, "csv.date_time"),
    "year": _year,
    "boolean": _boolean,
    "integer": _kept(values.is_integer, "csv.integer"),
    "float": _kept(values.is_float, "csv.float"),
    "userIds": _pairs("csv.user_ids"),
    "pairs": _pairs("csv.pairs"),
    "roleType": _plain_word(vocabulary.ROLE_TYPES),
    "importance": _plain_word(vocabulary.IMPORTANCES),
    "resourceRoles": lambda text: (
        _list(text)
        if all(is_word(item, vocabulary.ROLES_1_1) for item in text.split(",") if item)
        else Judged(None, "csv.word", True)
    ),
    **{shape: _word(words) for shape, words in _WORDS.items()},
}
_LIBERAL: Final[dict[str, Judge]] = _STRICT | {
    "guid": _liberal_guid,
    "guids": _liberal_guids,
    "list": _liberal_list,
    "date": _or_else(_date, values.read_liberal_date, "csv.date_form"),
    "dateTime": _liberal_date_time,
    "boolean": _or_else(_boolean, values.read_liberal_boolean, "csv.boolean_form"),
    "userIds": _liberal_user_ids,
    **{shape: _liberal_word(words) for shape, words in _WORDS.items()},
    "role": _liberal_word(vocabulary.ROLES, _NEAREST_ROLE),
    "enrollmentRole": _liberal_word(vocabulary.ENROLLMENT_ROLES, _NEAREST_ENROLLMENT_ROLE),
    "classType": _liberal_word(vocabulary.CLASS_TYPES, other="scheduled"),
    "roleType": _liberal_word(vocabulary.ROLE_TYPES, other="secondary"),
}


def judge_of(shape: str, *, is_strict: bool, is_delta: bool) -> Judge:
    """Return what judges texts of a shape; blank ones are not asked about."""
    if shape == "status":
        return (_status if is_strict else _liberal_status)(is_delta)
    if shape == "dateTime" and is_strict and not is_delta:
        return _status(is_delta)  # dateLastModified too must stay blank in a bulk file
    return (_STRICT if is_strict else _LIBERAL)[shape]
