"""Where calls may go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.outbound import OutboundRefused
from gateway.outbound.guard import Guard, is_public

GUARD = Guard(["LMS.internal", "127.0.0.1:8080", "[::1]:9090"])


def refusal(url: str) -> str:
    with pytest.raises(OutboundRefused) as caught:
        GUARD.read_url(url)
    return caught.value.reason


@pytest.mark.parametrize("url", ["https://lms.example", "https://lms.example:443/x?y=1", "https://LMS.example./"])
def test_https_to_the_usual_port_is_let_out(url: str) -> None:
    assert GUARD.read_url(url).scheme == "https"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://lms.example/", "scheme"),
        ("file:///etc/passwd", "url"),
        ("file://lms.example/etc/passwd", "scheme"),
        ("gopher://lms.internal/", "scheme"),
        ("ftp://lms.example/", "scheme"),
        ("https://lms.example:8443/", "port"),
        ("https://user:secret@lms.example/", "url"),
        ("https://user@lms.example/", "url"),
        ("//lms.example/", "scheme"),
        ("/keys", "url"),
        ("", "url"),
        ("https:///keys", "url"),
        ("https://[::1", "url"),
        ("https://lms.example:99999/", "url"),
        ("https://lms.internal:0/", "url"),
        ("https://lms\n.example/", "url"),
        ("http://lms.internal.evil.example/", "scheme"),
        ("http://127.0.0.1:8081/", "scheme"),
        ("http://[::1]/", "scheme"),
    ],
)
def test_other_urls_are_refused(url: str, reason: str) -> None:
    assert refusal(url) == reason


@pytest.mark.parametrize(
    "url",
    ["http://lms.internal/", "https://Lms.Internal:8443/", "http://127.0.0.1:8080/", "http://[::1]:9090/"],
)
def test_an_allowed_host_may_be_reached_by_http_and_on_its_port(url: str) -> None:
    assert GUARD.read_url(url).host


def test_a_value_that_is_no_text_is_refused() -> None:
    with pytest.raises(OutboundRefused):
        GUARD.read_url(None)  # type: ignore[arg-type]


def test_a_refusal_names_the_host_and_nothing_else() -> None:
    with pytest.raises(OutboundRefused) as caught:
        GUARD.read_url("https://user:secret@lms.example/path?token=t")
    assert str(caught.value) == "url of lms.example is not allowed"


# B2
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.9",
        "::", "::1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
        "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "2002:7f00:1::", "2001:0:1::", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "2001:db8::1", "100::1", "not an address", "",
    ],
)  # fmt: skip
def test_an_address_off_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(OutboundRefused, match=r"address of lms\.example"):
        GUARD.check_addresses("lms.example", 443, ["1.1.1.1", address])


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::1"])
def test_a_public_address_is_fine(address: str) -> None:
    GUARD.check_addresses("lms.example", 443, [address])


def test_an_allowed_host_may_have_any_address() -> None:
    GUARD.check_addresses("lms.internal", 80, ["10.0.0.1", "::1"])


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_public_once_mapped_or_embedded(address: object) -> None:
    assert not is_public(f"::ffff:{address}")
    assert not is_public(f"64:ff9b::{address}")


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_can_do_more_than_be_refused(text: str) -> None:
    with pytest.raises(OutboundRefused):
        GUARD.read_url(text)
