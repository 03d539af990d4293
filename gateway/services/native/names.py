"""How usernames and e-mail addresses are read and compared; both are compared folded, and nothing is joined by them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from providers.contract import BadData

LONGEST_USERNAME: Final = 100
LONGEST_EMAIL: Final = 254
# One @, something before it, and a domain with a dot; whether it takes mail only a mail can tell.
_EMAIL: Final = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s<>()\[\],;:\\\"]+\.[^@\s<>()\[\],;:\\\".]+")


def folded(text: str) -> str:
    """Return a username or address as it is compared: no case, no spaces around it, one form of each letter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())


def read_username(text: str) -> str:
    """Return a username as it is kept. Raises BadData (``native.username_invalid``)."""
    name = unicodedata.normalize("NFC", text.strip())
    if not 2 <= len(name) <= LONGEST_USERNAME or not name.isprintable() or any(each.isspace() for each in name):
        raise BadData(
            "native.username_invalid",
            f"A username has 2 to {LONGEST_USERNAME} letters, digits or signs such as . - _ @, and no spaces.",
        )
    return name


def read_email(text: str) -> str:
    """Return an e-mail address as it is kept. Raises BadData (``native.email_invalid``)."""
    address = text.strip()
    if len(address) > LONGEST_EMAIL or not address.isprintable() or not _EMAIL.fullmatch(address):
        raise BadData("native.email_invalid", "This does not look like an e-mail address. Please check it.")
    return address
