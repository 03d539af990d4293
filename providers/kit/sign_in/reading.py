"""Reads what a provider says of a person: ids byte for byte, blank ones never, other fields only when they are text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.contract import Untrusted


def id_of(told: Mapping[str, Any], name: str, code: str) -> str:
    """Return an id, numbers as text. Raises Untrusted with `code` when there is none: a blank id is not an id."""
    value = told.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise Untrusted(code, "", f"{name} is missing or blank")
    return value


def optional_text(told: Mapping[str, Any], name: str) -> str | None:
    """Return a text, None for anything else and for blank ones."""
    value = told.get(name)
    return value.strip() or None if isinstance(value, str) and value.isprintable() else None


def named(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object within an object; empty when there is none."""
    value = told.get(name)
    return value if isinstance(value, Mapping) else {}
