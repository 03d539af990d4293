"""A room's only way to touch the world: settings, guarded HTTP, tokens, time and a log, all given to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar


class Reply(Protocol):
    """An answer from outside. `headers` are looked up without regard to case; `body` is unpacked and bounded."""

    @property
    def status(self) -> int:
        """The HTTP status; 3xx only where it was asked for."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The answer's headers."""
        ...

    @property
    def body(self) -> bytes:
        """The whole body."""
        ...

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        ...

    def json(self) -> Any:
        """Return the body as JSON. Raises BadData (``http.not_json``)."""
        ...


class Http(Protocol):
    """The guarded way out: no private addresses, no redirects, bounded in time and size.

    Any status but 3xx comes back as a Reply, and that one too with `tells_redirects`: where a vendor's book sends us on
    to an address that wants a signature of its own. Raises:
        Unavailable: ``http.unreachable``, ``http.timeout``, ``http.cut_short``: asking again may help.
        Misconfigured: ``http.address_refused``, ``http.redirected``, ``http.tls``: a person must change the address.
        BadData: ``http.too_large``.
    """

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        form: Mapping[str, str] | None = None,
        max_body: int | None = None,
        tells_redirects: bool = False,
    ) -> Reply:
        """Send one request, `form` URL-encoded, and return the answer."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and how many seconds it is good for, as the token endpoint said."""

    value: str
    seconds: int

    def __repr__(self) -> str:
        """Hide the value: it must not reach a log by accident."""
        return f"Token(seconds={self.seconds})"


class Tokens(Protocol):
    """Remembers access tokens for all workers: one fetch at a time for a key, forgotten early enough to be good."""

    def get(self, key: tuple[str, ...], fetch: Callable[[], Token]) -> str:
        """Return the token of `key`, or what `fetch` brings. `key` names who asks whom for what, without secrets."""
        ...

    def refused(self, key: tuple[str, ...], value: str) -> None:
        """Forget a token that was answered with 401, unless a newer one has taken its place."""
        ...


class Log(Protocol):
    """One line for the operator; never a token, a name or an e-mail address."""

    def __call__(self, event: str, **facts: str | int | float | bool | None) -> None:
        """Write the line."""
        ...


S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Context(Generic[S]):
    """What the hall gives to a room for one piece of work.

    `sign` signs a JWT's claims with the tool's own key (RS256, kid in the header), for client assertions and messages
    to an LTI platform. `integration_id` names the integration in logs and token keys.
    """

    integration_id: str
    settings: S
    http: Http
    tokens: Tokens
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    log: Log
    sign: Callable[[Mapping[str, Any]], str]
