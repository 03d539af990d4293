"""The settings that any LTI 1.3 platform needs, and its endpoints made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from providers.contract import LtiEndpoints, setting

# Asymmetric only: https://www.imsglobal.org/spec/security/v1p0 sections 5.1.3 and 5.4
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512")

HELP_DEPLOYMENTS: Final = (
    "The deployment ids of this school, separated by commas; left empty, the first launch brings one."
)
HELP_AUDIENCE: Final = "What this platform wants as audience of a token request; nearly always left empty."
HELP_ANONYMOUS: Final = "Whether people whom the platform does not name may come in as guests."
HELP_LEGACY_KEY: Final = "The consumer key this tool had under LTI 1.1, if it was used here before; else left empty."
HELP_OLD_SIGNATURE: Final = "The shared secret of that key: old ids count only when it signed them."
HELP_LEEWAY: Final = "How many seconds the platform's clock may be wrong."


@dataclass(frozen=True, slots=True)
class LtiSettings:
    """One registration (issuer and client id) and the school's deployments under it."""

    issuer: str = setting(
        "Issuer",
        help="The platform's name for itself, letter by letter as it shows it, also at the end.",
        kind="url",
        example="https://lms.school.example",
    )
    client_id: str = setting(
        "Client ID", help="The id that the platform gave to this tool when it was registered.", example="10000000000001"
    )
    auth_login_url: str = setting(
        "Login address",
        help="Where the platform answers login requests (authorization endpoint).",
        kind="url",
        example="https://lms.school.example/auth",
    )
    key_set_url: str = setting(
        "Key set address",
        help="Where the platform publishes its public keys (JWKS).",
        kind="url",
        example="https://lms.school.example/jwks",
    )
    auth_token_url: str | None = setting(
        "Token address",
        help="Where the platform hands out access tokens; needed for class lists and grades.",
        kind="url",
        default=None,
        example="https://lms.school.example/token",
    )
    deployment_ids: tuple[str, ...] = setting("Deployment IDs", help=HELP_DEPLOYMENTS, kind="list", default=())
    auth_audience: str | None = setting("Token audience", help=HELP_AUDIENCE, default=None)
    allow_anonymous: bool = setting("Guests", help=HELP_ANONYMOUS, kind="yes_no", default=False)
    leeway_seconds: int = setting("Clock leeway", help=HELP_LEEWAY, kind="number", default=60, minimum=0, maximum=300)
    legacy_consumer_key: str | None = setting("LTI 1.1 consumer key", help=HELP_LEGACY_KEY, default=None)
    legacy_shared_secret: str | None = setting(
        "LTI 1.1 shared secret", help=HELP_OLD_SIGNATURE, secret=True, default=None
    )
    algorithms: tuple[str, ...] = setting(
        "Signature algorithms",
        help="How the platform signs; change it only when the platform was registered with another one.",
        kind="list",
        default=("RS256",),
        choices=ALGORITHMS,
    )


def endpoints(settings: LtiSettings) -> LtiEndpoints:
    """Return the endpoints exactly as they were filled in."""
    return LtiEndpoints(
        issuer=settings.issuer,
        client_id=settings.client_id,
        auth_login_url=settings.auth_login_url,
        key_set_url=settings.key_set_url,
        auth_token_url=settings.auth_token_url,
        auth_audience=settings.auth_audience,
        deployment_ids=settings.deployment_ids,
        algorithms=settings.algorithms,
        leeway_seconds=settings.leeway_seconds,
        allow_anonymous=settings.allow_anonymous,
    )
