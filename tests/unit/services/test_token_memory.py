"""Access tokens are asked for once, kept while good, and forgotten when refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from gateway.services.token_memory import TokenMemory
from providers.contract import Token, Unavailable
from tests.support.key_stores import Clock

KEY = ("integration", "https://school.example/token", "scope")


class Endpoint:
    """Hands out numbered tokens."""

    def __init__(self, seconds: int = 3600) -> None:
        self.seconds, self.asked = seconds, 0

    def __call__(self) -> Token:
        self.asked += 1
        return Token(f"token-{self.asked}", self.seconds)


@pytest.mark.parametrize(("seconds", "good_for"), [(3600, 3539), (60, 44), (4, 2)])
def test_a_token_is_kept_until_shortly_before_it_expires(seconds: int, good_for: int) -> None:
    clock, endpoint = Clock(), Endpoint(seconds)
    tokens = TokenMemory(clock)
    tokens.get(KEY, endpoint)
    clock.move(seconds=good_for)
    assert tokens.get(KEY, endpoint) == "token-1"
    clock.move(seconds=seconds - good_for)
    assert tokens.get(KEY, endpoint) == "token-2"


def test_a_token_without_a_life_is_not_kept() -> None:
    tokens, endpoint = TokenMemory(Clock()), Endpoint(0)
    assert [tokens.get(KEY, endpoint), tokens.get(KEY, endpoint)] == ["token-1", "token-2"]


def test_another_key_has_another_token() -> None:
    tokens, endpoint = TokenMemory(Clock()), Endpoint()
    assert tokens.get(KEY, endpoint) != tokens.get(("other",), endpoint)


def test_a_refused_token_is_forgotten_but_not_its_successor() -> None:
    tokens, endpoint = TokenMemory(Clock()), Endpoint()
    old = tokens.get(KEY, endpoint)
    tokens.refused(KEY, old)
    new = tokens.get(KEY, endpoint)
    tokens.refused(KEY, old)
    assert (tokens.get(KEY, endpoint), new) == ("token-2", "token-2")


def test_of_many_who_ask_at_once_one_fetches() -> None:
    tokens, endpoint, gate = TokenMemory(Clock()), Endpoint(), Event()

    def slow() -> Token:
        gate.wait(5)
        return endpoint()

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(tokens.get, KEY, slow) for _ in range(8)]
        gate.set()
        assert {each.result() for each in asked} == {"token-1"}


def test_a_fetch_that_fails_leaves_the_way_free() -> None:
    tokens = TokenMemory(Clock())

    def down() -> Token:
        raise Unavailable("token.down", "down")

    with pytest.raises(Unavailable):
        tokens.get(KEY, down)
    assert tokens.get(KEY, Endpoint()) == "token-1"
