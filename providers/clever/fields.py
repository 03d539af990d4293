"""Reads fields of Clever's records: a blank text is none, and anything may be missing or of another shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from providers.contract import Fault
from providers.kit.oneroster.values import is_usable_id, read_liberal_date

_NOTHING: Final[Mapping[str, Any]] = {}


class Unreadable(Exception):
    """A record without what it must have; its fault was noted."""


class Fields:
    """One record. Faults name the record by its id, never by what is in it."""

    def __init__(self, record: Mapping[str, Any], kind: str, faults: list[Fault]) -> None:
        self.record, self._kind, self._faults = record, kind, faults

    def id(self, name: str = "id") -> str:
        """Return an id that must be there."""
        value = self.record.get(name)
        if isinstance(value, str) and is_usable_id(value):
            return value
        raise self.unreadable(name, "is missing or no usable id")

    def optional_id(self, name: str) -> str | None:
        """Return an id, None where there is none."""
        value = self.record.get(name)
        return value if isinstance(value, str) and is_usable_id(value) else None

    def ids(self, name: str) -> list[str]:
        """Return a list of ids, each once, in its order."""
        found = [each for each in self._list(name) if isinstance(each, str) and is_usable_id(each)]
        return list(dict.fromkeys(found))

    def text(self, name: str) -> str | None:
        """Return a text; a blank one is none, and a NUL, which no database keeps, goes."""
        value = self.record.get(name)
        return value.replace("\0", "").strip() or None if isinstance(value, str) else None

    def date(self, name: str) -> str | None:
        """Return a date."""
        text = self.text(name)
        return read_liberal_date(text) if text else None

    def within(self, name: str) -> Fields:
        """Return an object within the record; empty where there is none."""
        told = self.record.get(name)
        return Fields(told if isinstance(told, Mapping) else _NOTHING, self._kind, self._faults)

    def rows(self, name: str) -> list[Fields]:
        """Return a list of objects within the record."""
        rows = [each for each in self._list(name) if isinstance(each, Mapping)]
        return [Fields(each, self._kind, self._faults) for each in rows]

    def has(self, name: str) -> bool:
        """Return whether an object of that name is there."""
        return isinstance(self.record.get(name), Mapping)

    def _list(self, name: str) -> list[Any]:
        told = self.record.get(name)
        return told if isinstance(told, list) else []

    def unreadable(self, name: str, what: str) -> Unreadable:
        """Note a fault that leaves the record out, and return what to raise."""
        self._note(name, "clever.record_unreadable", what, is_skipped=True)
        return Unreadable()

    def warn(self, name: str, what: str) -> None:
        """Note a fault that leaves the record in."""
        self._note(name, "clever.field_odd", what, is_skipped=False)

    def _note(self, name: str, code: str, what: str, *, is_skipped: bool) -> None:
        where = self.record.get("id")
        place = f"/{self._kind}/{where}" if isinstance(where, str) else f"/{self._kind}"
        self._faults.append(Fault(place, None, name, code, f"{place}: {name} {what}.", is_skipped))
