"""Who is signed in: on the server's side, because the claims of a launch can outgrow a cookie's 4 KB."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock
from typing import Any

MOST = 500


class Remembered:
    """Claims by a random key, in memory; the oldest make room for new ones."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lock = Lock()

    def keep(self, claims: dict[str, Any]) -> str:
        """Keep claims and return their key: a new one at each sign-in."""
        key = secrets.token_urlsafe(24)
        with self._lock:
            self._people[key] = claims
            if len(self._people) > MOST:
                self._people.popitem(last=False)
        return key

    def recall(self, key: object) -> dict[str, Any] | None:
        """Return the claims of a key, if they are still here."""
        return self._people.get(key) if isinstance(key, str) else None
