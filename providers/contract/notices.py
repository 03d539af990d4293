"""Notices that a platform sends by itself (LTI Platform Notification Service 1.0): where it is to send them."""

from __future__ import annotations

from typing import Any, Protocol

from providers.contract.context import Context
from providers.contract.lti_services import LtiService


class Notices(Protocol):
    """Capability: notices. What a notice says is signed like a launch, and the same on every platform."""

    def register(
        self, context: Context[Any], service: LtiService, url: str, *, notice_type: str, handler: str, most: int
    ) -> None:
        """Have notices of a type sent to `handler`, at most so many in one batch; may be said again.

        `url` is the launch's `platform_notification_service_url`. Raises:
            Refused: ``notices.refused``: the platform does not let us.
            Misconfigured: ``notices.handler_refused``: it does not take this address.
            Unavailable: ``notices.unavailable``: asking again may help.
            BadData: ``notices.handler_unreadable``: it did not confirm the handler.
            Failures of the token request: see `LtiService`.
        """
        ...
