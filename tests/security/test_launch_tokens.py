"""Attacks on the id_token itself: algorithms, headers, shapes, issuer, audience and times (A1-A4, A7-A9)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.store.tables import launches, users
from providers.kit.simulator import SimulatedPlatform
from providers.kit.simulator.keys import b64url
from tests.support.launching import LMS, Launching, Outcome, a_config, platform_key


def _refused(outcome: Outcome, code: str, world: Launching) -> bool:
    assert (outcome.status, outcome.code) == (401, code)
    assert world.count(launches) == 0
    return world.count(users) == 0


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "HS256", "HS512", "RS512", "PS256", "ES256", "rs256", ""])
def test_only_the_registered_algorithm_is_accepted(quick_gate: Launching, alg: str) -> None:  # A1
    outcome = quick_gate.launch(header={"alg": alg})
    assert _refused(outcome, "lti.alg_not_allowed", quick_gate)


@pytest.mark.parametrize("alg", [["RS256"], {"RS256": 1}, None, 256])
def test_an_algorithm_that_is_no_text_is_refused(quick_gate: Launching, alg: object) -> None:  # A1
    login = quick_gate.login()
    header = {"alg": alg, "kid": quick_gate.platform.key.kid}
    token = _made_by_hand(header, quick_gate.platform.launch_claims("sam", nonce=login.nonce))
    assert _refused(quick_gate.post(login, token), "lti.alg_not_allowed", quick_gate)


def test_the_public_key_is_no_shared_secret(quick_gate: Launching) -> None:  # A1
    assert _refused(quick_gate.launch(alg="HS256"), "lti.alg_not_allowed", quick_gate)


def test_a_shared_secret_passed_off_as_rs256_is_refused(quick_gate: Launching) -> None:  # A1
    outcome = quick_gate.launch(alg="HS256", header={"alg": "RS256"})
    assert _refused(outcome, "lti.signature_invalid", quick_gate)


def test_another_key_under_the_right_kid_is_refused(quick_gate: Launching) -> None:  # A1
    outcome = quick_gate.launch(key=platform_key(1), header={"kid": platform_key(0).kid})
    assert _refused(outcome, "lti.signature_invalid", quick_gate)


def test_a_changed_payload_is_refused(quick_gate: Launching) -> None:  # A1
    login = quick_gate.login()
    header, _, signature = quick_gate.token(login).split(".")
    claims = quick_gate.platform.launch_claims("tia", nonce=login.nonce)
    token = f"{header}.{b64url(json.dumps(claims).encode())}.{signature}"
    assert _refused(quick_gate.post(login, token), "lti.signature_invalid", quick_gate)


def test_a_key_inside_the_token_is_never_used(quick_gate: Launching) -> None:  # A2
    attacker = platform_key(1)
    outcome = quick_gate.launch(key=attacker, header={"jwk": attacker.jwk()})
    assert _refused(outcome, "lti.header_key_embedded", quick_gate)


@pytest.mark.parametrize("name", ["jku", "x5u", "x5c", "jwk"])
def test_an_address_inside_the_token_is_never_fetched(quick_gate: Launching, name: str) -> None:  # A2
    outcome = quick_gate.launch(key=platform_key(1), header={name: "https://evil.example/jwks"})
    assert _refused(outcome, "lti.header_key_embedded", quick_gate)
    assert set(quick_gate.fetches) <= {quick_gate.platform.settings()["key_set_url"]}


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], None, "x"])
def test_a_crit_header_is_refused(quick_gate: Launching, crit: object) -> None:  # A3
    login = quick_gate.login()
    token = _signed_by_hand(quick_gate, {"crit": crit}, quick_gate.platform.launch_claims("sam", nonce=login.nonce))
    assert _refused(quick_gate.post(login, token), "lti.header_crit", quick_gate)


def test_a_token_beyond_64_kib_is_refused_before_it_is_decoded(quick_gate: Launching) -> None:  # A4
    outcome = quick_gate.post(quick_gate.login(), "[" * 65_537)
    assert _refused(outcome, "lti.token_too_large", quick_gate)


@pytest.mark.parametrize("payload", [b"[" * 20_000, b'{"a":' * 5_000, b'{"a":' * 33 + b"1" + b"}" * 33])
def test_deep_json_is_refused_even_when_signed(quick_gate: Launching, payload: bytes) -> None:  # A4
    outcome = quick_gate.post(quick_gate.login(), quick_gate.platform.sign(payload))
    assert _refused(outcome, "lti.token_malformed", quick_gate)


def test_deep_json_in_the_header_is_refused(quick_gate: Launching) -> None:  # A4
    token = f"{b64url(b'[' * 20_000)}.e30.c2ln"
    assert _refused(quick_gate.post(quick_gate.login(), token), "lti.token_malformed", quick_gate)


@pytest.mark.parametrize("name", ["iss", "sub", "nonce", "aud"])
def test_a_member_named_twice_is_refused(quick_gate: Launching, name: str) -> None:  # A4
    login = quick_gate.login()
    claims = json.dumps(quick_gate.platform.launch_claims("sam", nonce=login.nonce))
    twice = f'{{"{name}": "first", {claims[1:]}'.encode()
    assert _refused(quick_gate.post(login, quick_gate.platform.sign(twice)), "lti.token_malformed", quick_gate)


def test_a_member_named_twice_deep_inside_is_refused(quick_gate: Launching) -> None:  # A4
    token = quick_gate.platform.sign(b'{"iss": "x", "a": {"id": 1, "id": 2}}')
    assert _refused(quick_gate.post(quick_gate.login(), token), "lti.token_malformed", quick_gate)


@pytest.mark.parametrize("payload", [b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b'{"a": "\xed\xa0\x80"}', b'{"a": NaN}'])
def test_text_that_no_database_keeps_is_refused(quick_gate: Launching, payload: bytes) -> None:  # A4
    outcome = quick_gate.post(quick_gate.login(), quick_gate.platform.sign(payload))
    assert _refused(outcome, "lti.token_malformed", quick_gate)


def test_json_in_another_encoding_is_refused(quick_gate: Launching) -> None:  # A4
    login = quick_gate.login()
    claims = json.dumps(quick_gate.platform.launch_claims("sam", nonce=login.nonce)).encode("utf-16")
    assert _refused(quick_gate.post(login, quick_gate.platform.sign(claims)), "lti.token_malformed", quick_gate)


@pytest.mark.parametrize(
    "issuer", [f"{LMS}/", LMS.upper(), LMS[:-1], f"{LMS}.evil.example", LMS.replace("https", "http"), [LMS], f" {LMS}"]
)
def test_an_issuer_that_is_only_nearly_right_is_refused(quick_gate: Launching, issuer: object) -> None:  # A7
    assert _refused(quick_gate.launch(put={"iss": issuer}), "lti.issuer_mismatch", quick_gate)


@pytest.mark.parametrize("issuer", [f"{LMS}/", LMS.upper(), LMS[:-1], f"{LMS}.evil.example"])
def test_a_login_of_a_nearly_right_issuer_is_refused(quick_gate: Launching, issuer: str) -> None:  # A7, A15
    outcome = quick_gate.refused_login(iss=issuer)
    assert (outcome.status, outcome.code) == (400, "lti.issuer_unknown")


@pytest.mark.parametrize(
    ("audience", "azp", "code"),
    [
        (["client-1", "other"], None, "lti.audience_mismatch"),
        (["client-1", "other"], "other", "lti.azp_mismatch"),
        (["other", "client-1"], "other", "lti.azp_mismatch"),
        (["other"], "client-1", "lti.audience_mismatch"),
        ("client-1 other", "client-1", "lti.audience_mismatch"),
        ("client-10", "client-1", "lti.audience_mismatch"),
        (["client-1"], "", "lti.azp_mismatch"),
        ([["client-1"]], "client-1", "lti.audience_mismatch"),
    ],
)
def test_an_audience_that_is_not_ours_is_refused(
    quick_gate: Launching, audience: object, azp: str | None, code: str
) -> None:  # A8
    assert _refused(quick_gate.launch(put={"aud": audience, "azp": azp}), code, quick_gate)


def test_an_extra_audience_is_accepted_when_the_token_was_issued_to_us(quick_gate: Launching) -> None:  # A8
    assert quick_gate.launch(put={"aud": ["other", "client-1"], "azp": "client-1"}).code == "accepted"


@pytest.mark.parametrize("leeway", [0, 60, 300])
def test_times_are_held_to_the_registered_leeway(quick_gate: Launching, leeway: int) -> None:  # A9
    strict = _platform_with(quick_gate, leeway)
    now = int(quick_gate.clock().timestamp())
    cases = {
        "lti.expired": {"iat": now - 900, "exp": now - leeway - 1},
        "lti.issued_in_future": {"iat": now + leeway + 1},
        "lti.not_yet_valid": {"nbf": now + leeway + 1},
    }
    codes = [quick_gate.launch(platform=strict, put=put).code for put in cases.values()]
    assert codes == list(cases)


@pytest.mark.parametrize("leeway", [0, 60, 300])
def test_times_within_the_leeway_pass(quick_gate: Launching, leeway: int) -> None:  # A9
    lenient = _platform_with(quick_gate, leeway)
    now = int(quick_gate.clock().timestamp())
    puts = [{"exp": now - leeway}, {"iat": now + leeway}, {"nbf": now + leeway}]
    assert [quick_gate.launch(platform=lenient, put=put).code for put in puts] == ["accepted"] * 3


def _platform_with(world: Launching, leeway: int) -> SimulatedPlatform:
    return world.join(a_config(client_id="leeway"), leeway_seconds=leeway)


def _made_by_hand(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = [b64url(json.dumps(part).encode()) for part in (header, claims)]
    return f"{parts[0]}.{parts[1]}.{b64url(b'no signature')}"


def _signed_by_hand(world: Launching, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign with a header that keeps its nulls."""
    whole = {"alg": "RS256", "kid": world.platform.key.kid, **header}
    message = _made_by_hand(whole, claims).rpartition(".")[0]
    return f"{message}.{b64url(world.platform.key.signer('RS256')(message.encode()))}"
