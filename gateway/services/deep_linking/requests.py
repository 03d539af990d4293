"""Keeps what a platform asked for, with the launch that asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.lti.catalogue import refusal
from gateway.store import Connection
from gateway.store.arrivals import Known
from gateway.store.deep_linking import keep_request
from providers.contract import Launch
from providers.kit.lti import claims as names
from providers.kit.lti.deep_linking import read_deep_linking

LIFETIME = timedelta(hours=1)  # as long as the access token that answers


def is_request(launch: Launch) -> bool:
    """Return whether this launch asks for content."""
    return launch.message_type == names.DEEP_LINKING_REQUEST


def answer_url(public_url: str, launch_ref: str) -> str:
    """Return the address at which the application answers."""
    return f"{public_url}/api/v1/deep-linking/{launch_ref}"


def keep(
    connection: Connection,
    launch: Launch,
    known: Known,
    *,
    ref: str,
    registration_id: str,
    public_url: str,
    at: datetime,
) -> None:
    """Write the request down, in its launch's transaction. Raises BadData ``lti.deep_linking_invalid``."""
    settings = launch.message[names.DEEP_LINKING_SETTINGS]
    if public_url.startswith("https:") and not read_deep_linking(settings).return_url.startswith("https:"):
        raise refusal("lti.deep_linking_invalid", "deep_link_return_url does not start with https://")
    keep_request(
        connection,
        launch_ref=ref,
        tenant_id=str(known.tenant_id),
        registration_id=registration_id,
        deployment_id=launch.deployment_id,
        settings=dict(settings),
        expires_at=at + LIFETIME,
    )
