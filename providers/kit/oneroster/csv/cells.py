"""Judges cells a column at a time: what is fine costs next to nothing, and each odd text is looked at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from providers.kit.oneroster.csv.columns import Column
from providers.kit.oneroster.csv.shapes import Judge, Judged, judge_of

_MOST_REMEMBERED: Final = 50_000
# All ids of a block in one go; possessive, so that a bad one is found out in one pass.
_GUIDS: Final = re.compile(r"[0-9A-Za-z._/@-]{1,255}+(?:\n[0-9A-Za-z._/@-]{1,255}+)*+")
_PAIRS: Final = r"(?:\{[^{}:,\n]++:[^{}:,\n]++\}(?:,\{[^{}:,\n]++:[^{}:,\n]++\})*+)?+"
_USER_IDS: Final = re.compile(rf"{_PAIRS}(?:\n{_PAIRS})*+")
# What a record gets for a blank cell; None for all other shapes.
_BLANKS: Final[dict[str, Any]] = {
    "list": (),
    "guids": (),
    "userIds": (),
    "status": "active",
    "classType": "scheduled",
    "roleType": "secondary",
}
_BLANK_BOOLEANS: Final = {"enabledUser": True, "primary": False}


class _Known(dict[str, Any]):
    """Text -> value; asks for what it doesn't know."""

    def __init__(self, ask: Callable[[str], Any]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, text: str) -> Any:
        value = self[text] = self._ask(text)
        return value


class CellReader:
    """Reads the cells of one column, block after block.

    `bad` and `odd` tell which texts met lately spoil their row or deserve a warning, each with its code.
    """

    def __init__(self, column: Column, *, is_strict: bool, is_delta: bool) -> None:
        self.name = column.name
        self.blank = _BLANK_BOOLEANS.get(column.name, _BLANKS.get(column.shape))
        self.bad: dict[str, str] = {}
        self.odd: dict[str, str] = {}
        self._judge: Judge = judge_of(column.shape, is_strict=is_strict, is_delta=is_delta)
        self._is_vital = column.is_vital or is_strict
        self._blank_code = _blank_code(column, is_delta=is_delta)
        self._known = _Known(self._ask)
        self._fast = _fast(column, is_required=self._blank_code is not None)

    def read(self, texts: Sequence[str]) -> Sequence[Any]:
        """Return the value of each text."""
        if not any(texts):
            self._known[""]
            return [self.blank] * len(texts)
        fine = self._fast(texts) if self._fast else None
        if fine is not None:
            return fine
        if len(self._known) > _MOST_REMEMBERED:
            for each in (self._known, self.bad, self.odd):
                each.clear()
        return list(map(self._known.__getitem__, texts))

    def _ask(self, text: str) -> Any:
        judged = self._judge(text) if text else Judged(self.blank, self._blank_code, True)
        if judged.code is None:
            return judged.value
        if judged.is_bad and self._is_vital:
            self.bad[text] = judged.code
            return None
        self.odd[text] = judged.code
        return self.blank if judged.is_bad else judged.value


def _user_ids(texts: Sequence[str]) -> Sequence[Any] | None:
    """Return the ids of each user: most are another one in each row, so that remembering them would not help."""
    if _USER_IDS.fullmatch("\n".join(texts)) is None:
        return None
    return [tuple([tuple(pair.split(":")) for pair in text[1:-1].split("},{")]) if text else () for text in texts]


def _blank_code(column: Column, *, is_delta: bool) -> str | None:
    """Return what is wrong with a blank cell in this column, if anything."""
    if column.name in {"status", "dateLastModified"}:
        return "csv.delta_status" if is_delta else None
    if column.is_vital or column.is_required:
        return "csv.required"
    return None


def _fast(column: Column, *, is_required: bool) -> Callable[[Sequence[str]], Sequence[Any] | None] | None:
    """Return what recognises a block of fine texts at once, where there is such a thing."""
    if column.shape == "guid" and is_required:
        return lambda texts: texts if _GUIDS.fullmatch("\n".join(texts)) else None
    if column.shape == "text" and is_required:
        return lambda texts: None if "" in texts else texts
    if column.shape == "text":
        return lambda texts: [text or None for text in texts]
    if column.shape == "userIds":
        return _user_ids
    return None
