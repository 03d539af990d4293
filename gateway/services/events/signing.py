"""Signs messages as the Standard Webhooks specification says (attack I1).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
_SIZE: Final = 32  # bytes; the specification wants 24 to 64


def new_secret() -> str:
    """Return a signing secret as receivers enter it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SIZE)).decode()


def signed(id: str, body: bytes, secrets_: Iterable[str], now: datetime) -> dict[str, str]:
    """Return a message's headers: one signature for each secret that counts now."""
    timestamp = str(int(now.timestamp()))
    content = b".".join((id.encode(), timestamp.encode(), body))
    signatures = (_signature(each, content) for each in secrets_)
    return {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
