"""Why a call did not happen or brought nothing; messages name a host and a code, never a path, query or body."""

from __future__ import annotations

from typing import Literal

Reason = Literal["url", "scheme", "port", "address"]
Kind = Literal["timeout", "status", "too_large", "redirect", "network", "tls", "encoding", "json"]


class OutboundRefused(Exception):
    """The guard did not let the call out: nothing was sent. An operator may allow the host by name."""

    def __init__(self, reason: Reason, host: str) -> None:
        super().__init__(f"{reason} of {host or 'no host'} is not allowed")
        self.reason, self.host = reason, host


class OutboundFailed(Exception):
    """The call went out and brought nothing usable. `status` is set where an answer came."""

    def __init__(self, kind: Kind, host: str, status: int | None = None) -> None:
        super().__init__(f"{kind} {host}" if status is None else f"{kind} {status} {host}")
        self.kind, self.host, self.status = kind, host, status
