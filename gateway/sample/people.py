"""Who is signed in: on the server's side, because the claims of a launch can outgrow a cookie's 4 KB."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock
from typing import Any, NamedTuple

MOST = 500


class Visit(NamedTuple):
    """One sign-in: what the ID token said, and the token that asks the gateway."""

    claims: dict[str, Any]
    access_token: str


class Remembered:
    """Visits by a random key, in memory; the oldest make room for new ones."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, Visit] = OrderedDict()
        self._lock = Lock()

    def keep(self, visit: Visit) -> str:
        """Keep a visit and return their key: a new one at each sign-in."""
        key = secrets.token_urlsafe(24)
        with self._lock:
            self._people[key] = visit
            if len(self._people) > MOST:
                self._people.popitem(last=False)
        return key

    def recall(self, key: object) -> Visit | None:
        """Return the visit of a key, if it is still here."""
        return self._people.get(key) if isinstance(key, str) else None
