"""A call with an Idempotency-Key happens once: its repetition gets the same answer, whatever worker it meets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from gateway.services.api.callers import Caller
from gateway.store import Connection, Store
from gateway.store.api_answers import answer_of_key, claim_answer, keep_answer
from keys.sealing import Sealer, fingerprint
from providers.contract import BadData, Misconfigured

KEPT: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255
_PURPOSE: Final = "api-answer"


@dataclass(frozen=True, slots=True)
class Repeating:
    """Thread-safe. Answers may hold secrets that are shown once, so they rest sealed."""

    store: Store
    sealer: Sealer
    now: Callable[[], datetime]

    def once(
        self, caller: Caller, key: str | None, asked: str, make: Callable[[Connection], dict[str, Any]]
    ) -> dict[str, Any]:
        """Return what `make` answers in one transaction, or what it answered this caller's key before.

        A failure is not kept: the same key may try again. `asked` is the request's method, address and body.

        Raises:
            BadData: ``api.idempotency_key_invalid``.
            Misconfigured: ``api.idempotency_key_reused``: the key came with another request.
        """
        if key is None:
            with self.store.transaction() as connection:
                return make(connection)
        if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise BadData("api.idempotency_key_invalid", f"An Idempotency-Key has 1 to {LONGEST_KEY} plain characters.")
        at, key_hash, request_hash = self.now(), fingerprint(f"{caller.actor}\n{key}"), fingerprint(asked)
        with self.store.transaction() as connection:
            if claim_answer(connection, key_hash, request_hash, at=at, until=at + KEPT):
                answer = make(connection)
                sealed = self.sealer.seal(json.dumps(answer).encode(), purpose=_PURPOSE, bound_to=key_hash)
                keep_answer(connection, key_hash, sealed)
                return answer
            before = answer_of_key(connection, key_hash)
        if before.request_hash != request_hash:
            raise Misconfigured("api.idempotency_key_reused", "This Idempotency-Key came with another request before.")
        told: dict[str, Any] = json.loads(self.sealer.open(before.sealed, purpose=_PURPOSE, bound_to=key_hash))
        return told
