"""What comes in and goes out over HTTP, in plain shapes: the same rules under any web framework, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request

NEVER_KEPT = (("Cache-Control", "no-store"), ("Pragma", "no-cache"), ("Referrer-Policy", "no-referrer"))
# Authlib refuses plain http by the address it is given. Which addresses are allowed is decided by our settings, and
# behind a proxy the inner address says nothing, so it gets one that always passes.
_ADDRESS = "https://gateway.invalid/"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request: all values of each parameter (the query's for GET, the form's for POST) and `Authorization`."""

    method: str
    values: Mapping[str, Sequence[str]]
    authorization: str | None = None

    def is_clean(self) -> bool:
        """Return whether no parameter has a NUL, which no database takes and no honest client sends."""
        return not any("\0" in value for values in self.values.values() for value in values)

    def repeated(self) -> list[str]:
        """Return the parameters sent more than once, which RFC 6749 3.1 and 3.2 forbid."""
        return [name for name, values in self.values.items() if len(values) > 1]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a dict body is sent as JSON, a `location` makes it a redirect.

    `form` is an address and what a page posts there (OAuth 2.0 Form Post Response Mode 2).
    """

    status: int
    body: Mapping[str, Any] | None = None
    headers: tuple[tuple[str, str], ...] = NEVER_KEPT
    location: str | None = None
    form: tuple[str, Mapping[str, str]] | None = None


class Payload(OAuth2Payload):
    """Parameters as Authlib reads them."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._lists = defaultdict(list, {name: list(each) for name, each in values.items() if each})
        self._first = {name: each[0] for name, each in self._lists.items()}

    @property
    def data(self) -> dict[str, str]:
        """The first value of each."""
        return self._first

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        """All values of each."""
        return self._lists


class ProtocolRequest(OAuth2Request):
    """A request as Authlib's grants read it; they note on it what they find."""

    payload: Payload  # type: ignore[assignment]  # Authlib leaves its type open
    client: Any
    user: Any
    authorization_code: Any
    refresh_token: Any

    def __init__(self, incoming: Incoming) -> None:
        headers = {"Authorization": incoming.authorization} if incoming.authorization else {}
        super().__init__(incoming.method, _ADDRESS, headers=headers)
        self.payload = Payload(incoming.values)

    @property
    def args(self) -> dict[str, str]:
        """The parameters; a request of ours never mixes query and form."""
        return self.payload.data

    @property
    def form(self) -> dict[str, str]:
        """The parameters; a request of ours never mixes query and form."""
        return self.payload.data
