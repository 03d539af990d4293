"""What a browser's headers tell of it: whether it may lose our cookies, and whether our own page is asking."""

from __future__ import annotations

from flask import Request

from gateway.lti.target import origin_of

# Says "1" and identifies nobody: a browser that sends it back, keeps our cookies inside this site's frames.
KEPT_SECONDS = 180 * 24 * 3600


def kept_cookie(*, is_https: bool) -> str:
    """Return the name of the cookie by which a browser shows that it keeps cookies."""
    return "__Host-lti-kept" if is_https else "lti-kept"


def may_lose_cookies(request: Request, *, is_https: bool) -> bool:
    """Return whether the login's cookie may be dropped before the launch, so that our page must look first.

    A window of its own keeps cookies (they are first-party there), and so does a frame whose browser has shown it
    before or says so. Browsers from before Fetch Metadata (Safari until 16.3) say nothing; they ask for text/html,
    which no other client does.
    """
    headers = request.headers
    destination = headers.get("Sec-Fetch-Dest")
    if destination == "document" or headers.get("Sec-Fetch-Storage-Access") == "active":
        return False
    if destination is None and "text/html" not in headers.get("Accept", ""):
        return False
    return kept_cookie(is_https=is_https) not in request.cookies


def is_from_our_page(request: Request, own_origin: str | None) -> bool:
    """Return whether a script of our own page sent this: no form on another site can send JSON or choose `Origin`."""
    sent_by = origin_of(request.headers.get("Origin", ""))
    near = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    return request.mimetype == "application/json" and near and sent_by is not None and sent_by == own_origin


def is_posted_from_here(request: Request, own_url: str) -> bool:
    """Return whether a form was posted by a page of ours: a browser that says where from must say ours (attack J2)."""
    near = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    origin = request.headers.get("Origin")
    return near and (origin is None or origin_of(origin) == origin_of(own_url))
