"""What `take_apart` makes of any text: a token's parts or a refusal, nothing else."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.lti.token import DEEPEST, LARGEST_TOKEN, take_apart
from providers.contract import Failure, Untrusted
from providers.kit.simulator.keys import b64url

_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
_PARTS = st.lists(st.binary(max_size=200).map(b64url) | st.text(max_size=20), max_size=4).map(".".join)


def _token(payload: bytes, header: bytes = b'{"alg":"RS256"}') -> str:
    return f"{b64url(header)}.{b64url(payload)}.{b64url(b'signature')}"


def _code(text: str) -> str:
    try:
        take_apart(text)
    except Failure as failure:
        return failure.code
    return "taken apart"


@given(st.text() | _PARTS)
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    assert _code(text) in {"taken apart", "lti.token_malformed"}


@given(st.binary(max_size=500))
def test_any_payload_is_taken_apart_or_refused(payload: bytes) -> None:
    assert _code(_token(payload)) in {"taken apart", "lti.token_malformed"}
    assert _code(_token(b"{}", header=payload)) in {"taken apart", "lti.token_malformed"}


@given(st.dictionaries(st.text(), _JSON, max_size=5))
def test_a_json_object_comes_out_as_it_went_in_or_is_refused(claims: dict[str, Any]) -> None:
    try:
        parts = take_apart(_token(json.dumps(claims).encode()))
    except Untrusted:
        return
    assert dict(parts.claims) == claims
    assert parts.signature == b"signature"


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 1])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"b":', "}")])
def test_depth_is_counted_to_the_level(depth: int, opens: str, closes: str) -> None:  # A4
    inner = opens * (depth - 1) + "1" + closes * (depth - 1)
    expected = "taken apart" if depth <= DEEPEST else "lti.token_malformed"
    assert _code(_token(f'{{"a":{inner}}}'.encode())) == expected


def test_many_members_side_by_side_are_not_deep() -> None:
    assert _code(_token(json.dumps({str(number): [{}] for number in range(500)}).encode())) == "taken apart"


@pytest.mark.parametrize("hidden", ['"' + "}" * 9000 + '"', '"\\"' + "]" * 9000 + '"', '"\\\\"'])
def test_closing_brackets_in_a_text_hide_no_depth(hidden: str) -> None:  # A4
    payload = f'{{"a": {hidden}, "b": {"[" * 9000}'.encode()
    assert _code(_token(payload)) == "lti.token_malformed"


@pytest.mark.parametrize("filler", [b'"\\', b'\\"', b'"', b'{"\\"', b"[", b"\\"])
def test_no_payload_takes_long_to_refuse(filler: bytes) -> None:  # A4
    payload = b'{"a":' + b"[" * 17 + filler * (48_000 // len(filler))
    began = time.perf_counter()
    assert _code(_token(payload)) == "lti.token_malformed"
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("payload", [b'{"a":1,"a":2}', b'{"o":{"a":1,"a":1}}', b'{"o":[{"a":1,"\\u0061":1}]}'])
def test_a_member_named_twice_is_refused(payload: bytes) -> None:  # A4
    assert _code(_token(payload)) == "lti.token_malformed"


@pytest.mark.parametrize(
    "payload", [b"[]", b'"x"', b"1", b"null", b"", b"\xef\xbb\xbf{}", b'{"a":Infinity}', b'{"a":1}x']
)
def test_anything_but_one_plain_object_is_refused(payload: bytes) -> None:
    assert _code(_token(payload)) == "lti.token_malformed"


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a.b", "a.b.c.d", "e30.e30.", ".e30.e30", "e30.e30.c2ln\n", " e30.e30.c2ln"]
)
def test_anything_but_three_base64url_parts_is_refused(text: str) -> None:
    assert _code(text) == "lti.token_malformed"


def test_a_part_of_an_impossible_length_is_refused() -> None:
    assert _code("e30.e30.abcde") == "lti.token_malformed"


def test_size_is_looked_at_first() -> None:  # A4
    assert _code("x" * (LARGEST_TOKEN + 1)) == "lti.token_too_large"
    assert _code("x" * LARGEST_TOKEN) == "lti.token_malformed"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b'{"a":"\\u0000"}', "lti.token_malformed"),
        (b'{"a":"\\ud83d"}', "lti.token_malformed"),
        (b'{"a":"\\ud83d\\ude00"}', "taken apart"),
        (b'{"a":"\\u00e9"}', "taken apart"),
    ],
)
def test_text_must_be_text(payload: bytes, code: str) -> None:
    assert _code(_token(payload)) == code
