"""Whether a password may be used: one that a person types is weighed, one that a list brings is looked at quickly."""

from __future__ import annotations

from typing import Final

from gateway.services.native.password_rules import LEAST_STUDENT, check_password
from providers.contract import BadData

_CODES: Final = {"native.password_short": "row.password_short", "native.password_long": "row.text_too_long"}


def judge_listed_password(password: str, username: str) -> str | None:
    """Return the code of what is wrong with a list's password, None when it may be used.

    Weighing one takes a millisecond or two: with a school's list of fifty thousand nobody waits for that.
    """
    if len(password) < LEAST_STUDENT:
        return "row.password_short"
    plain, name = password.casefold(), username.casefold()
    is_name = plain in (name, name.partition("@")[0]) or len(set(plain)) < 3
    return "row.password_weak" if is_name else None


def judge_typed_password(password: str, username: str) -> str | None:
    """Return the code of what is wrong with a password that somebody chose, None when it may be used."""
    try:
        check_password(password, least=LEAST_STUDENT, near=(username,))
    except BadData as refused:
        return _CODES.get(refused.code, "row.password_weak")
    return None
