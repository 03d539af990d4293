"""How Canvas is connected: dynamic registration, a JSON document that it reads from an address of ours, or by hand."""

from __future__ import annotations

from typing import Any, Final

from providers.canvas import dynamic
from providers.canvas.launch import CUSTOM_FIELDS
from providers.contract import Placement, Registration, Tool, Wants
from providers.contract.registration import DEEP_LINKING_REQUEST
from providers.kit.lti import registration as by_the_book

WANTS: Final = Wants(
    placements=(
        Placement("course_navigation"),
        Placement("link_selection"),
        Placement("assignment_selection", DEEP_LINKING_REQUEST),
    ),
    scopes=(*by_the_book.SERVICE_SCOPES, by_the_book.NOTICE_SCOPE),
    custom=CUSTOM_FIELDS,
)


def configuration(tool: Tool, wants: Wants) -> dict[str, Any]:
    """Return the key's JSON: https://canvas.instructure.com/doc/api/file.lti_dev_key_config.html."""
    placements = [
        {
            "placement": placement.name,
            "message_type": placement.message_type,
            "text": tool.name,
            "target_link_uri": tool.launch_url,
        }
        for placement in wants.placements
    ]
    extension = {
        "platform": "canvas.instructure.com",
        "domain": tool.domain,
        "privacy_level": "public",
        "settings": {"text": tool.name, "placements": placements},
    }
    return {
        "title": tool.name,
        "description": tool.description,
        "oidc_initiation_url": tool.login_url,
        "target_link_uri": tool.launch_url,
        "public_jwk_url": tool.key_set_url,
        "scopes": list(wants.scopes),
        "custom_fields": dict(wants.custom),
        "extensions": [extension],
    }


REGISTRATION: Final = Registration(
    asks=("client_id", "environment", "base_url", "issuer", "deployment_ids", "rest_url", "rest_token"),
    wants=WANTS,
    dynamic=dynamic,
    configuration=configuration,
    # Every hosted Canvas is at <name>.instructure.com; its sign-in and its keys moved to sso.canvaslms.com in 2023.
    hosts=("*.instructure.com", "*.canvaslms.com"),
)
