"""What an administrator fills in for Schoology: a client ID and the district's deployment ID."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from providers.contract import LtiEndpoints, setting
from providers.kit.lti import options

# One issuer and one service for all districts: https://developers.schoology.com/app-platform/lti-apps
ISSUER: Final = "https://schoology.schoology.com"
API: Final = "https://api.schoology.com/v1"
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
    consumer_key: str | None = setting(
        "API consumer key",
        help="Only for rosters and their grades: the key under the app's Options, API Info, or of your.domain/api.",
        default=None,
        example="0123456789abcdef0123456789abcdef",
    )
    consumer_secret: str | None = setting(
        "API consumer secret", help="Only for rosters: the secret beside that key.", secret=True, default=None
    )
    signature_method: Literal["HMAC-SHA1", "PLAINTEXT"] = setting(
        "API signature",
        help="How requests for rosters are signed; Schoology takes both.",
        kind="choice",
        choices=("HMAC-SHA1", "PLAINTEXT"),
        default="HMAC-SHA1",
    )
    include_past: bool = setting(
        "Past sections",
        help="Whether sections stay when their grading period has ended; without them every class goes then.",
        kind="yes_no",
        default=True,
    )
    role_words: tuple[str, ...] = setting(
        "Words for roles",
        help="What roles of your own mean, as Title=word; the usual titles are understood.",
        kind="list",
        default=(),
        example="Substitute=teacher, Registrar=administrator",
    )
    api_url: str = setting("API address", help="Where Schoology's REST API is.", kind="url", default=API)


def endpoints(settings: SchoologySettings) -> LtiEndpoints:
    """Return the service's endpoints, the same for every district."""
    return options.endpoints(
        settings,
        issuer=ISSUER,
        login=f"{SERVICE}/authorize-redirect",
        token=f"{SERVICE}/access-token",
        key_set=f"{SERVICE}/.well-known/jwks",
    )
