"""Makes ids: time-ordered UUIDs for rows, short references that a person can read over the telephone."""

from __future__ import annotations

import secrets

from uuid_utils import uuid7

_READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U
_PAIRS = [first + second for first in _READABLE for second in _READABLE]  # two at a time: one is drawn every launch
_LENGTH = 10


def new_id() -> str:
    """Return a new row id: a version 7 UUID in text form, so that neighbours in time are neighbours on disk."""
    return str(uuid7())


def new_ids(number: int) -> list[str]:
    """Return so many new row ids at a tenth of the price: the first is drawn, the others count up from it."""
    first = new_id()
    start = int(first[24:], 16) >> 1  # room to count
    return [f"{first[:24]}{each:012x}" for each in range(start, start + number)]


def new_reference() -> str:
    """Return a new launch reference, for example `7K3QX-9RT2M`: 49 bits, no letters that look alike."""
    number = secrets.randbelow(len(_PAIRS) ** (_LENGTH // 2))
    drawn = ""
    for _ in range(_LENGTH // 2):
        number, pair = divmod(number, len(_PAIRS))
        drawn += _PAIRS[pair]
    return f"{drawn[:5]}-{drawn[5:]}"


def read_reference(text: str) -> str:
    """Return a reference as it is stored, from what a person typed (any case, with or without the dash)."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return f"{letters[:5]}-{letters[5:]}"
