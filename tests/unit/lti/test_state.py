"""The sealed state of a login: it comes back whole, or not at all (A12)."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.lti.state import LIFETIME_SECONDS, cookie_name, new_state, open_state, seal_state
from keys.sealing import Sealer
from providers.contract import BadData

REGISTRATION = str(UUID(int=7))
SEALER = Sealer([b"a secret that is long enough for it"])
NOW = 1_700_000_000


def _code(text: str, now: int = NOW) -> str:
    with pytest.raises(BadData) as refused:
        open_state(text, SEALER, now)
    return refused.value.code


@given(st.uuids(), st.text(), st.none() | st.text(min_size=1), st.integers(0, 2**40))
def test_a_state_comes_back_as_it_left(registration: UUID, target: str, hint: str | None, now: int) -> None:
    state, secret = new_state(str(registration), target, hint, now)
    opened = open_state(seal_state(state, SEALER), SEALER, now)
    assert opened == state
    assert opened.is_target(target)
    assert opened.is_browser(secret)
    assert opened.allows_deployment(hint or "any")


def test_a_state_names_one_target_one_browser_and_one_deployment() -> None:
    state, _ = new_state(REGISTRATION, "https://a.example", "1", NOW)
    assert not state.is_target("https://b.example")
    assert not state.is_browser("another")
    assert not state.is_browser(None)
    assert not state.allows_deployment("2")


def test_two_logins_have_nothing_in_common() -> None:
    (first, one), (second, other) = (new_state(REGISTRATION, "t", None, NOW) for _ in range(2))
    assert first.nonce_text != second.nonce_text
    assert one != other
    assert seal_state(first, SEALER) != seal_state(first, SEALER)


def test_every_changed_letter_is_noticed() -> None:
    text = seal_state(new_state(REGISTRATION, "t", None, NOW)[0], SEALER)
    for place, letter in enumerate(text):
        changed = text[:place] + ("A" if letter != "A" else "B") + text[place + 1 :]
        assert _code(changed) == "lti.state_invalid"


@given(st.text())
def test_any_text_that_we_did_not_seal_is_refused(text: str) -> None:
    assert _code(text) == "lti.state_invalid"


def test_a_text_sealed_for_another_purpose_is_refused() -> None:
    assert _code(SEALER.seal(b"x" * 97, purpose="other")) == "lti.state_invalid"


@pytest.mark.parametrize("packed", [b"short", b"\x09" + bytes(104), bytes(104)])
def test_a_state_of_another_layout_is_refused(packed: bytes) -> None:
    assert _code(SEALER.seal(packed, purpose="lti-state")) == "lti.state_invalid"


def test_a_state_of_another_version_is_refused() -> None:
    raw = SEALER.open(seal_state(new_state(REGISTRATION, "t", None, NOW)[0], SEALER), purpose="lti-state")
    assert _code(SEALER.seal(b"\x09" + raw[1:], purpose="lti-state")) == "lti.state_invalid"


@pytest.mark.parametrize("after", [LIFETIME_SECONDS + 1, -61])
def test_a_state_past_its_time_or_from_the_future_is_refused(after: int) -> None:
    text = seal_state(new_state(REGISTRATION, "t", None, NOW)[0], SEALER)
    assert _code(text, NOW + after) == "lti.state_expired"


@pytest.mark.parametrize("after", [0, LIFETIME_SECONDS, -60])
def test_a_state_in_its_time_is_good(after: int) -> None:
    text = seal_state(new_state(REGISTRATION, "t", None, NOW)[0], SEALER)
    assert open_state(text, SEALER, NOW + after).registration_id == REGISTRATION


def test_a_cookie_is_named_after_its_state() -> None:
    assert cookie_name("a", is_https=True).startswith("__Host-lti-")
    assert cookie_name("a", is_https=False).startswith("lti-")
    assert cookie_name("a", is_https=False) != cookie_name("b", is_https=False)
