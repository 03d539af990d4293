"""The guarded client over real sockets: what goes out, what comes back, what it costs at most."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import time
import zlib
from collections.abc import Iterator

import pytest

from gateway.outbound import Limits, Outbound, OutboundFailed, OutboundRefused
from tests.support.wire import Answer, Wire, cut_short, drip, flood, reply, silent

QUICK = Limits(connect=1, read=0.3, total=0.6, max_body=1000)


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as wire:
        yield wire


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def outbound(wire: Wire, calls: list[str]) -> Iterator[Outbound]:
    outbound = Outbound([wire.host], "schoolgate/1", limits=QUICK, on_call=calls.append)
    yield outbound
    outbound.close()


def failure(outbound: Outbound, wire: Wire, answer: Answer) -> OutboundFailed:
    wire.answer = answer
    with pytest.raises(OutboundFailed) as caught:
        outbound.get(wire.url("/keys?token=hidden"))
    return caught.value


def test_get_brings_status_headers_and_body(outbound: Outbound, wire: Wire) -> None:
    wire.answer = reply(b'{"a": 1}', 201, X_Next="n")
    response = outbound.get(wire.url())
    assert (response.status, response.ok, response.headers["x-NEXT"], response.json()) == (201, True, "n", {"a": 1})


def test_a_request_says_who_we_are_and_what_we_take(outbound: Outbound, wire: Wire) -> None:
    outbound.get(wire.url("/a?b=c"), {"Accept": "text/x", "X-Own": "1"})
    lines = wire.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /a?b=c HTTP/1.1"
    assert {f"Host: {wire.host}", "User-Agent: schoolgate/1", "Accept: text/x", "X-Own: 1"} <= set(lines)


def test_post_sends_a_body(outbound: Outbound, wire: Wire) -> None:
    outbound.post(wire.url(), {"Content-Type": "application/json"}, body=b"{}")
    assert wire.requests[0].startswith(b"POST /keys")
    assert wire.requests[0].endswith(b"\r\n\r\n{}")


def test_post_sends_a_form(outbound: Outbound, wire: Wire) -> None:
    outbound.post(wire.url(), form={"grant_type": "client_credentials", "scope": "a b"})
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in wire.requests[0]
    assert wire.requests[0].endswith(b"grant_type=client_credentials&scope=a+b")


def test_an_empty_post_says_so(outbound: Outbound, wire: Wire) -> None:
    outbound.post(wire.url())
    assert b"Content-Length: 0\r\n" in wire.requests[0]


def test_an_error_status_is_an_answer(outbound: Outbound, wire: Wire) -> None:
    wire.answer = reply(b'{"error": "invalid_scope"}', 400)
    response = outbound.get(wire.url())
    assert (response.ok, response.json()) == (False, {"error": "invalid_scope"})


def test_get_json_takes_success_only(outbound: Outbound, wire: Wire) -> None:
    wire.answer = reply(b"[1]")
    assert outbound.get_json(wire.url()) == [1]
    wire.answer = reply(b"[1]", 404)
    with pytest.raises(OutboundFailed, match="status 404"):
        outbound.get_json(wire.url())


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 900])
def test_json_that_is_none_is_a_failure(outbound: Outbound, wire: Wire, body: bytes) -> None:
    wire.answer = reply(body)
    with pytest.raises(OutboundFailed, match="json"):
        outbound.get_json(wire.url())


def test_cookies_are_not_kept(outbound: Outbound, wire: Wire) -> None:
    wire.answer = reply(Set_Cookie="a=b")
    outbound.get(wire.url())
    outbound.get(wire.url())
    assert b"cookie" not in wire.requests[1].lower()


def test_a_connection_is_used_again(outbound: Outbound, wire: Wire) -> None:
    for _ in range(5):
        outbound.get(wire.url())
    assert (wire.connections, len(wire.requests)) == (1, 5)


def test_every_request_is_counted_and_no_refused_one(outbound: Outbound, wire: Wire, calls: list[str]) -> None:
    outbound.get(wire.url())
    with pytest.raises(OutboundRefused):
        outbound.get("http://elsewhere.example/")
    assert calls == ["127.0.0.1"]


def test_proxies_of_the_environment_are_not_used(
    outbound: Outbound, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert outbound.get(wire.url()).ok


@pytest.mark.parametrize("location", ["https://evil.example/p?secret=1", "http://evil.example/", "//evil.example/x"])
def test_a_redirect_is_not_followed_and_names_its_target_host_only(
    outbound: Outbound, wire: Wire, location: str
) -> None:
    assert str(failure(outbound, wire, reply(b"", 302, Location=location))) == "redirect 302 evil.example"


@pytest.mark.parametrize("headers", [{}, {"Location": "/elsewhere"}, {"Location": "https://[::1"}])
def test_a_redirect_to_nowhere_names_the_host_asked(outbound: Outbound, wire: Wire, headers: dict[str, str]) -> None:
    assert str(failure(outbound, wire, reply(b"", 307, **headers))) == "redirect 307 127.0.0.1"


def test_silence_times_out(outbound: Outbound, wire: Wire) -> None:
    assert str(failure(outbound, wire, silent)) == "timeout 127.0.0.1"


def test_a_deadline_shorter_than_the_read_timeout_counts(wire: Wire) -> None:
    wire.answer, start = silent, time.monotonic()
    with pytest.raises(OutboundFailed, match="timeout"):
        Outbound([wire.host], "x", limits=Limits(read=4, total=0.2)).get(wire.url())
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\n", b"HTTP/1.1 200 X\r\nX:"])
def test_an_answer_that_drips_ends_at_the_deadline(outbound: Outbound, wire: Wire, head: bytes) -> None:
    start = time.monotonic()
    assert failure(outbound, wire, drip(head)).kind == "timeout"
    assert time.monotonic() - start < 2


def test_a_deadline_already_over_ends_a_call(outbound: Outbound, wire: Wire) -> None:
    with pytest.raises(OutboundFailed, match="timeout"):
        outbound.get(wire.url(), total=1e-9)


def test_a_huge_body_is_cut_off(outbound: Outbound, wire: Wire) -> None:
    assert failure(outbound, wire, flood(50_000_000)).kind == "too_large"
    assert wire.sent < 10_000_000  # what fitted into the sockets' buffers


def test_a_body_at_the_cap_passes_and_one_byte_more_does_not(outbound: Outbound, wire: Wire) -> None:
    wire.answer = reply(b"x" * 1000)
    assert len(outbound.get(wire.url()).body) == 1000
    assert failure(outbound, wire, reply(b"x" * 1001)).kind == "too_large"


def test_a_packed_body_is_unpacked(outbound: Outbound, wire: Wire) -> None:
    wire.answer = reply(gzip.compress(b'{"a": 1}'), Content_Encoding="gzip")
    assert outbound.get_json(wire.url()) == {"a": 1}


def test_an_empty_body_that_calls_itself_packed_is_empty(outbound: Outbound, wire: Wire) -> None:
    wire.answer = reply(b"", Content_Encoding="gzip")
    assert outbound.get(wire.url()).body == b""


def test_a_packed_bomb_is_cut_off(outbound: Outbound, wire: Wire) -> None:
    assert failure(outbound, wire, reply(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")).kind == "too_large"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"x" * 99, mtime=0)[:-9], "gzip"),
        (b"no gzip", "gzip"),
        (zlib.compress(b"x"), "deflate"),
        (b"x", "br"),
    ],
    ids=["cut short", "no gzip", "deflate", "brotli"],
)
def test_a_body_packed_otherwise_or_cut_short_is_refused(
    outbound: Outbound, wire: Wire, body: bytes, encoding: str
) -> None:
    assert failure(outbound, wire, reply(body, Content_Encoding=encoding)).kind == "encoding"


def test_an_answer_cut_short_is_a_failure(outbound: Outbound, wire: Wire) -> None:
    assert failure(outbound, wire, cut_short).kind == "network"


def test_nobody_listening_is_a_failure() -> None:
    with Wire() as gone:
        url, host = gone.url(), gone.host
    with pytest.raises(OutboundFailed, match="network"):
        Outbound([host], "x").get(url)


def flaky(*answers: Answer) -> Answer:
    """Give each of the answers once, in order."""
    left = iter(answers)

    def answer(wire: Wire, connection: socket.socket) -> None:
        next(left)(wire, connection)

    return answer


def test_a_call_is_made_once_unless_asked_otherwise(outbound: Outbound, wire: Wire, calls: list[str]) -> None:
    wire.answer = reply(b"", 503)
    assert outbound.get(wire.url()).status == 503
    assert len(calls) == 1


@pytest.mark.parametrize("first", [reply(b"", 502), reply(b"", 503), reply(b"", 504), cut_short, silent])
def test_a_second_try_heals_a_hiccup(outbound: Outbound, wire: Wire, first: Answer) -> None:
    wire.answer = flaky(first, reply(b"[2]"))
    assert outbound.get(wire.url(), tries=2).json() == [2]


@pytest.mark.parametrize(("status", "made"), [(200, 1), (404, 1), (500, 1), (503, 3)])
def test_only_passing_faults_are_tried_again(
    outbound: Outbound, wire: Wire, calls: list[str], status: int, made: int
) -> None:
    wire.answer = reply(b"", status)
    assert outbound.get(wire.url(), tries=3).status == status
    assert len(calls) == made


def test_a_redirect_is_not_tried_again(outbound: Outbound, wire: Wire, calls: list[str]) -> None:
    wire.answer = reply(b"", 302)
    with pytest.raises(OutboundFailed):
        outbound.get(wire.url(), tries=3)
    assert len(calls) == 1


# J3
def test_nothing_of_a_call_reaches_the_log(outbound: Outbound, wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    outbound.post(wire.url("/x?token=hidden"), {"Authorization": "hidden"}, body=json.dumps("hidden").encode())
    assert "hidden" not in caplog.text
    assert caplog.records == []


# J3
def test_nothing_of_an_answer_shows_in_its_repr_or_in_a_failure(outbound: Outbound, wire: Wire) -> None:
    wire.answer = reply(b'"hidden"', Set_Cookie="hidden")
    assert "hidden" not in repr(outbound.get(wire.url("/hidden")))
    assert "hidden" not in str(failure(outbound, wire, silent))
