"""Whether a password may be used: the same answer for a cell of a file and a field of a form."""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 8


def judge_password(password: str, username: str) -> str | None:
    """Return the code of what is wrong with a password, None when it may be used."""
    if len(password) < SHORTEST:
        return "row.password_short"
    plain, name = password.casefold(), username.casefold()
    is_name = plain in (name, name.partition("@")[0]) or len(set(plain)) < 3
    return "row.password_weak" if is_name else None
