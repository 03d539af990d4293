"""Where the next page is: the Link header (RFC 8288), read with care, since credentials go where it points."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_LINK: Final = re.compile(r"<([^>]*)>((?:\s*;\s*[\w*-]+\s*=?\s*(?:\"[^\"]*\"|[^\s;,\"]*))*)")
_REL: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


def next_link(header: str, asked: str) -> str | None:
    """Return the absolute address that a Link header calls `next`, relative ones resolved against the one asked."""
    for target, parameters in _LINK.findall(header):
        found = _REL.search(parameters)
        relations = (found[1] or found[2] or "").lower().split() if found else []
        if "next" in relations and target.strip():
            return str(urljoin(asked, target.strip()))
    return None


def safe_link(link: str, asked: str) -> str | None:
    """Return the link with the scheme and port we asked with, or None when it leads to another host.

    Providers behind a proxy write http for https, and their inner port.
    """
    there, here = urlsplit(link), urlsplit(asked)
    if there.scheme not in ("http", "https") or there.username or not _is_same_host(there.hostname, here.hostname):
        return None
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))


def _is_same_host(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.lower() == other.lower()


def with_parameters(url: str, **parameters: str | int) -> str:
    """Return the address with these query parameters set, its others kept; spaces as %20, which all sides agree on."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in parameters]
    told = [*kept, *((name, str(value)) for name, value in parameters.items())]
    return urlunsplit(parts._replace(query=urlencode(told, quote_via=quote, safe="~")))


def parameter(url: str, name: str) -> str | None:
    """Return a query parameter of an address."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)).get(name)
