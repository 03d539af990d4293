"""What an administrator fills in for Blackboard Learn: the tool's Application ID and the school's deployment ID."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from providers.contract import LtiEndpoints, setting
from providers.kit.lti import options

# One issuer for all institutions; launches and tokens go through the developer portal's gateway:
# https://docs.blackboard.com/lti/getting-started-with-lti
ISSUER: Final = "https://blackboard.com"
PORTALS: Final = ("developer.blackboard.com", "developer.anthology.com")


@dataclass(frozen=True, slots=True)
class BlackboardSettings:
    """One application of the developer portal, which serves every institution that deploys it."""

    client_id: str = setting(
        "Application ID",
        help="The Application ID (client ID) of the tool in the developer portal; the same for all institutions.",
        example="53c4573a-1ac8-4484-b036-a7b22b557e8c",
    )
    deployment_ids: tuple[str, ...] = options.deployments()
    portal: str = setting(
        "Developer portal",
        help="The developer portal in which the tool is registered.",
        kind="choice",
        choices=PORTALS,
        default=PORTALS[0],
    )
    algorithms: tuple[str, ...] = setting(
        "Signature algorithms",
        help="The Signing Algorithm that was chosen when the tool was registered.",
        kind="list",
        choices=("RS256", "RS512"),
        default=("RS256",),
    )
    issuer: str | None = options.issuer()
    auth_login_url: str | None = options.login_address()
    auth_token_url: str | None = options.token_address()
    key_set_url: str | None = options.key_set_address()
    auth_audience: str | None = options.audience()
    allow_anonymous: bool = options.guests()
    leeway_seconds: int = options.leeway()
    legacy_consumer_key: str | None = options.legacy_key()
    legacy_shared_secret: str | None = options.legacy_secret()


def endpoints(settings: BlackboardSettings) -> LtiEndpoints:
    """Return the portal's endpoints; each application has a key set of its own."""
    gateway = f"https://{settings.portal}/api/v1"
    found = options.endpoints(
        settings,
        issuer=ISSUER,
        login=f"{gateway}/gateway/oidcauth",
        token=f"{gateway}/gateway/oauth2/jwttoken",
        key_set=f"{gateway}/management/applications/{settings.client_id}/jwks.json",
    )
    return replace(found, algorithms=settings.algorithms)
