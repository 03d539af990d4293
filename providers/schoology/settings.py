"""What an administrator fills in for Schoology: a client ID and the district's deployment ID."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from providers.contract import LtiEndpoints, setting
from providers.kit.lti import options

# One issuer and one service for all districts: https://developers.schoology.com/app-platform/lti-apps
ISSUER: Final = "https://schoology.schoology.com"
SERVICE: Final = "https://lti-service.svc.schoology.com/lti-service"


@dataclass(frozen=True, slots=True)
class SchoologySettings:
    """One LTI 1.3 app; each district that installs it has a deployment of its own."""

    client_id: str = setting(
        "Client ID",
        help="The client_id under the app's Options, API Info; not the key of the REST API.",
        example="8409082949",
    )
    deployment_ids: tuple[str, ...] = setting(
        "Deployment IDs",
        help="The deployment_id under Organization Apps, Configure; the first launch shows it, too.",
        kind="list",
        default=(),
        example="8409082949-1527876651",
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


def endpoints(settings: SchoologySettings) -> LtiEndpoints:
    """Return the service's endpoints, the same for every district."""
    return options.endpoints(
        settings,
        issuer=ISSUER,
        login=f"{SERVICE}/authorize-redirect",
        token=f"{SERVICE}/access-token",
        key_set=f"{SERVICE}/.well-known/jwks",
    )
