"""Links and pauses as servers write them, and as they should not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.kit.web_answers import is_overloaded, link, retry_after

ASKED = "https://lms.example/api/list?x=1"
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass
class A:
    """An answer."""

    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    body: bytes = b""
    ok: bool = True

    def json(self) -> Any:
        return None


@pytest.mark.parametrize(
    ("header", "next_page"),
    [
        ('<https://lms.example/P?m=AbC>; rel="next"', "https://lms.example/P?m=AbC"),
        ("<https://lms.example/p>; rel=next", "https://lms.example/p"),
        ('<https://lms.example/a>; rel="prev", <https://lms.example/b,c>; rel="next"', "https://lms.example/b,c"),
        ('<https://lms.example/a>; rel="last next"', "https://lms.example/a"),
        ('<https://lms.example/a>; title="next"; rel="prev"', None),
        ('</api/list?page=2>; rel="next"', "https://lms.example/api/list?page=2"),
        ("<?page=2>; REL='Next'", "https://lms.example/api/list?page=2"),
        ("<https://lms.example/a?x=1&amp;y=2>; rel=“next”".encode().decode("latin-1"), "https://lms.example/a?x=1&y=2"),
        ('<https://lms.example/a>; rel="nextish"', None),
        ("", None),
    ],
)
def test_the_next_page_is_read_verbatim(header: str, next_page: str | None) -> None:
    assert link(A({"link": header}), "next", ASKED) == next_page


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        ("999999", 86400),
        ("Mon, 05 Jan 2026 08:00:30 GMT", 30),
        ("Mon, 05 Jan 2026 07:00:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_pause_is_seconds_or_a_date(told: str, seconds: float | None) -> None:
    assert retry_after(A({"retry-after": told}), NOW) == seconds


@pytest.mark.parametrize(
    ("status", "body", "is_busy"), [(429, b"", True), (403, b"Rate Limit", True), (403, b"", False)]
)
def test_a_busy_server_is_told_from_one_that_refuses(status: int, body: bytes, is_busy: bool) -> None:
    assert is_overloaded(A(status=status, body=body)) is is_busy
