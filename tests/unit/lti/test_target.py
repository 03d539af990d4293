"""Addresses as a browser reads them: an origin, or none when readers might disagree (A16)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.lti.target import origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://app.example", "https://app.example:443"),
        ("https://app.example:443/x", "https://app.example:443"),
        ("HTTPS://APP.Example/x", "https://app.example:443"),
        ("http://app.example:8080/?q#f", "http://app.example:8080"),
        ("http://app.example", "http://app.example:80"),
        ("https://app.example./x", "https://app.example:443"),
        ("https://app.example:0/", "https://app.example:0"),
        ("https://[::1]:8443/", "https://::1:8443"),
        ("https://app.example/a@b", "https://app.example:443"),
        ("https://app.example/%5c@evil.example", "https://app.example:443"),
    ],
)
def test_an_address_has_the_origin_that_a_browser_sees(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "",
        "app.example",
        "//app.example",
        "/path",
        "https:app.example",
        "https:/app.example",
        "https:///app.example",
        "https://",
        "https://:443/",
        "ftp://app.example",
        "javascript:alert(1)",
        "https://user@app.example",
        "https://@app.example",
        "https://app.example\\@evil.example",
        "https:\\\\app.example",
        "https://app.example%2eevil.example",
        "https://app.example:99999",
        "https://app.example:x",
        "https://app.example:-1",
        "https://[::1",
        "https://app.example /",
        " https://app.example",
        "https://app.example\n",
        "https://app\t.example",
        "https://app.example\x7f",
        "https://аpp.example",
        "https://app.example/é",
        "https://<app>.example",
    ],
)
def test_an_address_that_readers_read_differently_has_none(address: str) -> None:
    assert origin_of(address) is None


@given(st.text())
def test_any_text_has_an_origin_or_none(text: str) -> None:
    for address in (text, f"https://{text}", f"https://app.example{text}"):
        origin = origin_of(address)
        assert origin is None or origin.startswith(("http://", "https://"))


@given(st.text(alphabet="@\\/:#?%.a\t"))
def test_what_follows_our_host_never_makes_another_host_look_like_ours(tail: str) -> None:
    origin = origin_of(f"https://app.example{tail}")
    if tail[:1] not in {"", "/", "?", "#", ":"}:
        assert origin != "https://app.example:443" or not tail.strip(".") or tail.lstrip(".")[:1] in "/?#:"
