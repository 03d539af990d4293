"""Fetches a platform's key set for `keys.remote`, with tighter limits than other calls."""

from __future__ import annotations

import re

from gateway.outbound.client import Outbound
from gateway.outbound.failures import OutboundFailed, OutboundRefused
from keys.remote_faults import FetchFailed
from keys.remote_key import MAX_BODY_BYTES

DEADLINE_SECONDS = 10.0

_MAX_AGE = re.compile(r'(?:^|[\s,])max-age="?(\d{1,12})', re.ASCII | re.IGNORECASE)
_NOT_TO_BE_KEPT = re.compile(r"(?:^|[\s,])(?:no-store|no-cache)\b", re.ASCII | re.IGNORECASE)


def fetch_key_set(outbound: Outbound, url: str) -> tuple[bytes, int | None]:
    """Return (body, max-age in seconds or None); every failure becomes FetchFailed with a short code."""
    headers = {"Accept": "application/jwk-set+json, application/json;q=0.9, */*;q=0.1"}
    try:
        response = outbound.get(url, headers, max_body=MAX_BODY_BYTES, total=DEADLINE_SECONDS)
    except OutboundRefused as refused:
        raise FetchFailed(f"refused-{refused.reason}") from refused
    except OutboundFailed as failed:
        raise FetchFailed(failed.kind.replace("_", "-")) from failed
    if response.status != 200:
        raise FetchFailed(f"status-{response.status}")
    return response.body, max_age(response.headers.get("cache-control", ""))


def max_age(cache_control: str) -> int | None:
    """Return the max-age of a Cache-Control header (RFC 9111 5.2.2); 0 where nothing may be kept."""
    if _NOT_TO_BE_KEPT.search(cache_control):
        return 0
    found = _MAX_AGE.search(cache_control)
    return int(found[1]) if found else None
