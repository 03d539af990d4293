"""Brightspace's launches: by the book, plus the ids in its own claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from providers.brightspace.settings import BrightspaceSettings, endpoints
from providers.contract import Launch, VerifiedClaims
from providers.kit import lti
from providers.kit.lti.shapes import text

__all__ = ["OWN_CLAIM", "endpoints", "read_launch"]

# Sent as far as the deployment's security settings allow; its members are Brightspace's own, nobody types them in.
OWN_CLAIM: Final = "http://www.brightspace.com"


def read_launch(claims: VerifiedClaims, settings: BrightspaceSettings) -> Launch:  # noqa: ARG001 - the contract's shape
    """Read proven claims; what the lis claim says comes before Brightspace's own claim."""
    launch = lti.read_launch(claims)
    own = claims.get(OWN_CLAIM)
    if not isinstance(own, Mapping):
        return launch
    person = replace(
        launch.person,
        sourced_id=launch.person.sourced_id or text(own.get("org_defined_id")),
        username=text(own.get("username")),
    )
    return replace(launch, person=person)
