"""Where a Link header leads, and where we follow."""

from __future__ import annotations

import pytest

from providers.kit.rest.links import next_link, safe_link, with_parameters

ASKED = "https://school.example/ims/users?limit=2&offset=0"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://school.example/a?offset=2>; rel="next"', "https://school.example/a?offset=2"),
        (
            '<https://x.example/?a=1,2>; rel="last", </b?offset=2>; title="x"; rel="next"',
            "https://school.example/b?offset=2",
        ),
        ("<?offset=2>;rel=next", "https://school.example/ims/users?offset=2"),
        ('<//other.example/x>; rel="NEXT last"', "https://other.example/x"),
        ('<a>; rel="prev"', None),
        ('<>; rel="next"', None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_the_next_page_is_found(header: str, found: str | None) -> None:
    assert next_link(header, ASKED) == found


@pytest.mark.parametrize(
    ("link", "followed"),
    [
        ("http://school.example:8080/b?x=1", "https://school.example/b?x=1"),
        ("https://SCHOOL.example/b", "https://school.example/b"),
        ("https://evil.example/b", None),
        ("https://school.example.evil.example/b", None),
        ("https://school.example@evil.example/b", None),
        ("https://user@school.example/b", None),
        ("ftp://school.example/b", None),
        ("javascript:alert(1)", None),
    ],
)
def test_only_the_host_that_we_asked_is_asked_again(link: str, followed: str | None) -> None:
    assert safe_link(link, ASKED) == followed


def test_parameters_are_set_and_others_kept() -> None:
    url = with_parameters("https://x/y?app=a%20b&limit=5", limit=7, filter="a>'b c'")
    assert url == "https://x/y?app=a%20b&limit=7&filter=a%3E%27b%20c%27"
