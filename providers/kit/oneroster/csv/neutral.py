"""Makes text safe for a spreadsheet: every export of ours goes through here (attack E8).

What comes in is stored as it is; only on the way out may a cell not be taken for a formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# https://owasp.org/www-community/attacks/CSV_Injection: what makes Excel, LibreOffice or Sheets calculate.
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK: Final = "'"


def neutral(text: str) -> str:
    """Return text that a spreadsheet shows as text: a mark in front of what it would calculate."""
    return f"{_MARK}{text}" if text.startswith(_STARTS) else text


def neutral_row(cells: Iterable[str | None]) -> list[str]:
    """Return one row of an export; what is absent becomes blank."""
    return [neutral(cell or "") for cell in cells]


def plain(text: str) -> str:
    """Return what `neutral` was given, so that an export of ours comes in again as it was."""
    return text[1:] if text.startswith(_MARK) and text[1:].startswith(_STARTS) else text
