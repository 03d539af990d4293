"""All that has to do with events, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gateway.services.events.feed import EventFeed
from gateway.services.events.posting import Posting
from gateway.services.events.sending import WebhookSending
from gateway.services.events.webhooks import Webhooks
from gateway.services.jobs import Jobs
from keys.sealing import Sealer
from providers.contract import Http


class GuardedHttp(Http, Protocol):
    """Knows where it never goes."""

    def check(self, url: str) -> None:
        """Raise Misconfigured (``http.address_refused``) for an address that is never called."""
        ...

    def close(self) -> None:
        """Close idle connections."""
        ...


@dataclass(frozen=True, slots=True)
class Events:
    """The feed, what operators do with webhooks, the worker's side of them, and how all of it ends."""

    feed: EventFeed
    webhooks: Webhooks
    sending: WebhookSending
    close: Callable[[], None]


def open_events(jobs: Jobs, sealer: Sealer, http: GuardedHttp, is_production: bool) -> Events:
    """Put events together; in production receivers are reached by TLS alone."""
    store, now = jobs.store, jobs.now
    posting = Posting(sealer, http, now)
    webhooks = Webhooks(store, posting, http.check, now, allow_http=not is_production)
    return Events(EventFeed(store), webhooks, WebhookSending(store, jobs, posting, now), http.close)
