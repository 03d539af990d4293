"""What an administrator fills in for Brightspace: its address and a client ID; the rest follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from providers.contract import LtiEndpoints, setting
from providers.kit.lti import options

# Access tokens come from one house for all schools, and their requests name an audience that is not that address:
# seen by openwebwork/webwork2 (#2342) and in Sakai's notes.
TOKEN_URL: Final = "https://auth.brightspace.com/core/connect/token"  # noqa: S105 - an address
TOKEN_AUDIENCE: Final = "https://api.brightspace.com/auth/token"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class BrightspaceSettings:
    """One registered tool of one Brightspace."""

    base_url: str = setting(
        "Brightspace address",
        help="The Issuer that Brightspace shows after registration: your school's own address.",
        kind="url",
        example="https://school.brightspace.example",
    )
    client_id: str = setting(
        "Client ID",
        help="The Client Id that Brightspace shows after registration.",
        example="0b2b6f9c-63a1-4c2e-9b62-1d7e2c9a4f10",
    )
    deployment_ids: tuple[str, ...] = options.deployments()
    issuer: str | None = options.issuer()
    auth_login_url: str | None = options.login_address()
    auth_token_url: str | None = options.token_address()
    key_set_url: str | None = options.key_set_address()
    auth_audience: str | None = options.audience()
    allow_anonymous: bool = options.guests()
    leeway_seconds: int = options.leeway()
    legacy_consumer_key: str | None = options.legacy_key()
    legacy_shared_secret: str | None = options.legacy_secret()


def endpoints(settings: BrightspaceSettings) -> LtiEndpoints:
    """Return Brightspace's endpoints."""
    home = settings.base_url.rstrip("/")
    return options.endpoints(
        settings,
        issuer=home,
        login=f"{home}/d2l/lti/authenticate",
        token=TOKEN_URL,
        key_set=f"{home}/d2l/.well-known/jwks",
        token_audience=TOKEN_AUDIENCE,
    )
