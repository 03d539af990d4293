"""What an administrator fills in for Canvas: a client ID at least, the rest follows from the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from providers.contract import LtiEndpoints, Misconfigured, setting
from providers.kit.lti import options

# https://canvas.instructure.com/doc/api/file.lti_dev_key_config.html: one issuer for all customers of a cloud
# environment; the endpoints moved to sso.canvaslms.com in 2023.
ENVIRONMENTS: Final = {
    "production": ("https://canvas.instructure.com", "https://sso.canvaslms.com"),
    "beta": ("https://canvas.beta.instructure.com", "https://sso.beta.canvaslms.com"),
    "test": ("https://canvas.test.instructure.com", "https://sso.test.canvaslms.com"),
}
_FOLLOWS: Final = " Left empty, it follows from the environment."


@dataclass(frozen=True, slots=True)
class CanvasSettings:
    """One developer key; `base_url` is for a Canvas that a school runs itself."""

    client_id: str = setting(
        "Client ID",
        help="The number in the Details column of the developer key.",
        example="10000000000001",
    )
    environment: str = setting(
        "Canvas environment",
        help="Which hosted Canvas this is; leave it at production for a Canvas of your own.",
        kind="choice",
        choices=tuple(ENVIRONMENTS),
        default="production",
    )
    base_url: str | None = setting(
        "Own Canvas address",
        help="Only for a Canvas that you run yourself: its address.",
        kind="url",
        default=None,
        example="https://canvas.school.example",
    )
    deployment_ids: tuple[str, ...] = options.deployments()
    issuer: str | None = setting(
        "Issuer",
        help="Only if your own Canvas was given another issuer (lti_iss)." + _FOLLOWS,
        kind="url",
        default=None,
    )
    auth_login_url: str | None = setting(
        "Login address", help="Where Canvas answers login requests." + _FOLLOWS, kind="url", default=None
    )
    auth_token_url: str | None = setting(
        "Token address", help="Where Canvas hands out access tokens." + _FOLLOWS, kind="url", default=None
    )
    key_set_url: str | None = setting(
        "Key set address", help="Where Canvas publishes its public keys." + _FOLLOWS, kind="url", default=None
    )
    auth_audience: str | None = options.audience()
    allow_anonymous: bool = options.guests()
    leeway_seconds: int = options.leeway()
    legacy_consumer_key: str | None = options.legacy_key()
    legacy_shared_secret: str | None = options.legacy_secret()
    rest_url: str | None = setting(
        "Canvas address for rosters",
        help="Only for rosters and their grades: your Canvas's own address, where people sign in.",
        kind="url",
        default=None,
        example="https://school.instructure.com",
    )
    rest_token: str | None = setting(
        "Access token for rosters",
        help="Only for rosters: a token that an administrator of the root account made under Account, Settings.",
        secret=True,
        default=None,
    )
    rest_client_id: str | None = setting(
        "API key ID",
        help="In place of that token: the number of an API developer key.",
        default=None,
        example="10000000000002",
    )
    rest_client_secret: str | None = setting(
        "API key secret", help="The key of that API developer key.", secret=True, default=None
    )
    rest_refresh_token: str | None = setting(
        "Refresh token",
        help="What Canvas gave for that key when an administrator agreed to it.",
        secret=True,
        default=None,
    )
    rest_account: str = setting(
        "Account for rosters", help="The root account; self is the token owner's own.", default="self", example="1"
    )
    compare_counts: bool = setting(
        "Compare student counts",
        help="Whether a section with fewer students than Canvas counts there proves nobody gone.",
        kind="yes_no",
        default=True,
    )


def endpoints(settings: CanvasSettings) -> LtiEndpoints:
    """Fill in what follows from the environment or the own address; an explicit setting wins.

    Raises:
        Misconfigured: ``canvas.environment_contradiction`` when a hosted environment and an own address are set.
    """
    issuer, host = ENVIRONMENTS[settings.environment]
    if settings.base_url is not None:
        if settings.environment != "production":
            raise Misconfigured(
                "canvas.environment_contradiction",
                "Set either the environment (hosted Canvas) or your own Canvas address, not both.",
            )
        host = settings.base_url.rstrip("/")  # the issuer stays Canvas's own default unless lti_iss was changed
    return options.endpoints(
        settings,
        issuer=issuer,
        login=f"{host}/api/lti/authorize_redirect",
        token=f"{host}/login/oauth2/token",
        key_set=f"{host}/api/lti/security/jwks",
    )
