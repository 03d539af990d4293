"""Limits how often something may be tried: per code, session, account, tenant and address together (attack E1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from gateway.store import Store
from gateway.store.native.attempts import count_attempt, forget_attempts, uncount_attempt
from keys.sealing import fingerprint
from providers.contract import Unavailable


class Budget(NamedTuple):
    """At most `most` tries `within` a window, for one `key` of what `name` limits, such as one session's guesses."""

    name: str
    key: str
    most: int
    within: timedelta

    @property
    def key_hash(self) -> bytes:
        """What the database keeps: the key itself may be a code or an address."""
        return fingerprint(f"{self.name}\n{self.key}")


@dataclass(frozen=True, slots=True)
class Limiter:
    """Thread-safe, and shared by all processes through the database.

    Count before looking, so that guesses sent at once are all counted, and take the count back after a success.
    """

    store: Store
    now: Callable[[], datetime]

    def count(self, budgets: Iterable[Budget]) -> None:
        """Count one try against every budget, also when an earlier one is spent.

        Raises:
            Unavailable: ``native.too_many_tries``: one of them is spent; `retry_after` has the seconds.
        """
        at, wait = self.now(), 0.0
        for budget in budgets:
            with self.store.statements() as connection:
                spent = count_attempt(connection, budget.key_hash, at=at, until=at + budget.within)
            if spent.spent > budget.most:
                wait = max(wait, (spent.expires_at - at).total_seconds())
        if wait:
            raise Unavailable(
                "native.too_many_tries",
                f"That was tried too often. Please wait {_in_words(wait)} and try again.",
                retry_after=wait,
            )

    def take_back(self, budgets: Iterable[Budget]) -> None:
        """Begin these counts anew, as what was tried turned out well."""
        with self.store.statements() as connection:
            forget_attempts(connection, [budget.key_hash for budget in budgets])

    def give_back(self, budgets: Iterable[Budget]) -> None:
        """Count this one try not: it turned out well, and the failed ones before it stay counted.

        For what a guesser could turn back by a success of his own, such as an address.
        """
        with self.store.statements() as connection:
            uncount_attempt(connection, [budget.key_hash for budget in budgets])


def _in_words(seconds: float) -> str:
    minutes = int(seconds // 60) + 1
    if minutes == 1:
        return "a minute"
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60 + 1} hours"
