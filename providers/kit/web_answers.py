"""What an HTTP answer says beside its body: links to other pages (RFC 8288) and when to come back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin

from providers.contract import Reply

# Some platforms forget the quotes, others use typographic ones, so a relation is read as the words in it.
_LINK: Final = re.compile(r"<([^<>]*)>([^<]*)")
_REL: Final = re.compile(r";\s*rel\s*=([^;,<]*)", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z][\w.-]*", re.IGNORECASE | re.ASCII)

OVERLOADED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


def link(reply: Reply, relation: str, asked: str) -> str | None:
    """Return the address behind a relation, as it was sent; `asked` is the address that the answer came from.

    Its case is kept: page marks are case-sensitive. `&amp;` is put right, as one platform writes it into the header.
    """
    for target, parameters in _LINK.findall(reply.headers.get("link", "")):
        found = _REL.search(parameters)
        if found and relation in (word.lower() for word in _WORD.findall(found[1])):
            return str(urljoin(asked, target.strip().replace("&amp;", "&")))
    return None


def retry_after(reply: Reply, now: datetime) -> float | None:
    """Return the seconds that the server asks to wait (RFC 9110, 10.2.3), at most a day."""
    told = reply.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return min(float(told), 86400.0)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), 86400.0)


def is_overloaded(reply: Reply) -> bool:
    """Return whether asking again later may help. A large LMS says 403 "Rate Limit Exceeded" instead of 429."""
    return reply.status in OVERLOADED or (reply.status == 403 and b"rate limit" in reply.body[:500].lower())
