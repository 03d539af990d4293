"""A launch that waits for its browser: sealed, bound to its state, for two minutes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.lti.waiting import LIFETIME_SECONDS, Waiting, open_waiting, seal_waiting
from keys.sealing import Sealer
from providers.contract import BadData

SEALER = Sealer([b"a secret that is long enough for it"])
LAUNCH = Waiting("head.body.signature", 1_700_000_000.25)


def _code(text: str, state: str = "state", now: float = LAUNCH.arrived_at) -> str:
    with pytest.raises(BadData) as refused:
        open_waiting(text, state, SEALER, now)
    return refused.value.code


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_a_waiting_launch_comes_back_as_it_left(token: str, state: str) -> None:
    waiting = Waiting(token, 1_700_000_000.25)
    assert open_waiting(seal_waiting(waiting, state, SEALER), state, SEALER, 1_700_000_001) == waiting


def test_its_text_shows_nothing_of_the_token() -> None:
    assert "body" not in seal_waiting(LAUNCH, "state", SEALER)


def test_it_opens_with_its_own_state_only() -> None:
    assert _code(seal_waiting(LAUNCH, "state", SEALER), "other") == "lti.state_invalid"


@given(st.text())
def test_what_we_did_not_seal_is_refused(text: str) -> None:
    assert _code(text) == "lti.state_invalid"


@pytest.mark.parametrize("after", [LIFETIME_SECONDS + 1, -61])
def test_it_does_not_wait_longer(after: int) -> None:
    assert _code(seal_waiting(LAUNCH, "state", SEALER), now=LAUNCH.arrived_at + after) == "lti.state_expired"
