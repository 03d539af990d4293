"""The messages beside a resource link launch: they change what a launch says, and about whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from providers.kit.lti import claims as names

_OF_A_COURSE: Final = (names.RESOURCE_LINK, names.CONTEXT, *names.SERVICE_CLAIMS)


def as_message(claims: Mapping[str, Any], message_type: str, about: str) -> dict[str, Any]:
    """Turn a launch's claims into another message about the person whom the platform calls `about`."""
    if message_type == names.RESOURCE_LINK_REQUEST:
        return dict(claims)
    changed = {**claims, names.MESSAGE_TYPE: message_type, names.FOR_USER: {"user_id": about}}
    if message_type == names.DATA_PRIVACY_REQUEST:
        changed = {name: value for name, value in changed.items() if name not in _OF_A_COURSE}
    return changed
