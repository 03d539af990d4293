"""Reads the members of what an application puts, one by one; each refusal names the member."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec

from gateway.services.oneroster.grade_documents import SENDING
from providers.contract import BadData

LONGEST_ID: Final = 255
LONGEST_TEXT: Final = 4000
MOST_METADATA: Final = 8000


def bad(why: str) -> BadData:
    """Return the failure of a body that can't be taken."""
    return BadData("gradebook.unreadable", f"The gradebook can't read this: {why}.")


def members(value: Any, name: str) -> dict[str, Any]:
    """Return an object's members."""
    if not isinstance(value, dict):
        raise bad(f"{name} is not an object")
    return value


def enveloped(body: Any, name: str, id: str) -> dict[str, Any]:
    """Return the one object of a PUT's body; the id that it names must be that of the address."""
    found = members(members(body, "the body").get(name), name)
    if found.get("sourcedId", id) != id:
        raise bad("sourcedId is not that of the address")
    if found.get("status", "active") != "active":
        raise bad("status must be active; DELETE takes an object away")
    return found


def listed(body: Any, name: str) -> list[dict[str, Any]]:
    """Return the objects of a POST's body."""
    found = members(body, "the body").get(name)
    if not isinstance(found, list) or not found:
        raise bad(f"{name} is not a list of objects")
    return [members(each, name) for each in found]


def sourced_id(value: Any, name: str = "sourcedId") -> str:
    """Return an id."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID or not value.isprintable():
        raise bad(f"{name} is no id")
    return value


def reference(value: Any, name: str) -> str:
    """Return the id that a reference names; the rest of it is ours to complete."""
    return sourced_id(members(value, name).get("sourcedId"), name)


def maybe_reference(value: Any, name: str) -> str | None:
    """Return the id that a reference names, if there is one."""
    return None if value is None else reference(value, name)


def text(value: Any, name: str) -> str:
    """Return text with something in it."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT or "\0" in value:
        raise bad(f"{name} is no text of at most {LONGEST_TEXT} characters")
    return value


def maybe_text(value: Any, name: str) -> str | None:
    """Return text; none at all is the same as empty."""
    return None if value in {None, ""} else text(value, name)


def number(value: Any, name: str) -> float | None:
    """Return a number, if there is one: finite, and none that means nothing as points."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e9:
        raise bad(f"{name} is no number")
    return float(value)


def truth(value: Any, name: str) -> bool | None:
    """Return true or false, as OneRoster writes it or as JSON does."""
    known = {None: None, "true": True, "false": False, True: True, False: False}
    if not isinstance(value, str | bool | None) or value not in known:
        raise bad(f"{name} must be true or false")
    return known[value]


def moment(value: Any, name: str) -> datetime | None:
    """Return a time, if there is one; a date is its first moment."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) == 10:
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise bad(f"{name} is no date") from None


def shaped(value: Any, shape: type, name: str) -> Any:
    """Return a part whose shape msgspec knows, as JSON again; None stays None."""
    if value is None:
        return None
    try:
        return msgspec.to_builtins(msgspec.convert(value, shape))
    except msgspec.ValidationError as fault:  # it names the member and what it may be, never what was sent
        raise bad(f"{name}: {fault}") from None


def metadata(value: Any, *ours: str) -> dict[str, Any] | None:
    """Return what the application keeps with an object, without what we write there ourselves."""
    if value is None:
        return None
    kept = {name: each for name, each in members(value, "metadata").items() if not name.startswith((SENDING, *ours))}
    if len(json.dumps(kept)) > MOST_METADATA:
        raise bad(f"metadata has more than {MOST_METADATA} characters")
    return kept or None
