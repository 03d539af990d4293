"""Attacks through a platform's key-set address, over real sockets: bounded, blocked, last good keys kept."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from functools import partial

import pytest

from gateway.outbound import Limits, Outbound, fetch_key_set
from gateway.outbound.key_sets import max_age
from keys.remote import RemoteKeySets
from keys.remote_faults import FetchFailed, KeySetUnavailable
from tests.support.key_sets import key_set, public_jwk
from tests.support.key_stores import Clock, MemoryRemoteKeyStore
from tests.support.wire import Answer, Wire, cut_short, drip, flood, reply, silent

QUICK = Limits(connect=1, read=0.3, total=0.6)
GOOD = reply(key_set(public_jwk(0)), Cache_Control="public, max-age=7200")
HEAD = b"HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\n"
BAD: dict[str, tuple[Answer, str]] = {
    "500": (reply(b"oops", 500), "status-500"),
    "404": (reply(b"", 404), "status-404"),
    "204": (reply(b"", 204), "status-204"),
    "time-out": (silent, "timeout"),
    "50 MB body": (flood(50_000_000), "too-large"),
    "cut short": (cut_short, "network"),
    "redirect to metadata": (reply(b"", 302, Location="http://169.254.169.254/latest"), "redirect"),
    "redirect to http": (reply(b"", 301, Location="http://lms.example/keys"), "redirect"),
    "garbage": (reply(b"<html>"), "invalid-json"),
    "no keys": (reply(b'{"keys": []}'), "invalid-no-usable-key"),
}


class Gateway:
    """One worker of ours and its store, in front of the wire."""

    def __init__(self, wire: Wire) -> None:
        self.url, self.clock, self.store = wire.url(), Clock(), MemoryRemoteKeyStore()
        self.outbound = Outbound([wire.host], "schoolgate/1", limits=QUICK)

    def worker(self) -> RemoteKeySets:
        fetch = partial(fetch_key_set, self.outbound)
        return RemoteKeySets(fetch, self.store, self.clock, background=lambda work: work())


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire(GOOD) as wire:
        yield wire


@pytest.fixture
def gateway(wire: Wire) -> Iterator[Gateway]:
    gateway = Gateway(wire)
    yield gateway
    gateway.outbound.close()


# A6
@pytest.mark.parametrize("case", BAD)
def test_last_good_keys_are_kept_when_the_platform_answers_badly(wire: Wire, gateway: Gateway, case: str) -> None:
    worker = gateway.worker()
    worker.find(gateway.url, "k0")
    wire.answer, fault = BAD[case]
    gateway.clock.move(hours=3)
    assert worker.find(gateway.url, "k0").kid == "k0"
    assert gateway.store.rows[gateway.url].fault == fault
    assert worker.find(gateway.url, "k0").kid == gateway.worker().find(gateway.url, "k0").kid == "k0"


# A6
def test_50_mb_cost_little_memory(wire: Wire, gateway: Gateway) -> None:
    wire.answer = flood(50_000_000)
    tracemalloc.start()
    with pytest.raises(FetchFailed, match="too-large"):
        fetch_key_set(gateway.outbound, gateway.url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


# A6
def test_an_answer_that_drips_ends_at_the_deadline(
    wire: Wire, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.outbound.key_sets.DEADLINE_SECONDS", 0.4)
    wire.answer = drip(HEAD)
    with pytest.raises(FetchFailed, match="timeout"):
        fetch_key_set(gateway.outbound, gateway.url)


# A6
def test_a_redirect_goes_nowhere(wire: Wire, gateway: Gateway) -> None:
    with Wire(GOOD) as elsewhere:
        wire.answer = reply(b"", 302, Location=elsewhere.url())
        with pytest.raises(KeySetUnavailable, match="redirect"):
            gateway.worker().find(gateway.url, "k0")
        assert elsewhere.connections == 0


# A6
def test_dns_rebinding_reaches_nobody_inside() -> None:
    with Wire(GOOD) as inside:
        outbound = Outbound([], "x", resolve=lambda host, port: ["127.0.0.1"])
        store = MemoryRemoteKeyStore()
        worker = RemoteKeySets(partial(fetch_key_set, outbound), store, Clock())
        with pytest.raises(KeySetUnavailable, match="refused-address"):
            worker.find("https://rebind.example/keys", "k0")
        assert inside.connections == 0


# A6
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://169.254.169.254/latest", "refused-address"),
        ("https://127.0.0.1/keys", "refused-address"),
        ("http://lms.example/keys", "refused-scheme"),
        ("https://lms.example:22/", "refused-port"),
        ("file:///etc/passwd", "refused-url"),
    ],
)
def test_a_key_set_address_that_leads_inside_is_refused(gateway: Gateway, url: str, reason: str) -> None:
    with pytest.raises(FetchFailed, match=reason):
        fetch_key_set(gateway.outbound, url)


def test_a_good_answer_brings_its_max_age(gateway: Gateway) -> None:
    assert fetch_key_set(gateway.outbound, gateway.url) == (key_set(public_jwk(0)), 7200)


# Moodle answers 403 to a request without User-Agent.
def test_the_fetch_says_who_we_are(wire: Wire, gateway: Gateway) -> None:
    fetch_key_set(gateway.outbound, gateway.url)
    assert b"User-Agent: schoolgate/1\r\n" in wire.requests[0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", None),
        ("max-age=60", 60),
        ("public, Max-Age=60, must-revalidate", 60),
        ('max-age="60"', 60),
        ("s-maxage=60", None),
        ("max-age=abc", None),
        ("max-age=-1", None),
        ("no-store, max-age=60", 0),
        ("no-cache", 0),
    ],
)
def test_max_age_is_read_from_cache_control(header: str, seconds: int | None) -> None:
    assert max_age(header) == seconds
