"""The keyring: keys made once, rotated with overlap, published, and never at rest in clear."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from joserfc import jws
from joserfc.jwk import KeySet, RSAKey

from keys.keyring import Keyring, NoActiveKey
from keys.own_tokens import TokenRefused
from keys.sealing import SealBroken, Sealer
from keys.signing import generate_key
from keys.stores import SigningKeyRow
from tests.support.key_sets import rsa_key
from tests.support.key_stores import Clock, MemoryKeyStore

SEALER = Sealer([b"s" * 32])


class Room:
    """A store, a clock, and keyrings as several processes would hold them."""

    def __init__(self) -> None:
        self.store, self.clock = MemoryKeyStore(), Clock()
        self._numbers = count()

    def keyring(self) -> Keyring:
        return Keyring(self.store, SEALER, self.clock, generate=lambda: rsa_key(next(self._numbers)))

    def ready(self) -> Keyring:
        keyring = self.keyring()
        keyring.ensure()
        return keyring


@pytest.fixture
def room() -> Room:
    return Room()


def states(keyring: Keyring, use: str = "oidc") -> list[str]:
    return [key.state for key in keyring.published() if key.use == use]


def test_a_first_start_makes_an_active_and_a_next_key_for_each_use(room: Room) -> None:
    keyring = room.ready()
    assert (states(keyring, "lti"), states(keyring, "oidc")) == (["active", "next"], ["active", "next"])


def test_a_later_start_makes_no_keys(room: Room) -> None:
    before = room.ready().public_jwks()
    assert room.ready().public_jwks() == before


def test_starts_at_once_end_with_the_same_keys(room: Room) -> None:
    keyrings = [room.keyring() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Keyring.ensure, keyrings))
    assert len(room.store.rows) == 4
    assert len({keyring.active("lti").kid for keyring in keyrings}) == 1


def test_a_made_key_has_2048_bits_and_its_thumbprint_as_kid() -> None:
    room = Room()
    keyring = Keyring(room.store, SEALER, room.clock, generate=generate_key)
    keyring.ensure()
    key = keyring.active("oidc")
    assert key.private_key.key_size == 2048
    assert key.kid == RSAKey.import_key(dict(key.public_jwk)).thumbprint()


def test_no_key_before_the_first_start(room: Room) -> None:
    with pytest.raises(NoActiveKey):
        room.keyring().active("lti")


def test_a_signed_token_verifies_with_a_stock_library_and_the_published_keys(room: Room) -> None:
    keyring = room.ready()
    token = keyring.sign("oidc", {"sub": "é1"}, typ="at+jwt")
    found = jws.deserialize_compact(token, KeySet.import_key_set(keyring.public_jwks()))  # type: ignore[arg-type]
    assert found.headers() == {"alg": "RS256", "kid": keyring.active("oidc").kid, "typ": "at+jwt"}
    assert json.loads(found.payload) == {"sub": "é1"}


def test_published_keys_are_public_and_say_what_they_are_for(room: Room) -> None:
    for jwk in room.ready().public_jwks()["keys"]:
        assert set(jwk) == {"kty", "use", "alg", "kid", "n", "e"}
        assert (jwk["use"], jwk["alg"]) == ("sig", "RS256")


# J3
def test_a_private_key_never_rests_in_clear_or_shows_in_a_repr(room: Room) -> None:
    keyring = room.ready()
    numbers = keyring.active("lti").private_key.private_numbers()
    resting = repr(list(room.store.rows.values()))
    assert '"d"' not in resting
    assert str(numbers.d) not in repr(keyring.active("lti"))
    assert "private_key" not in repr(keyring.active("lti"))


def test_a_sealed_key_moved_to_another_row_does_not_open(room: Room) -> None:
    room.ready()
    first, second, *_ = room.store.rows.values()
    room.store.rows[first.kid] = replace(first, sealed_private_jwk=second.sealed_private_jwk)
    with pytest.raises(SealBroken):
        room.keyring().active("lti")


def test_a_sealed_public_key_is_no_signing_key(room: Room) -> None:
    room.ready()
    row: SigningKeyRow = next(iter(room.store.rows.values()))
    sealed = SEALER.seal(json.dumps(dict(row.public_jwk)).encode(), purpose="signing-key", bound_to=row.kid.encode())
    room.store.rows[row.kid] = replace(row, sealed_private_jwk=sealed)
    with pytest.raises(SealBroken):
        room.keyring().active("lti")


def test_rotation_makes_next_active_and_publishes_a_fresh_next(room: Room) -> None:
    keyring = room.ready()
    expected = [key.kid for key in keyring.published() if key.use == "oidc" and key.state == "next"]
    assert list(keyring.rotate("oidc")) == expected
    assert keyring.active("oidc").kid == expected[0]
    assert states(keyring) == ["retiring", "active", "next"]
    assert states(keyring, "lti") == ["active", "next"]


def test_rotation_without_a_use_rotates_both(room: Room) -> None:
    keyring = room.ready()
    assert len(keyring.rotate()) == 2
    assert states(keyring, "lti") == ["retiring", "active", "next"]


def test_rotation_before_the_first_start_is_refused(room: Room) -> None:
    with pytest.raises(NoActiveKey):
        room.keyring().rotate("lti")


def test_two_rotations_at_the_same_moment_are_one(room: Room) -> None:
    keyring, other = room.ready(), room.keyring()
    stale = room.store.load()
    other.rotate("oidc")
    room.store.load = lambda: stale  # type: ignore[method-assign]  # what this process read a moment before
    keyring.rotate("oidc")
    del room.store.load
    assert states(room.keyring()) == ["retiring", "active", "next"]


# G5
def test_a_token_signed_before_a_rotation_still_verifies(room: Room) -> None:
    keyring = room.ready()
    token = keyring.sign("oidc", {"sub": "1"})
    keyring.rotate("oidc")
    assert keyring.verify("oidc", token) == {"sub": "1"}


# G5
def test_a_retiring_key_goes_when_overlap_and_token_life_are_over(room: Room) -> None:
    keyring = room.ready()
    token = keyring.sign("oidc", {})
    keyring.rotate("oidc")
    room.clock.move(days=7, seconds=1)
    assert len(keyring.retire_due(timedelta(hours=1))) == 1
    assert states(keyring) == ["active", "next"]
    with pytest.raises(TokenRefused):
        keyring.verify("oidc", token)


# G5
@pytest.mark.parametrize(("life", "days"), [(timedelta(hours=1), 7), (timedelta(days=30), 29)])
def test_a_retiring_key_stays_while_a_token_may_live(room: Room, life: timedelta, days: int) -> None:
    keyring = room.ready()
    keyring.rotate("oidc")
    room.clock.move(days=days)
    assert keyring.retire_due(life) == ()
    assert states(keyring) == ["retiring", "active", "next"]


def test_a_rotation_in_another_process_is_seen_within_the_reread_time(room: Room) -> None:
    keyring, other = room.ready(), room.keyring()
    (kid,) = other.rotate("oidc")
    assert keyring.active("oidc").kid != kid
    room.clock.move(seconds=30)
    assert keyring.active("oidc").kid == kid


def test_signing_reads_the_store_only_when_due(room: Room) -> None:
    keyring = room.ready()
    before = room.store.loads
    for _ in range(10):
        keyring.sign("lti", {})
    assert room.store.loads == before


def test_a_thread_does_not_wait_for_another_that_reads(room: Room) -> None:
    keyring = room.ready()
    room.clock.move(minutes=5)
    with keyring._reading:
        assert keyring.active("lti").use == "lti"


def test_a_token_of_a_key_not_seen_yet_is_looked_up_at_once(room: Room) -> None:
    keyring, other = room.ready(), room.keyring()
    other.rotate("oidc")
    other.rotate("oidc")
    room.clock.move(seconds=1)
    assert keyring.verify("oidc", other.sign("oidc", {"n": 1})) == {"n": 1}
