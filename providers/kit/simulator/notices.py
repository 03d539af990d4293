"""A simulated platform's notification service: handlers that the tool registered, and notices of copied courses."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from providers.kit.lti import claims as names
from providers.kit.lti.pns import SCOPE
from providers.kit.simulator.people import Course

if TYPE_CHECKING:
    from providers.kit.simulator.lti_platform import SimulatedPlatform


class Handler(NamedTuple):
    """Where notices of one type go, and how many of them at once."""

    url: str
    most: int | None


class Delivery(NamedTuple):
    """One request that the platform makes: a batch of notices posted to a handler."""

    url: str
    body: dict[str, Any]


class PlatformNotices:
    """What belongs to one platform. Deliveries pile up in `sent`; whoever runs the platform posts them."""

    def __init__(self, platform: SimulatedPlatform) -> None:
        self.platform = platform
        self.handlers: dict[str, Handler] = {}
        self.sent: list[Delivery] = []

    @property
    def url(self) -> str:
        """The service's address in launches."""
        return self.platform.config.home + self.platform.paths.notice_handlers

    def claims(self) -> dict[str, Any]:
        """Return the claim of every launch."""
        if not self.platform.switches.notices:
            return {}
        claim = {
            "service_versions": ["1.0"],
            "platform_notification_service_url": self.url,
            "scope": [SCOPE],
            "notice_types_supported": list(self.platform.switches.notice_types),
        }
        return {names.NOTICES: claim}

    def put(self, body: Any) -> tuple[int, dict[str, Any]]:
        """Register a handler or, with an empty address, take it away: status and JSON."""
        told = body if isinstance(body, dict) else {}
        kind, url, most = told.get("notice_type"), told.get("handler"), told.get("max_batch_size")
        if kind not in self.platform.switches.notice_types:
            return 400, {"errors": {"message": "Notice type unknown"}}
        if url == "":
            self.handlers.pop(kind, None)
            return 200, {"notice_type": kind, "handler": ""}
        if not isinstance(url, str) or urlsplit(url).netloc != urlsplit(self.platform.config.tool_login_url).netloc:
            return 400, {"errors": {"message": "handler url should match tool's domain"}}
        self.handlers[kind] = Handler(url, most if isinstance(most, int) else None)
        if kind == names.HELLO_WORLD_NOTICE:
            self.sent += self.deliveries([self.notice(kind)])
        return 200, self.catalogue() if self.platform.switches.notice_catalogue else self._one(kind)

    def catalogue(self) -> dict[str, Any]:
        """Return all handlers, those that are not registered with an empty address."""
        config = self.platform.config
        listed = [self._one(kind) for kind in self.platform.switches.notice_types]
        return {"client_id": config.client_id, "deployment_id": config.deployment_id, "notice_handlers": listed}

    def _one(self, kind: str) -> dict[str, Any]:
        handler = self.handlers.get(kind)
        told = {"notice_type": kind, "handler": handler.url if handler else ""}
        return told | ({"max_batch_size": handler.most} if handler and handler.most else {})

    def copied(self, origin: Course, copy: Course, **changes: Any) -> dict[str, Any]:
        """Return the claims of the notice that one course was copied into another; `changes` as of `notice`."""
        told: dict[str, Any] = {names.CONTEXT: self.platform.context(copy)}
        match self.platform.switches.notice_origins:
            case "list":
                told[names.ORIGIN_CONTEXTS] = [self.platform.context_id(origin)]
            case "objects":
                told[names.ORIGIN_CONTEXTS] = [{"id": self.platform.context_id(origin)}]
        put = told | (changes.pop("put", None) or {})
        return self.notice(names.CONTEXT_COPY_NOTICE, deployment=self.platform.deployment_id(copy), put=put, **changes)

    def notice(
        self,
        kind: str,
        *,
        id: str = "",
        deployment: str = "",
        put: Mapping[str, Any] | None = None,
        remove: Iterable[str] = (),
    ) -> dict[str, Any]:
        """Return a notice's claims; `put` overrides claims and `remove` takes some away, to build wrong ones."""
        platform = self.platform
        claims: dict[str, Any] = platform.registered_claims("") | {
            names.VERSION: names.LTI_VERSION,
            names.DEPLOYMENT_ID: deployment or platform.config.deployment_id,
            names.NOTICE: {
                "id": id or secrets.token_hex(16),
                "timestamp": platform.now().isoformat(timespec="seconds"),
                "type": kind,
            },
        }
        claims |= put or {}
        return {name: value for name, value in claims.items() if name not in set(remove)}

    def deliveries(self, told: Iterable[Mapping[str, Any]]) -> list[Delivery]:
        """Return the requests that bring these notices to their handlers, signed and in batches."""
        found: list[Delivery] = []
        for kind, handler in self.handlers.items():
            own = [claims for claims in told if claims[names.NOTICE]["type"] == kind]
            size = handler.most or len(own) or 1
            batches = [own[start : start + size] for start in range(0, len(own), size)]
            found += [Delivery(handler.url, self.batch(batch)) for batch in batches]
        return found

    def batch(self, told: Iterable[Mapping[str, Any]], **signing: Any) -> dict[str, Any]:
        """Return the body of one request."""
        return {"notices": [{"jwt": self.platform.sign(claims, **signing)} for claims in told]}
