"""Settings that most LTI rooms share, as fields to declare, and the endpoints made of them: a filled-in value wins."""

from __future__ import annotations

from typing import Any, Final, Protocol

from providers.contract import LtiEndpoints, setting
from providers.kit.lti.settings import (
    HELP_ANONYMOUS,
    HELP_AUDIENCE,
    HELP_DEPLOYMENTS,
    HELP_LEEWAY,
    HELP_LEGACY_KEY,
    HELP_OLD_SIGNATURE,
)

_FOLLOWS: Final = " Left empty, it follows from the other settings."


class Options(Protocol):
    """A room's settings, as far as this module fills them in."""

    @property
    def client_id(self) -> str:
        """The platform's id of the tool."""
        ...

    @property
    def deployment_ids(self) -> tuple[str, ...]:
        """The school's deployments."""
        ...

    @property
    def issuer(self) -> str | None:
        """Set where the platform calls itself otherwise."""
        ...

    @property
    def auth_login_url(self) -> str | None:
        """Set where it lies elsewhere; so are the two below."""
        ...

    @property
    def auth_token_url(self) -> str | None:
        """See above."""
        ...

    @property
    def key_set_url(self) -> str | None:
        """See above."""
        ...

    @property
    def auth_audience(self) -> str | None:
        """Set where the token request wants another audience."""
        ...

    @property
    def allow_anonymous(self) -> bool:
        """Whether guests may come in."""
        ...

    @property
    def leeway_seconds(self) -> int:
        """How wrong the platform's clock may be."""
        ...


def address(label: str, what: str) -> Any:
    """Declare an address that normally follows from other settings. `what` is one sentence."""
    return setting(label, help=what + _FOLLOWS, kind="url", default=None)


def issuer() -> Any:
    """Declare the issuer for platforms that were given another one than usual."""
    return address("Issuer", "Only if the platform calls itself otherwise in its launches, letter by letter.")


def login_address() -> Any:
    """Declare the login address."""
    return address("Login address", "Where the platform answers login requests.")


def token_address() -> Any:
    """Declare the token address."""
    return address("Token address", "Where the platform hands out access tokens.")


def key_set_address() -> Any:
    """Declare the key set address."""
    return address("Key set address", "Where the platform publishes its public keys.")


def deployments() -> Any:
    """Declare the school's deployments."""
    return setting("Deployment IDs", help=HELP_DEPLOYMENTS, kind="list", default=())


def audience() -> Any:
    """Declare the audience of token requests."""
    return setting("Token audience", help=HELP_AUDIENCE, default=None)


def guests() -> Any:
    """Declare whether anonymous people may come in."""
    return setting("Guests", help=HELP_ANONYMOUS, kind="yes_no", default=False)


def leeway() -> Any:
    """Declare the clock leeway in seconds."""
    return setting("Clock leeway", help=HELP_LEEWAY, kind="number", default=60, minimum=0, maximum=300)


def legacy_key() -> Any:
    """Declare the consumer key of LTI 1.1."""
    return setting("LTI 1.1 consumer key", help=HELP_LEGACY_KEY, default=None)


def legacy_secret() -> Any:
    """Declare that key's shared secret."""
    return setting("LTI 1.1 shared secret", help=HELP_OLD_SIGNATURE, secret=True, default=None)


def endpoints(
    chosen: Options, *, issuer: str, login: str, token: str, key_set: str, token_audience: str | None = None
) -> LtiEndpoints:
    """Return the endpoints: what was filled in, else what follows on this platform, as the caller gives it."""
    return LtiEndpoints(
        issuer=chosen.issuer or issuer,
        client_id=chosen.client_id,
        auth_login_url=chosen.auth_login_url or login,
        key_set_url=chosen.key_set_url or key_set,
        auth_token_url=chosen.auth_token_url or token,
        auth_audience=chosen.auth_audience or token_audience,
        deployment_ids=chosen.deployment_ids,
        leeway_seconds=chosen.leeway_seconds,
        allow_anonymous=chosen.allow_anonymous,
    )
