"""Access codes as people read and type them: sixteen letters in four groups, none that looks like another.

73 bits: nobody guesses one, here or from a copy of the database, which keeps only hashes.
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

from gateway.services.classes.code_text import ALIKE, LETTERS
from keys.sealing import fingerprint

LENGTH: Final = 16


def new_access_code() -> str:
    """Return a new code as it is shown, for example `KMTR-4HXW-9BCF-6PNZ`."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(drawn[start : start + 4] for start in range(0, LENGTH, 4))


def read_access_code(text: str) -> str:
    """Return what somebody typed or pasted without its blanks, dashes and small letters; it may be no code."""
    upper = unicodedata.normalize("NFKC", text[:200]).upper().translate(ALIKE)
    return "".join(each for each in upper if each.isalnum())[: LENGTH + 1]


def hash_of(text: str) -> bytes:
    """Return the hash under which a code is kept, from what somebody typed."""
    return fingerprint(f"access code\n{read_access_code(text)}")
