"""Passwords: argon2id in a bounded pool of its own, so that many sign-ins at once never starve launches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from providers.contract import Unavailable

# OWASP's second choice: 19 MiB, two passes, one lane: about 30 ms here. The hash names them, so they may change.
TIME_COST, MEMORY_KIB, LANES = 2, 19456, 1
AT_ONCE: Final = 2
MOST_WAITING: Final = 64  # two seconds' work; who comes then is told to come again
WAIT_SECONDS: Final = 10.0
LONGEST: Final = 128
# Of random bytes that nobody kept: what a password is held against where there is no account.
_NOBODYS: Final = "$argon2id$v=19$m=19456,t=2,p=1$MDr70TCSgZhl+NJ42JVdYw$6srPKCla23OqcBrHSCxp4W4tWxuHqkzVwHb/tOFP7LU"
Result = TypeVar("Result")


class Passwords:
    """Thread-safe. The GIL is free while a hash is made, so the pool is what bounds processor and memory."""

    def __init__(self, *, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING, wait: float = WAIT_SECONDS) -> None:
        self._hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._free, self._lock = Semaphore(at_once), Lock()
        self._most, self._inside, self._wait = at_once + most_waiting, 0, wait

    def hash(self, password: str) -> str:
        """Return what is kept of a password. Raises Unavailable (``native.busy``)."""
        return self._in_turn(lambda: self._hasher.hash(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Return whether it is the password. Without a hash it takes as long and is never (attack E2).

        Raises:
            Unavailable: ``native.busy``: too many wait already.
        """
        known = kept or _NOBODYS
        found = len(password) <= LONGEST and self._in_turn(lambda: self._verify(password, known))
        return found and kept is not None

    def is_old(self, kept: str) -> bool:
        """Return whether a hash was made with other parameters than new ones are."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    def _in_turn(self, work: Callable[[], Result]) -> Result:
        with self._place(), self._turn():
            return work()

    @contextmanager
    def _place(self) -> Iterator[None]:
        with self._lock:
            if self._inside >= self._most:
                raise _busy()
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._free.acquire(timeout=self._wait):
            raise _busy()
        try:
            yield
        finally:
            self._free.release()


def _busy() -> Unavailable:
    return Unavailable(
        "native.busy", "Many people are signing in just now. Please try again in a few seconds.", retry_after=5
    )
