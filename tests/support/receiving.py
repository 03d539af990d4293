"""A receiver of webhooks that answers as a test wants, and the worker's turns that call it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from gateway.services.events.posting import Posting
from gateway.services.events.sending import WebhookSending
from gateway.services.events.webhooks import Webhooks
from gateway.services.jobs import Job
from gateway.store.applications import add_application
from gateway.store.events.messages import Message, list_messages
from gateway.store.events.telling import What, tell
from gateway.store.events.webhooks import Webhook
from gateway.store.tables import webhooks
from tests.support.launching import Launching
from tests.support.oidc_world import an_application

URL = "https://product.example/hook"


class Got(NamedTuple):
    """One message as it arrived."""

    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def entity(self) -> str:
        return str(json.loads(self.body)["data"]["sourcedId"])

    @property
    def type(self) -> str:
        return str(json.loads(self.body)["type"])


@dataclass
class Answered:
    """A `providers.contract.Reply`."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        return self.status < 300

    def json(self) -> Any:
        raise AssertionError


@dataclass
class Receiver:
    """A `providers.contract.Http`: `answer` decides by message."""

    answer: Callable[[Got], int] = lambda _got: 204
    got: list[Got] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        form: Mapping[str, str] | None = None,
        max_body: int | None = None,
        tells_redirects: bool = False,
    ) -> Answered:
        arrived = Got(url, dict(headers or {}), body or b"")
        status = self.answer(arrived)
        self.got.append(arrived)
        return Answered(status, self.headers)

    @property
    def taken(self) -> list[Got]:
        return [each for each in self.got if self.answer(each) < 300]


@dataclass
class Receiving:
    """A gate, one application with a webhook, and its receiver; `is_new`: they are still to be made."""

    world: Launching
    receiver: Receiver = field(default_factory=Receiver)
    org_id: str = ""
    is_new: bool = True

    def __post_init__(self) -> None:
        if not self.is_new:
            return
        self.org_id = self.world.add_org()
        add_application(self.world.store, an_application("product"), self.world.clock())

    @cached_property
    def sending(self) -> WebhookSending:
        posting = replace(self.world.gate.events.sending.posting, http=self.receiver)
        return replace(self.world.gate.events.sending, posting=posting, lot=lambda: 0.5)

    @property
    def posting(self) -> Posting:
        return self.sending.posting

    @property
    def desk(self) -> Webhooks:
        return replace(self.world.gate.events.webhooks, posting=self.posting, check_address=lambda _url: None)

    def add(self, *types: str, url: str = URL, application: str = "product") -> tuple[Webhook, str]:
        return self.desk.add(application, url, types, actor="test")

    def tell(self, *ids: str, what: What = "added", org_id: str | None = None) -> None:
        with self.world.store.transaction() as connection:
            tell(connection, org_id or self.org_id, "users", what, ids, self.world.clock())

    def turn(self, webhook: Webhook) -> float | None:
        """Let a worker have one turn with a webhook."""
        job = Job("job", "webhooks.send", {"webhook": webhook.id}, 1, lambda: False)
        return self.sending.work(job)

    def turns(self, webhook: Webhook, *, hours: float) -> None:
        """Let workers look once a minute for so long."""
        for _ in range(int(hours * 60)):
            self.world.clock.move(minutes=1)
            self.turn(webhook)

    def log(self, webhook: Webhook) -> list[Message]:
        """Return the log, oldest first."""
        return list_messages(self.world.store, webhook.id, limit=10_000)[::-1]

    def standing(self, webhook: Webhook) -> dict[str, Any]:
        return next(row for row in self.world.rows(webhooks) if row["id"] == webhook.id)
