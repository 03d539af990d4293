"""Blackboard's launches: by the book; its institution's ids come in the lis claim."""

from __future__ import annotations

from providers.blackboard.settings import BlackboardSettings, endpoints
from providers.contract import Launch, VerifiedClaims
from providers.kit import lti

__all__ = ["endpoints", "read_launch"]


def read_launch(claims: VerifiedClaims, settings: BlackboardSettings) -> Launch:  # noqa: ARG001 - the contract's shape
    """Read proven claims by the book: https://docs.blackboard.com/lti/core/id-token.

    A previewing teacher comes with the TestUser role alone, which gives no right and marks the preview.
    """
    return lti.read_launch(claims)
