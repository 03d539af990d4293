"""Reads single values of vendors whose types wobble: the same id comes as a number here and as text there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any


def text(value: Any) -> str | None:
    """Return text that says something, trimmed; numbers as their digits; None for nothing at all."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    said = str(value).replace("\0", "").strip()
    return said or None


def identifier(value: Any) -> str | None:
    """Return an id as text; 0 and blank ones are vendors' words for "none"."""
    said = text(value)
    return None if said in (None, "0") else said


def number(value: Any) -> int | None:
    """Return a whole number, however it is written."""
    said = text(value)
    try:
        return None if said is None else int(said)
    except ValueError:
        return None


def decimal(value: Any) -> float | None:
    """Return a number that may have parts, however it is written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        read = float(value)
    except ValueError:
        return None
    return read if math.isfinite(read) else None


def flag(value: Any) -> bool:
    """Return a yes or no that may be written as a word, a number or a text of one."""
    return value is True or str(value).strip().lower() in {"1", "true", "yes"}


def identifiers(value: Any, *names: str) -> tuple[str, ...]:
    """Return the ids in a list, in text separated by commas, or in objects that hold them under one of `names`."""
    if isinstance(value, Mapping):
        value = value.get("id") or next((value[name] for name in names if name in value), None) or list(value.values())
    parts: Iterable[Any] = (
        value.split(",") if isinstance(value, str) else value if isinstance(value, list) else (value,)
    )
    told = [identifier(_own_id(part, names) if isinstance(part, Mapping) else part) for part in parts]
    return tuple(dict.fromkeys(each for each in told if each is not None))


def _own_id(part: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((part[name] for name in ("id", *names) if name in part), None)


def day(value: Any, *, after: int = 0) -> str | None:
    """Return the day of a date or moment as ISO 8601 has it, some days later where that is asked for."""
    said = text(value)
    try:
        return None if said is None else (date.fromisoformat(said[:10]) + timedelta(days=after)).isoformat()
    except (ValueError, OverflowError):
        return None
