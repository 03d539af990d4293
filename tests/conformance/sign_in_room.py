"""A room with sign-ins beside its simulated portal, and what a browser brings back from there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from providers.contract import Context, Provider, SignedIn, SignInReturn, SignInStart, read_settings
from providers.contract import SignIn as Room
from providers.kit.simulator.loading import sign_in_simulator
from providers.kit.simulator.simulated_portal import SimulatedPortal
from tests.support.rostering import plain_context

REDIRECT = "https://gateway.example/sso/8b0c7f5e-0000-4000-8000-000000000001/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class SignInRoom:
    """The room, its portal, and what it needs to reach that."""

    plate: Provider
    room: Room
    portal: SimulatedPortal
    context: Context[Any]

    def ask(self, **changes: Any) -> str:
        start = SignInStart(REDIRECT, "the-state", "the-nonce", CHALLENGE)
        return self.room.authorize_url(self.context, start._replace(**changes))

    def code_of(self, who: str) -> str:
        return query_of(self.portal.sign_in(self.ask(), who))["code"]

    def finish(self, code: str, redirect_uri: str = REDIRECT, **settings: Any) -> SignedIn:
        context = replace(self.context, settings=replace(self.context.settings, **settings))
        return self.room.finish(context, SignInReturn(code, redirect_uri, VERIFIER, _claims))


@contextmanager
def sign_in_room(plate: Provider) -> Iterator[SignInRoom]:
    """Serve the room's own portal, with our redirect address in its screens, and yield the room."""
    assert plate.sign_in
    with sign_in_simulator(plate.key).simulate_sign_in() as portal, plain_context() as context:
        portal.register(REDIRECT)
        yield SignInRoom(plate, plate.sign_in, portal, context(read_settings(plate.settings, portal.settings)))


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def _claims(token: str) -> Mapping[str, Any]:
    """Take the hall's place: it proves the token, which is judged elsewhere."""
    part = token.split(".")[1]
    told: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return told
