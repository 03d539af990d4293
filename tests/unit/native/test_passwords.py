"""Passwords are hashed in a pool that has an end, so that sign-ins can't take the processor from launches."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from gateway.services.native.passwords import LONGEST, Passwords
from providers.contract import Unavailable


def test_a_password_is_known_again_and_no_other_is() -> None:
    passwords = Passwords()
    kept = passwords.hash("seven purple herons")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches("seven purple herons", kept)
    assert not passwords.matches("seven purple heron", kept)
    assert not passwords.matches("x" * (LONGEST + 1), kept)
    assert not passwords.matches("seven purple herons", None)
    assert not passwords.matches("any", "not a hash")


def test_hashes_with_other_parameters_are_known_as_old() -> None:
    passwords = Passwords()
    assert not passwords.is_old(passwords.hash("seven purple herons"))
    assert passwords.is_old("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhcw")


@pytest.mark.parametrize("most_waiting", [0, 1], ids=["no room to wait", "no turn comes"])
def test_who_would_wait_too_long_is_told_to_come_again(most_waiting: int) -> None:
    passwords, held, free = Passwords(at_once=1, most_waiting=most_waiting, wait=0.01), Event(), Event()

    def hold() -> str:
        held.set()
        assert free.wait(10)
        return "hash"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(passwords._in_turn, hold)
        assert held.wait(10)
        with pytest.raises(Unavailable, match=r"native\.busy"):
            passwords.hash("another")
        free.set()
        assert first.result(10) == "hash"
    assert passwords.hash("now there is room")
