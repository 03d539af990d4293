"""Why somebody else's key could not be had; no message carries a URL, a kid or anything else from a token."""

from __future__ import annotations


class FetchFailed(Exception):
    """Raised by a `fetch` function; `reason` is a short stable code such as `timeout` or `status-500`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RemoteKeyFault(Exception):
    """The family; `fault` is the short code of what happened at the last fetch, for the trace and the console."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class UnknownKey(RemoteKeyFault):
    """The key set was read lately and has no such kid: the token is forged, or older than the last rotation."""


class KeySetUnavailable(RemoteKeyFault):
    """The platform's key set can't be had at the moment; trying again later may help."""


class KeySetInvalid(RemoteKeyFault):
    """The platform answered, but not with a key set that holds a usable key."""
