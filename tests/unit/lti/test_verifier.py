"""The verifier ends in a proof or in a failure with a code of the catalogue, whatever the claims hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.lti.catalogue import REASONS, refusal
from gateway.lti.second_opinion import check_second_opinion
from gateway.lti.state import new_state
from gateway.lti.trace import Trace, read_trace
from gateway.lti.verifier import verify
from keys.remote_faults import KeySetInvalid, KeySetUnavailable, RemoteKeyFault, UnknownKey
from keys.remote_key import RemoteKey
from providers.contract import Failure, LtiEndpoints, Untrusted
from providers.kit.lti import claims as names
from providers.kit.simulator import SimulatedPlatform
from tests.support.key_stores import Clock
from tests.support.launching import a_config, platform_key

CONFIG = a_config()
PLATFORM = SimulatedPlatform(CONFIG, key=platform_key(0), now=Clock())
NOW = Clock()().timestamp()
ENDPOINTS = LtiEndpoints(CONFIG.issuer, CONFIG.client_id, "https://lms.example/auth", "https://lms.example/jwks")
STATE, _ = new_state(str(UUID(int=1)), CONFIG.target_link_uri, None, int(NOW))
_ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.just("id"), inner, max_size=3),
    max_leaves=5,
)


class Keys:
    """A key set with the platform's key in it, or a fault; `numbers` are the keys it had, the newest last."""

    def __init__(self, fault: RemoteKeyFault | None = None, numbers: tuple[int, ...] = (0,)) -> None:
        self.fault, self.numbers = fault, numbers

    def find(self, url: str, kid: str) -> RemoteKey:
        if self.fault is not None:
            raise self.fault
        return self._key(kid, self.numbers[0])

    def find_other(self, url: str, than: RemoteKey) -> RemoteKey:
        if len(self.numbers) == 1:
            raise UnknownKey("unknown-kid")
        return self._key(than.kid, self.numbers[-1])

    def _key(self, kid: str, number: int) -> RemoteKey:
        return RemoteKey(kid, frozenset({"RS256"}), platform_key(number).private.public_key())


def _claims() -> dict[str, Any]:
    return PLATFORM.launch_claims("sam", nonce=STATE.nonce_text)


def _end(claims: dict[str, Any], fault: RemoteKeyFault | None = None) -> str:
    trace = Trace()
    try:
        verify(PLATFORM.sign(claims), state=STATE, endpoints=ENDPOINTS, keys=Keys(fault), now=NOW, trace=trace)
    except Failure as failure:
        return failure.code
    return "proven"


def test_a_right_launch_is_proven() -> None:
    assert _end(_claims()) == "proven"


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted([*_claims(), names.CONTEXT, "nbf", "azp"])), _ANY)
def test_any_value_of_any_claim_is_proven_or_refused_with_a_known_code(name: str, value: object) -> None:
    assert _end({**_claims(), name: value}) in {"proven", *REASONS}


@given(st.dictionaries(st.sampled_from(["alg", "kid", "crit", "typ", "jku", "b64", "zip"]), _ANY))
def test_any_header_is_refused_with_a_known_code_or_proven(header: dict[str, Any]) -> None:
    token, end = PLATFORM.sign(_claims(), header=header), "proven"
    try:
        verify(token, state=STATE, endpoints=ENDPOINTS, keys=Keys(), now=NOW, trace=Trace())
    except Failure as failure:
        end = failure.code
    assert end in {"proven", *REASONS}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (UnknownKey("unknown"), "lti.kid_unknown"),
        (KeySetUnavailable("timeout"), "lti.key_set_unavailable"),
        (KeySetInvalid("invalid-json"), "lti.key_set_unavailable"),
    ],
)
def test_a_key_that_can_not_be_had_has_its_own_code(fault: RemoteKeyFault, code: str) -> None:
    assert _end(_claims(), fault) == code


@pytest.mark.parametrize(
    ("numbers", "code"),
    [((0,), "proven"), ((1, 0), "proven"), ((1,), "lti.signature_invalid"), ((1, 2), "lti.signature_invalid")],
)
def test_a_key_under_a_known_kid_is_looked_up_once_more_when_it_does_not_fit(  # A5
    numbers: tuple[int, ...], code: str
) -> None:
    token, end, trace = PLATFORM.sign(_claims()), "proven", Trace()
    try:
        verify(token, state=STATE, endpoints=ENDPOINTS, keys=Keys(numbers=numbers), now=NOW, trace=trace)
    except Failure as failure:
        end = failure.code
    assert end == code
    assert (("key", "ok", "read anew") in trace.steps) == (numbers == (1, 0))


def test_the_trace_lists_every_check_in_order() -> None:
    trace = Trace()
    verify(PLATFORM.sign(_claims()), state=STATE, endpoints=ENDPOINTS, keys=Keys(), now=NOW, trace=trace)
    trace.failed("hand-off", "handoff.no_application")
    trace.failed("times", "lti.expired", "61 s ago")
    checks = [check for check, _, _ in read_trace(trace.text())]
    assert checks[:6] == ["token", "algorithm", "key", "signature", "issuer", "audience"]
    assert read_trace(trace.text())[-2:] == [
        ("hand-off", "failed", "handoff.no_application"),
        ("times", "failed", "lti.expired: 61 s ago"),
    ]


def test_the_second_opinion_objects_on_its_own() -> None:
    claims = {**_claims(), names.VERSION: "1.1"}
    with pytest.raises(Untrusted) as refused:
        check_second_opinion(claims)
    assert refused.value.code == "lti.message_invalid"


def test_the_second_opinion_knows_the_message_types_we_take() -> None:
    with pytest.raises(Untrusted, match="no validator"):
        check_second_opinion({**_claims(), names.MESSAGE_TYPE: "LtiInvented"})


def test_the_second_opinion_leaves_anonymous_launches_to_us() -> None:
    check_second_opinion({})


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_says_what_to_do(code: str) -> None:
    failure, reason = refusal(code, "detail"), REASONS[code]
    assert (failure.code, failure.detail) == (code, "detail")
    assert reason.person.endswith((".", "!"))
    assert reason.administrator.endswith(".")
    assert reason.spec
