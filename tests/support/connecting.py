"""An invited school, and a platform that answers registrations with what a test put down for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import httpx
from flask import Flask
from flask.testing import FlaskClient

from gateway import create_app
from gateway.outbound import WHILE_A_PERSON_WAITS, Limits, Outbound, RoomHttp
from gateway.outbound.response import Response
from gateway.outbound.room_http import RoomReply
from gateway.services.connecting.desk import Desk
from gateway.services.connecting.dynamic import Registered
from gateway.services.connecting.links import Made
from gateway.store.invites import Invite, find_invite
from gateway.store.tables import integrations
from providers.kit.lti.registration import PLATFORM_CONFIGURATION, SERVICE_SCOPES
from tests.support.launching import GATE, LMS, Launching, launching
from tests.support.wire import Wire

CONFIGURATION_URL = f"{LMS}/configuration"


def configuration(home: str = LMS, **changes: Any) -> dict[str, Any]:
    """Return a platform's configuration by the book, all of it at `home`."""
    document = {
        "issuer": home,
        "authorization_endpoint": f"{home}/auth",
        "token_endpoint": f"{home}/token",
        "jwks_uri": f"{home}/jwks",
        "registration_endpoint": f"{home}/register",
        "scopes_supported": ["openid", *SERVICE_SCOPES],
        PLATFORM_CONFIGURATION: {"product_family_code": "plum", "version": "7", "messages_supported": []},
    }
    return {**document, **changes}


@dataclass(frozen=True)
class Asked:
    """One request that a platform got."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class RecordedHttp:
    """Answers with what was recorded, by method and address; keeps what was asked."""

    answers: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def will(self, method: str, url: str, status: int, body: Any) -> None:
        """Put an answer down; anything but bytes is sent as JSON."""
        self.answers[method, url] = (status, body if isinstance(body, bytes) else json.dumps(body).encode())

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
    ) -> RoomReply:
        self.asked.append(Asked(method, url, httpx.Headers(headers), json.loads(body) if body else None))
        status, answer = self.answers[method, url]
        return RoomReply(Response("recorded", status, httpx.Headers(), answer))


@dataclass
class Inviting:
    """A gate, a school, and the platform it has."""

    world: Launching
    http: RecordedHttp
    org_id: str

    @cached_property
    def desk(self) -> Desk:
        """The desk, its way out leading to the recorded platform."""
        desk = self.world.gate.desk
        return replace(desk, dynamic=replace(desk.dynamic, http=self.http))

    @cached_property
    def app(self) -> Flask:
        return create_app(replace(self.world.gate, desk=self.desk))

    def invite(self, *, org_id: str = "", provider: str | None = None, hours: int = 24) -> Made:
        """Make an invite for the school."""
        return self.desk.links.invite(
            org_id=org_id or self.org_id, provider=provider, expires_in=timedelta(hours=hours), actor="test"
        )

    def browser(self, made: Made | None = None) -> FlaskClient:
        """Return a browser; with an invite it has opened the link."""
        browser = self.app.test_client()
        if made is not None:
            assert browser.get(f"/connect/{made.token}", base_url=GATE).status_code == 303
        return browser

    def platform(self, home: str = LMS, /, **changes: Any) -> str:
        """Let a platform answer by the book; return the address of its configuration."""
        url = f"{home}/configuration"
        self.http.will("GET", url, 200, configuration(home, **changes))
        self.http.will("POST", f"{home}/register", 201, {"client_id": "client-1"})
        return url

    def register(
        self, made: Made, *, provider: str = "lti", url: str = CONFIGURATION_URL, token: str | None = None
    ) -> Registered:
        """Let the platform open our registration address."""
        return self.desk.dynamic.register(self.desk.links.registration_token(made.invite, provider), url, token)

    def register_over(self, wire: Wire, made: Made, limits: Limits | None = None) -> Registered:
        """Let a platform on a real socket open our registration address."""
        http = RoomHttp(Outbound([wire.host], "schoolgate/1"), limits or WHILE_A_PERSON_WAITS)
        token = self.desk.links.registration_token(made.invite, "lti")
        return replace(self.desk.dynamic, http=http).register(token, wire.url("/configuration"), "token")

    def now(self, made: Made) -> Invite:
        """Return an invite as it is stored now."""
        invite = find_invite(self.world.store, made.invite.id)
        assert invite is not None
        return invite

    def homes(self) -> list[tuple[str, str]]:
        """Return (org, status) of every integration."""
        return [(row["org_sourced_id"], row["status"]) for row in self.world.rows(integrations)]


@contextmanager
def inviting(database_url: str) -> Iterator[Inviting]:
    """Yield a gate with a school that has no integration yet."""
    with launching(database_url, joined=False) as world:
        yield Inviting(world, RecordedHttp(), world.add_org())
