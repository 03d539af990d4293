"""Reads one JSON record's members as they really come, and notes what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from providers.contract import Fault
from providers.contract.roster import ACTIVE
from providers.kit.oneroster.values import is_usable_id, read_liberal_boolean, read_liberal_date, read_liberal_status
from providers.kit.oneroster.vocabulary import EXTENSION

_LONGEST_WORD = 32


class Unreadable(Exception):
    """The record lacks something it can't be kept without; the fault is noted."""


class Fields:
    """One record. `path` says where it came from, for a person: ``/users/1042``. Values are never quoted in faults."""

    def __init__(self, record: Mapping[str, Any], path: str, faults: list[Fault]) -> None:
        self._record, self._path, self._faults = record, path, faults

    def note(self, column: str, code: str, message: str, *, is_skipped: bool = False) -> None:
        """Note a fault of this record."""
        self._faults.append(Fault(self._path, None, column, f"oneroster.{code}", message, is_skipped))

    def skip(self, column: str, code: str, message: str) -> Unreadable:
        """Note that this record is left out, and return what to raise."""
        self.note(column, code, message, is_skipped=True)
        return Unreadable()

    def has(self, name: str) -> bool:
        """Return whether the member says anything."""
        return self._record.get(name) not in (None, "", [], {})

    def text(self, name: str) -> str | None:
        """Return a text; numbers are taken as text, blank is nothing."""
        value = self._record.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            return value.strip() or None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self.note(name, "not_text", "is not a text; it was left empty")
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; a single text and one with commas are taken for a list."""
        value = self._record.get(name)
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list):
            return ()
        return tuple(text for part in parts if isinstance(part, str | int) and (text := str(part).strip()))

    def boolean(self, name: str, default: bool) -> bool:
        """Return a truth however it is written."""
        value = self._record.get(name)
        if value in (None, ""):
            return default
        read = read_liberal_boolean(str(value))
        if read is None:
            self.note(name, "not_boolean", f"is neither true nor false; {str(default).lower()} was taken")
        return default if read is None else read

    def date(self, name: str) -> str | None:
        """Return a date (2026-08-31), also of a moment."""
        text = self.text(name)
        read = read_liberal_date(text) if text else None
        if text and read is None:
            self.note(name, "not_date", "is not a date; it was left empty")
        return read

    def status(self) -> str:
        """Return `active` or `tobedeleted`; what says neither is active, since nobody disappears by accident."""
        if self._record.get("status") == ACTIVE:
            return ACTIVE
        text = self.text("status") or ""
        read = read_liberal_status(text)
        if read is None:
            self.note("status", "status_unknown", "is neither active nor tobedeleted; active was taken")
        return read or ACTIVE

    def word(self, name: str, words: Collection[str], default: str | None = None) -> str | None:
        """Return a word of an enumeration in its own spelling; unknown ones and `ext:` stay as they are."""
        text = self.text(name)
        if text is None:
            return default
        if text in words:
            return text
        known = {word.lower(): word for word in words}
        if text.lower() in known:
            return known[text.lower()]
        if EXTENSION.fullmatch(text) is None:
            self.note(name, "word_unknown", "is not a word of OneRoster; it was kept")
        if len(text) > _LONGEST_WORD:
            self.note(name, "word_too_long", "is too long for a word; it was left out")
            return default
        return text

    def ref(self, *names: str) -> str | None:
        """Return the sourcedId of the first of these members that refers to anything: an object, a bare id, a list."""
        for name in names:
            found = self.refs(name)
            if found:
                return found[0]
        return None

    def refs(self, name: str) -> tuple[str, ...]:
        """Return the sourcedIds that a member refers to; addresses (href) are never followed."""
        value = self._record.get(name)
        if value is None:
            return ()
        if type(value) is dict and type(own := value.get("sourcedId")) is str and is_usable_id(own):
            return (own,)  # of a district's million references nearly all
        parts = value if isinstance(value, list) else [value]
        found = [part.get("sourcedId") if isinstance(part, Mapping) else part for part in parts]
        ids = [str(each) for each in found if isinstance(each, str | int)]
        usable = tuple(each for each in ids if is_usable_id(each))
        if len(usable) < len([part for part in parts if part not in (None, "", {})]):
            self.note(name, "reference_unusable", "refers to something without a usable sourcedId")
        return usable

    def needed_ref(self, *names: str) -> str:
        """Return a reference without which the record says nothing. Raises Unreadable."""
        found = self.ref(*names)
        if found is None:
            raise self.skip(names[0], "reference_missing", "is missing: the record was left out")
        return found

    def source_id(self) -> str:
        """Return the record's own id, byte for byte. Raises Unreadable where it is blank or endless."""
        value = self._record.get("sourcedId")
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not is_usable_id(text):
            raise self.skip("sourcedId", "id_unusable", "is blank or unusable: the record was left out")
        return text

    def members(self, name: str) -> list[Fields]:
        """Return the objects in a list, each to be read like a record."""
        value = self._record.get(name)
        parts = value if isinstance(value, list) else [value]
        return [Fields(part, f"{self._path}/{name}", self._faults) for part in parts if isinstance(part, Mapping)]

    def items(self, name: str) -> list[Any]:
        """Return a list's members as they are."""
        value = self._record.get(name)
        return value if isinstance(value, list) else []
