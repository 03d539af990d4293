"""Which passwords are good enough: long, and not one that somebody guesses first; no rules about kinds of letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from zxcvbn import zxcvbn

from gateway.services.native.passwords import LONGEST
from providers.contract import BadData

LEAST_STAFF: Final = 10
LEAST_STUDENT: Final = 8
_WEIGHED: Final = 64  # letters: what comes after them makes no password worse, and weighing takes longer and longer
_GOOD_ENOUGH: Final = 2  # of 4: a hundred million guesses, which our limits make a matter of decades


def check_password(password: str, *, least: int, near: Iterable[str | None] = ()) -> str:
    """Return a new password. `near` is what a guesser tries first: names, username, school.

    Raises:
        BadData: ``native.password_short``, ``native.password_long``, ``native.password_known``: one of the passwords
            that leaked most often, or made of `near`, a keyboard row or a date.
    """
    if len(password) < least:
        raise BadData("native.password_short", f"A password needs at least {least} letters, digits or signs.")
    if len(password) > LONGEST:
        raise BadData("native.password_long", f"A password has at most {LONGEST} letters, digits or signs.")
    words = [word for text in near if text for word in (text, *text.replace("@", " ").split())]
    if int(zxcvbn(password[:_WEIGHED], user_inputs=words)["score"]) < _GOOD_ENOUGH:
        raise BadData(
            "native.password_known",
            "This password is guessed quickly. Choose one that is longer, such as three or four words of your own.",
        )
    return password
