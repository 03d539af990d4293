"""What an administrator fills in for Moodle: its address and a client ID; the rest follows from them."""

from __future__ import annotations

from dataclasses import dataclass

from providers.contract import LtiEndpoints, setting
from providers.kit.lti import options


@dataclass(frozen=True, slots=True)
class MoodleSettings:
    """One tool of one Moodle site."""

    base_url: str = setting(
        "Moodle address",
        help="The Platform ID that Moodle shows: the site's address, with its path if it has one.",
        kind="url",
        example="https://moodle.school.example",
    )
    client_id: str = setting(
        "Client ID",
        help="The fifteen letters and digits in the tool's configuration details.",
        example="xY3kQ0aBcD9eFgH",
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


def endpoints(settings: MoodleSettings) -> LtiEndpoints:
    """Return Moodle's endpoints: the issuer is its wwwroot, http or https as the site writes it, without a slash."""
    root = settings.base_url.rstrip("/")
    return options.endpoints(
        settings,
        issuer=root,
        login=f"{root}/mod/lti/auth.php",
        token=f"{root}/mod/lti/token.php",
        key_set=f"{root}/mod/lti/certs.php",
    )
