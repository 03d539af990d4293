"""Carries one message to a receiver, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from gateway.services.events.signing import signed
from gateway.store.events.webhooks import Webhook
from keys.sealing import Sealer
from providers.contract import Failure, Http

_PURPOSE: Final = "webhook-secret"
_LONGEST_WAIT: Final = 3600.0


class Outcome(NamedTuple):
    """What a receiver answered. `reason` is None where it took the message; `is_gone`: it wants no more (410)."""

    reason: str | None
    is_gone: bool = False
    retry_after: float = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """Thread-safe. `http` is guarded (attack I2) and has limits for a receiver that thinks long."""

    sealer: Sealer
    http: Http
    now: Callable[[], datetime]

    def seal(self, webhook_id: str, secret: str) -> str:
        """Return a secret as it rests."""
        return self.sealer.seal(secret.encode(), purpose=_PURPOSE, bound_to=webhook_id.encode())

    def post(self, webhook: Webhook, id: str, document: Mapping[str, Any]) -> Outcome:
        """Send a message once."""
        body, now = msgspec.json.encode(document), self.now()
        headers = signed(id, body, self._secrets(webhook, now), now)
        try:
            reply = self.http.request("POST", webhook.url, headers, body=body)
        except Failure as failure:
            return Outcome(failure.code)
        if reply.ok:
            return Outcome(None)
        return Outcome(f"status {reply.status}", reply.status == 410, _seconds(reply.headers.get("retry-after")))

    def _secrets(self, webhook: Webhook, now: datetime) -> list[str]:
        """During a rotation the receiver may know either."""
        sealed = [webhook.secret_sealed]
        until = webhook.previous_secret_until
        if webhook.previous_secret_sealed is not None and until is not None and until > now:
            sealed.append(webhook.previous_secret_sealed)
        bound_to = webhook.id.encode()
        return [self.sealer.open(each, purpose=_PURPOSE, bound_to=bound_to).decode() for each in sealed]


def _seconds(text: str | None) -> float:
    return min(float(text), _LONGEST_WAIT) if text and text.isdigit() else 0
