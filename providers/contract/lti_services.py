"""What the hall gives to a room that calls an LTI service: the tool's registration, and what a launch said of it."""

from __future__ import annotations

from dataclasses import dataclass

from providers.contract.launch import LtiEndpoints


@dataclass(frozen=True, slots=True)
class LtiService:
    """One registration and one deployment under it: who asks for an access token, and where.

    Addresses of services come beside it, exactly as the launch's signed claims gave them.
    """

    endpoints: LtiEndpoints
    deployment_id: str
