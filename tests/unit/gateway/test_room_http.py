"""The guarded client as a room sees it: methods, answers, and each of our failures in the contract's words."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from gateway.outbound import Limits, Outbound, OutboundFailed, RoomHttp
from gateway.outbound.failures import Kind
from gateway.outbound.room_http import failure_of
from providers.contract import BadData, Failure, Misconfigured, Unavailable
from tests.support.wire import Answer, Wire, cut_short, reply, silent


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as wire:
        yield wire


@pytest.fixture
def outbound(wire: Wire) -> Iterator[Outbound]:
    outbound = Outbound([wire.host], "schoolgate/1")
    yield outbound
    outbound.close()


@pytest.fixture
def http(outbound: Outbound) -> RoomHttp:
    return RoomHttp(outbound, Limits(connect=1, read=0.3, total=0.6, max_body=1000))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_any_method_goes_out_and_any_status_comes_back(http: RoomHttp, wire: Wire, method: str) -> None:
    wire.answer = reply(b'{"a": 1}', 422, X_Total_Count="7")
    answer = http.request(method, wire.url("/scores"), {"Authorization": "Bearer t"}, body=b"[]")
    assert wire.requests[0].startswith(f"{method} /scores ".encode())
    assert wire.requests[0].endswith(b"\r\n\r\n[]")
    assert (answer.status, answer.ok, answer.headers["x-total-count"], answer.json()) == (422, False, "7", {"a": 1})


def test_a_redirect_is_told_where_it_was_asked_for_and_never_followed(http: RoomHttp, wire: Wire) -> None:
    wire.answer = reply(b"", 303, Location="/users/1")
    answer = http.request("GET", wire.url("/users/me"), tells_redirects=True)
    assert (answer.status, answer.ok, answer.headers["location"], len(wire.requests)) == (303, False, "/users/1", 1)


def test_a_read_sends_no_body(http: RoomHttp, wire: Wire) -> None:
    assert http.request("GET", wire.url()).body == b"{}"
    assert b"content-length" not in wire.requests[0].lower()


def test_a_form_goes_out_url_encoded(http: RoomHttp, wire: Wire) -> None:
    http.request("POST", wire.url("/token?app=a"), form={"scope": "a b"})
    assert wire.requests[0].startswith(b"POST /token?app=a HTTP/1.1")
    assert wire.requests[0].endswith(b"scope=a+b")


def test_a_room_may_take_a_larger_body_than_usual(http: RoomHttp, wire: Wire) -> None:
    wire.answer = reply(b"x" * 1001)
    assert len(http.request("GET", wire.url(), max_body=2000).body) == 1001


@pytest.mark.parametrize(
    ("answer", "family", "code"),
    [
        (silent, Unavailable, "http.timeout"),
        (cut_short, Unavailable, "http.cut_short"),
        (reply(gzip.compress(b"x" * 99)[:-9], Content_Encoding="gzip"), Unavailable, "http.cut_short"),
        (reply(b"", 302, Location="https://elsewhere.example/?secret"), Misconfigured, "http.redirected"),
        (reply(b"x" * 1001), BadData, "http.too_large"),
    ],
)
def test_a_call_that_brings_nothing_says_what_to_do_next(
    http: RoomHttp, wire: Wire, answer: Answer, family: type[Failure], code: str
) -> None:
    wire.answer = answer
    with pytest.raises(family) as caught:
        http.request("GET", wire.url("/path?secret"))
    assert caught.value.code == code
    assert "secret" not in str(caught.value) + caught.value.sentence


def test_nobody_listening_is_worth_another_try_later(http: RoomHttp) -> None:
    with Wire() as gone:
        url, host = gone.url(), gone.host
    with pytest.raises(Unavailable, match="unreachable"):
        RoomHttp(Outbound([host], "x")).request("GET", url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://school.example/", "school.example is not an https address"),
        ("https://school.example:444/", "school.example uses a port other than 443"),
        ("https://127.0.0.1/", "127.0.0.1 leads into a private network"),
        ("nonsense", "The address is not a usable web address"),
    ],
)
def test_an_address_that_is_not_allowed_is_for_a_person_to_correct(http: RoomHttp, url: str, said: str) -> None:
    with pytest.raises(Misconfigured, match="address_refused") as caught:
        http.request("GET", url)
    assert caught.value.sentence.startswith(said)


@pytest.mark.parametrize(
    ("kind", "code"), [("tls", "http.tls"), ("json", "http.not_json"), ("network", "http.cut_short")]
)
def test_every_kind_of_failure_has_a_code(kind: Kind, code: str) -> None:
    assert failure_of(OutboundFailed(kind, "school.example")).code == code


def test_an_answer_that_is_not_json_is_bad_data(http: RoomHttp, wire: Wire) -> None:
    wire.answer = reply(b"<html>")
    with pytest.raises(BadData, match="not_json"):
        http.request("GET", wire.url()).json()
