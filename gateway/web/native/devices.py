"""What a browser calls itself, in words that its owner knows again in a list of sessions."""

from __future__ import annotations

from typing import Final

# First match counts: most browsers also call themselves what they descend from.
_BROWSERS: Final = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
_SYSTEMS: Final = (
    ("CrOS", "Chromebook"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Return for example ``Firefox on Windows``; ``A browser`` for what we do not know."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    if not browser:
        browser = "Safari" if "Safari/" in user_agent else "A browser"
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser
