"""Whether a piece of HTML would run something: scripts, event handlers, addresses that are code (attack A22)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_ACTIVE = frozenset({"script", "base", "meta", "link", "object", "embed", "applet", "form"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "poster", "xlink:href", "background", "cite"})
# As browsers read it: spaces and control characters before and within the scheme are skipped.
_IGNORED = re.compile(r"[\x00-\x20]+")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.is_active = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE:
            self.is_active = True
        for name, value in attrs:
            if name.startswith("on") or name == "srcdoc" or (name in _ADDRESSES and _is_code(value or "")):
                self.is_active = True


def has_script(html: str) -> bool:
    """Return whether a browser that shows this may run something, or leave the page without a click."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    # What our reader takes for text a browser may take for a tag (an unclosed one at the end, for example).
    return reader.is_active or "<script" in html.lower() or "javascript:" in _IGNORED.sub("", html.lower())


def _is_code(address: str) -> bool:
    scheme, colon, _ = _IGNORED.sub("", address).partition(":")
    return bool(colon) and "/" not in scheme and scheme.lower() not in {"http", "https", "mailto", "tel"}
