"""Access tokens in memory, for tests of rooms that need no database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from providers.contract import Token

# Enough for a request that is on its way while its token expires, and for clocks that differ a little.
_EARLY = timedelta(seconds=60)


class TokenMemory:
    """A `providers.contract.Tokens`; thread-safe."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[tuple[str, ...], tuple[str, datetime]] = {}
        self._fetching: dict[tuple[str, ...], Lock] = {}

    def get(self, key: tuple[str, ...], fetch: Callable[[], Token]) -> str:
        """Return the token of `key`, or what `fetch` brings; whoever comes meanwhile waits for that one."""
        with self._fetching.setdefault(key, Lock()):
            known = self._known.get(key)
            if known is not None and self._now() < known[1]:
                return known[0]
            token = fetch()
            life = timedelta(seconds=token.seconds)
            self._known[key] = (token.value, self._now() + life - min(_EARLY, life / 4))
            return token.value

    def refused(self, key: tuple[str, ...], value: str) -> None:
        """Forget a token that was answered with 401, unless a newer one has taken its place."""
        with self._fetching.setdefault(key, Lock()):
            if key in self._known and self._known[key][0] == value:
                del self._known[key]
