"""Shapes of single claim values: what is text, an id, an object, and what counts as not sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from providers.contract import BadData

LONGEST_ID: Final = 255  # lti core 5.3.3, 5.3.5, 5.4.1; security framework 5.1.2

# A platform that can't resolve "$User.id" leaves the text in place (lti core, appendix B). "$5" is a price.
_UNRESOLVED: Final = re.compile(r"\$[A-Za-z]\w*(?:\.\w+)+", re.ASCII)


def bad_claim(claim: str, why: str) -> BadData:
    """Make the failure for a claim of another shape. `why` describes the shape, never the value."""
    return BadData("lti.claim_shape", "The LMS sent a launch in a form that LTI does not allow.", f"{claim} {why}")


def unresolved(value: str) -> bool:
    """Whether the text is a variable's own name, which means that the platform had nothing to put there."""
    return value[:1] == "$" and _UNRESOLVED.fullmatch(value) is not None


def text(value: Any) -> str | None:
    """Read a decoration (name, title, e-mail): trimmed text that says something, else None."""
    if not isinstance(value, str):
        return None
    said = value.strip()
    return None if not said or unresolved(said) else storable(said)


def storable(value: str) -> str:
    """Drop what no database takes: NUL and half a surrogate pair."""
    if value.isprintable():
        return value
    return "".join(letter for letter in value if letter != "\0" and not "\ud800" <= letter <= "\udfff")


def identifier(value: Any, claim: str) -> str:
    """Read an id: kept byte for byte. Raises BadData when it is not text, blank, too long or not storable."""
    if not isinstance(value, str):
        raise bad_claim(claim, "is missing or not text")
    if not value.strip():
        raise bad_claim(claim, "is blank")
    if len(value) > LONGEST_ID:
        raise bad_claim(claim, f"is longer than {LONGEST_ID} characters")
    if storable(value) != value:
        raise bad_claim(claim, "holds characters that no id has")
    return value


def members(value: Any, claim: str) -> Mapping[str, Any]:
    """Read an optional object; an absent one and null are empty. Raises BadData for anything else."""
    if value is None:
        return {}
    if type(value) is not dict and not isinstance(value, Mapping):  # the second takes ten times as long
        raise bad_claim(claim, "is not an object")
    return value
