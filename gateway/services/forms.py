"""Ties a form to the session of the page it stands on, so that no other site's form passes for it (attack J2)."""

from __future__ import annotations

from hmac import compare_digest

from keys.sealing import fingerprint


def form_token(session_secret: str) -> str:
    """Return what every form of this session's pages carries."""
    return fingerprint(f"form\n{session_secret}").hex()[:32]


def is_form_of(token: str, given: str | None) -> bool:
    """Return whether a form that came back carries this token."""
    return compare_digest(token.encode(), (given or "").encode())
