"""Where a launch may land: `target_link_uri` is read as a browser reads it and held against known origins."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}


@lru_cache(maxsize=4096)
def origin_of(address: str) -> str | None:
    """Return scheme://host:port of an absolute web address in lower case, or None when a browser might disagree.

    None for anything that parsers read differently: backslashes, spaces, control or non-ASCII characters,
    user names, missing hosts (attack A16).
    """
    if not address.isascii() or not address.isprintable() or any(mark in address for mark in ' \\<>"`{}|^'):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc or "%" in parts.netloc:
        return None
    return f"{scheme}://{host.rstrip('.')}:{_DEFAULT_PORTS[scheme] if port is None else port}"
