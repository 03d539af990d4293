"""Class codes as children read, say and type them: eight letters in two halves, none that looks like another.

24 letters and digits, 37 bits: no vowels, so that no word comes of it, and of each pair that looks alike only one.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Final

LETTERS: Final = "34679BCDFGHJKMNPRSTVWXYZ"  # no 0 O Q, 1 I L, 2, 5, 8, U, A E
LENGTH: Final = 8
# What a code never has, read as what it was; and letters of other keyboards that look the same.
ALIKE: Final = str.maketrans("258UВСНКМРТХ", "ZSBVBCHKMPTX")
_HALF: Final = LENGTH // 2
# Looked for at every place, so that a word in front of a code hides none of it.
_GROUPED: Final = re.compile(r"(?<![0-9A-Z])(?=([0-9A-Z]{4})[\s._:–—-]*([0-9A-Z]{4})(?![0-9A-Z]))")


def new_code() -> str:
    """Return a new code as it is stored, for example `KMTR4HXW`."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Return a code as it is shown: `KMTR-4HXW`."""
    return f"{code[:_HALF]}-{code[_HALF:]}"


def read_code(text: str) -> str | None:
    """Return the code in what somebody typed or pasted, as it is stored; None when there is none in it.

    Capitals, blanks and dashes don't matter, nor does what stands around the code, such as an address or “Code:”.
    """
    upper = unicodedata.normalize("NFKC", text[:500]).upper()
    whole = _only_letters(upper)
    if len(whole) == LENGTH:
        return whole if _is_code(whole) else None
    for found in reversed(_GROUPED.findall(upper.translate(ALIKE))):
        if _is_code("".join(found)):
            return "".join(found)
    return None


def _only_letters(text: str) -> str:
    return "".join(each for each in text.translate(ALIKE) if each.isalnum())


def _is_code(text: str) -> bool:
    return all(each in LETTERS for each in text)
