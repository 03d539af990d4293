"""What is forgotten when, and what stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.housekeeper import keep_house
from gateway.store import housekeeping
from gateway.store.housekeeping import forget_old
from gateway.store.tables import authorization_codes, launches, sessions, tokens
from tests.support.launching import Launching, launching


@pytest.fixture
def world(database_url: str) -> Iterator[Launching]:
    """A gate where one person launched and signed in."""
    with launching(database_url) as both:
        both.sign_in(both.launch())
        yield both


def _sizes(world: Launching) -> list[int]:
    return [world.count(table) for table in (launches, sessions, authorization_codes, tokens)]


def _forget(world: Launching) -> int:
    return forget_old(world.store, now=world.clock(), trace_days=90)


def test_what_is_fresh_stays(world: Launching) -> None:
    before = _sizes(world)
    world.clock.move(hours=23)
    assert _forget(world) == 0
    assert _sizes(world) == before
    assert world.rows(launches)[0]["claims"] is not None


def test_claims_codes_and_tokens_go_after_their_day(world: Launching) -> None:
    world.clock.move(days=3)
    assert _forget(world) > 0
    assert _sizes(world) == [1, 1, 0, 0]
    assert world.rows(launches)[0]["claims"] is None
    assert _forget(world) == 0


def test_traces_and_sessions_go_after_the_days_that_were_set(world: Launching) -> None:
    world.clock.move(days=91)
    _forget(world)
    assert _sizes(world) == [0, 0, 0, 0]


def test_a_session_stays_while_it_has_a_token(world: Launching) -> None:
    world.clock.move(days=91)
    world.change(tokens, expires_at=world.clock())
    _forget(world)
    assert _sizes(world)[1] == 1


def test_a_round_goes_on_until_nothing_is_left(world: Launching, monkeypatch: pytest.MonkeyPatch) -> None:
    world.launch("tia")
    world.launch("robin")
    monkeypatch.setattr(housekeeping, "BATCH", 1)
    monkeypatch.setattr("gateway.housekeeper.BATCH", 1)
    world.clock.move(days=91)
    assert keep_house(world.gate) >= 3
    assert _sizes(world) == [0, 0, 0, 0]
