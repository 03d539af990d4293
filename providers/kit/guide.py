"""A room's guide for the school's administrator: Markdown with placeholders for what only this gateway knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from providers.contract import Misconfigured

# What a guide may ask for, and what the hall must give: name -> what it is.
PLACEHOLDERS: Final[dict[str, str]] = {
    "login_url": "this gateway's address for login requests (OpenID Connect initiation)",
    "launch_url": "this gateway's address for launches (redirect and target link)",
    "key_set_url": "this gateway's public keys (JWKS)",
    "public_url": "this gateway's own address",
    "domain": "the host of that address, with its port if it has one",
    "application": "the name of the learning product that people will see",
}
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def placeholders(guide: str) -> set[str]:
    """Name the placeholders that a guide holds."""
    return set(_PLACEHOLDER.findall(guide))


def fill_in(guide: str, values: Mapping[str, str]) -> str:
    """Put the values in. Raises Misconfigured (``guide.placeholder_unknown``) rather than leave a hole."""
    if holes := placeholders(guide) - set(values):
        raise Misconfigured("guide.placeholder_unknown", f"The guide asks for {', '.join(sorted(holes))}.")
    return _PLACEHOLDER.sub(lambda found: values[found[1]], guide)
