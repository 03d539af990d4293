"""The shapes of OneRoster's values, by the book and as systems in schools really write them.

A function here returns the value, or None when the text is none; the caller knows where it stood and what to say.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from providers.contract.roster import ACTIVE, TO_BE_DELETED

# 1.2 CSV binding, GUID; 1.1 is the same. Ids of 1.1 and 1.2 REST servers hold anything, so only strict mode asks.
GUID: Final = re.compile(r"[0-9A-Za-z._/@-]{1,255}")
LONGEST_ID: Final = 255
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_FLOAT: Final = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})([eE][+-]?\d{1,3})?", re.ASCII)

_BOOLEANS: Final = {"true": True, "false": False}
_LIBERAL_BOOLEANS: Final = _BOOLEANS | {"1": True, "0": False, "yes": True, "no": False, "y": True, "n": False}
_LIBERAL_STATUSES: Final = {"": ACTIVE, ACTIVE: ACTIVE, TO_BE_DELETED: TO_BE_DELETED, "inactive": TO_BE_DELETED}


def is_guid(text: str) -> bool:
    """Return whether an id has the form of the specification."""
    return GUID.fullmatch(text) is not None


def is_usable_id(text: str) -> bool:
    """Return whether an id can be kept and compared byte for byte: not blank, not endless, nothing invisible in it."""
    return 0 < len(text) <= LONGEST_ID and text.isprintable() and not text[0].isspace() and not text[-1].isspace()


def read_date(text: str) -> str | None:
    """Return a date of the form 2026-08-31 that the calendar has."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def read_liberal_date(text: str) -> str | None:
    """Return the date of a date or of a moment; 8/9/2026 is none, as nobody knows which part is the month."""
    return read_date(text[:10]) if len(text) == 10 or text[10:11] in {"T", " "} else None


def is_date_time(text: str) -> bool:
    """Return whether text is a moment of the form 2026-08-31T07:15:00.000Z: three digits of a second, and UTC."""
    return _DATE_TIME.fullmatch(text) is not None and _is_moment(text)


def is_liberal_date_time(text: str) -> bool:
    """Return whether text is a moment or a date that can be understood at all."""
    return _is_moment(text.strip())


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_year(text: str) -> bool:
    """Return whether text is a year of four digits."""
    return _YEAR.fullmatch(text) is not None


def is_integer(text: str) -> bool:
    """Return whether text is a whole number."""
    return _INTEGER.fullmatch(text) is not None


def is_float(text: str) -> bool:
    """Return whether text is a finite number."""
    return _FLOAT.fullmatch(text) is not None


def read_boolean(text: str) -> bool | None:
    """Return the truth of `true` or `false`, as both bindings write it: lower-case words."""
    return _BOOLEANS.get(text)


def read_liberal_boolean(text: str) -> bool | None:
    """Return the truth of whatever systems write instead: True, TRUE, 1, yes."""
    return _LIBERAL_BOOLEANS.get(text.strip().lower())


def read_liberal_status(text: str) -> str | None:
    """Return the status of a record: blank means active, 1.0's `inactive` that it may be deleted."""
    return _LIBERAL_STATUSES.get(text.strip().lower())
