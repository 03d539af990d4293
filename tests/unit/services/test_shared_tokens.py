"""Access tokens are asked for once among all processes, kept sealed while good, and forgotten when refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

import pytest

from gateway.services import shared_tokens
from gateway.services.shared_tokens import FETCH_SECONDS, SharedTokens, key_hash
from gateway.store import Store
from gateway.store.access_tokens import AccessTokenRows
from gateway.store.tables import access_tokens
from keys.sealing import Sealer
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


SECRET = b"s" * 32


@dataclass
class World:
    """One database and clock, and the processes that share them."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    naps: list[float] = field(default_factory=list)

    def process(self, secret: bytes = SECRET) -> SharedTokens:
        """Return what one process has."""
        return SharedTokens(AccessTokenRows(self.store), Sealer([secret]), self.clock, self.naps.append)


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.mark.parametrize(("seconds", "good_for"), [(3600, 3539), (60, 44), (4, 2)])
def test_a_token_is_kept_until_shortly_before_it_expires(world: World, seconds: int, good_for: int) -> None:
    clock, endpoint, tokens = world.clock, Endpoint(seconds), world.process()
    tokens.get(KEY, endpoint)
    clock.move(seconds=good_for)
    assert tokens.get(KEY, endpoint) == "token-1"
    clock.move(seconds=seconds - good_for)
    assert tokens.get(KEY, endpoint) == "token-2"


def test_a_token_without_a_life_is_not_kept(world: World) -> None:
    tokens, endpoint = world.process(), Endpoint(0)
    assert [tokens.get(KEY, endpoint), tokens.get(KEY, endpoint)] == ["token-1", "token-2"]


def test_another_key_has_another_token(world: World) -> None:
    tokens, endpoint = world.process(), Endpoint()
    assert tokens.get(KEY, endpoint) != tokens.get(("other",), endpoint)


def test_a_refused_token_is_forgotten_but_not_its_successor(world: World) -> None:
    tokens, endpoint = world.process(), Endpoint()
    old = tokens.get(KEY, endpoint)
    tokens.refused(KEY, old)
    new = tokens.get(KEY, endpoint)
    tokens.refused(KEY, old)
    assert (tokens.get(KEY, endpoint), new) == ("token-2", "token-2")


def test_of_many_who_ask_at_once_one_fetches(world: World) -> None:
    tokens, endpoint, gate = world.process(), Endpoint(), Event()

    def slow() -> Token:
        gate.wait(5)
        return endpoint()

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(tokens.get, KEY, slow) for _ in range(8)]
        gate.set()
        assert {each.result() for each in asked} == {"token-1"}


def test_a_fetch_that_fails_leaves_the_way_free(world: World) -> None:
    tokens = world.process()

    def down() -> Token:
        raise Unavailable("token.down", "down")

    with pytest.raises(Unavailable):
        tokens.get(KEY, down)
    assert tokens.get(KEY, Endpoint()) == "token-1"


def test_processes_share_a_token(world: World) -> None:
    endpoint = Endpoint()
    assert {world.process().get(KEY, endpoint) for _ in range(3)} == {"token-1"}


def test_a_token_refused_in_one_process_is_forgotten_in_all(world: World) -> None:
    endpoint, one, other = Endpoint(), world.process(), world.process()
    old = one.get(KEY, endpoint)
    assert other.get(KEY, endpoint) == old
    one.refused(KEY, old)
    assert one.get(KEY, endpoint) == "token-2"
    other.refused(KEY, old)
    assert other.get(KEY, endpoint) == "token-2"


def test_while_one_process_fetches_the_others_wait(world: World) -> None:
    rows = AccessTokenRows(world.store)
    assert rows.claim_fetch(key_hash(KEY), world.clock(), world.clock() + timedelta(seconds=9))
    assert not rows.claim_fetch(key_hash(KEY), world.clock(), world.clock() + timedelta(seconds=9))
    with pytest.raises(Unavailable, match=r"token\.busy"):
        world.process().get(KEY, Endpoint())
    assert sum(world.naps) == pytest.approx(FETCH_SECONDS)


def test_a_process_that_died_fetching_holds_up_nobody_for_long(world: World) -> None:
    AccessTokenRows(world.store).claim_fetch(key_hash(KEY), world.clock(), world.clock() + timedelta(seconds=9))
    world.clock.move(seconds=9)
    assert world.process().get(KEY, Endpoint()) == "token-1"


def test_no_token_stands_in_the_database(world: World) -> None:  # J3
    world.process().get(KEY, Endpoint())
    with world.store.statements() as connection:
        assert "token-1" not in str(connection.execute(access_tokens.select()).one())


def test_what_another_secret_sealed_is_fetched_anew(world: World) -> None:
    endpoint = Endpoint()
    world.process(b"t" * 32).get(KEY, endpoint)
    assert world.process().get(KEY, endpoint) == "token-2"


def test_keys_with_any_sign_in_them_are_kept_apart() -> None:
    assert len({key_hash(key) for key in [("a", "b"), ("ab",), ("a", "b", ""), ("a\0b",), ("1:a1:b",)]}) == 5


def test_many_keys_do_not_fill_the_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_tokens, "_MOST", 2)
    tokens, endpoint = world.process(), Endpoint()
    for name in "abc":
        tokens.get((name,), endpoint)
    assert tokens.get(("a",), endpoint) == "token-1"
