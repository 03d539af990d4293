"""A portal in memory with a room of its own, and browsers that sign in through it."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.store.applications import add_application
from gateway.store.tables import launches
from keys.sealing import fingerprint
from providers import room
from providers.contract import (
    BadData,
    Context,
    Health,
    LaunchPerson,
    Provider,
    Role,
    SignedIn,
    SignInClient,
    SignInReturn,
    SignInStart,
    setting,
)
from providers.kit.sign_in import authorize_address
from tests.support.key_stores import Clock
from tests.support.launching import GATE, Launching, Outcome, launching
from tests.support.oidc_world import an_application

PORTAL = "https://portal.example"


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """What an operator fills in for the portal in memory."""

    client_id: str = setting("Client ID", help="From the portal's screens.")
    client_secret: str = setting("Client secret", help="From the portal's screens.", secret=True)
    district_id: str = setting("District ID", help="The school district's own.", default="")


def somebody(subject: str = "s-1", district: str = "d-1", *roles: Role, **person: str | None) -> SignedIn:
    """Return a person as the portal knows them."""
    told = {"given_name": "Sam", "family_name": "Okafor", "email": "sam@school.example", **person}
    return SignedIn(district, subject, LaunchPerson(**told), roles or (Role.STUDENT,), lambda: "Northfield District")


@dataclass
class Portal:
    """The `sign_in` capability over codes in memory. `meddle` is done in the middle of the exchange."""

    district_setting: str = "district_id"
    codes: dict[str, tuple[SignedIn, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    meddle: Callable[[], None] = lambda: None
    _count: Iterator[int] = field(default_factory=itertools.count)

    def client(self, settings: PortalSettings) -> SignInClient:
        return SignInClient(
            issuer=PORTAL,
            client_id=settings.client_id,
            authorize_url=f"{PORTAL}/authorize",
            token_url=f"{PORTAL}/token",
            key_set_url=f"{PORTAL}/keys",
            district_id=settings.district_id or None,
        )

    def authorize_url(self, context: Context[Any], start: SignInStart) -> str:
        return authorize_address(self.client(context.settings), start, extra={"district": start.district_id})

    def give_code(self, who: SignedIn, challenge: str = "") -> str:
        """Return a code that is good once."""
        code = f"code-{next(self._count)}"
        self.codes[code] = (who, challenge)
        return code

    def finish(self, context: Context[Any], returned: SignInReturn) -> SignedIn:
        self.asked.append(returned.code)
        self.meddle()
        assert context.settings.client_secret == "the secret"
        who, challenge = self.codes.pop(returned.code, (None, ""))
        verified = base64.urlsafe_b64encode(hashlib.sha256(returned.verifier.encode()).digest()).rstrip(b"=").decode()
        if who is None or verified != challenge:
            raise BadData("sso.code_refused", "")
        return who

    def check(self, context: Context[Any]) -> Sequence[Health]:
        return [Health("client", context.settings.client_secret == "the secret", "client_secret is wrong.")]


class Begun(NamedTuple):
    """A browser on its way to the portal, and what it is to bring back."""

    browser: FlaskClient
    asked: Mapping[str, str]


@dataclass
class SigningIn:
    """A gate with the portal's room in place."""

    launching: Launching
    portal: Portal
    integration_id: str = ""
    org_id: str = ""

    @property
    def store(self) -> Any:
        return self.launching.store

    @property
    def registration_id(self) -> str:
        return str(self.launching.gate.integrations.find(self.integration_id).registration_id)

    @property
    def callback(self) -> str:
        return f"/sso/{self.registration_id}/callback"

    def join(self, district: str = "d-1", org_id: str | None = None, **values: str) -> str:
        """Add a district with an org of its own."""
        org_id = org_id or self.launching.add_org()
        settings = {"client_id": "client-1", "client_secret": "the secret", "district_id": district, **values}
        added = self.launching.gate.integrations.add("portal", org_id=org_id, values=settings, actor="test")
        self.integration_id, self.org_id = self.integration_id or added.integration_id, self.org_id or org_id
        return added.integration_id

    def begin(self, name: str | None = None, browser: FlaskClient | None = None, **query: str) -> Begun:
        """Go to a start address and be sent to the portal."""
        browser = browser or self.launching.browser()
        path = f"/sso/{name or self.integration_id}/start"
        return self.sent_on(browser, browser.get(path, query_string=query, base_url=GATE))

    @staticmethod
    def sent_on(browser: FlaskClient, answer: TestResponse) -> Begun:
        """Return what the gateway asks of the portal."""
        assert answer.status_code == 302, answer.text
        assert answer.location.startswith(f"{PORTAL}/authorize?")
        return Begun(browser, dict(parse_qsl(urlsplit(answer.location).query)))

    def come_back(self, begun: Begun, who: SignedIn | None = None, **changes: str) -> Outcome:
        """Be sent back by the portal with a code; `changes` replace what is brought."""
        code = self.portal.give_code(who or somebody(), begun.asked["code_challenge"])
        return self.arrive({"code": code, "state": begun.asked["state"], **changes}, begun.browser)

    def arrive(self, query: Mapping[str, str], browser: FlaskClient | None = None, **headers: str) -> Outcome:
        """Open the redirect address."""
        browser = browser or self.launching.browser()
        answer = browser.get(self.callback, query_string=dict(query), base_url=GATE, headers=headers)
        return self.launching.outcome(answer, "") if answer.status_code != 303 else self._accepted(answer)

    def sign_in(self, who: SignedIn | None = None, browser: FlaskClient | None = None) -> Outcome:
        """Go all the way."""
        return self.come_back(self.begin(browser=browser), who)

    def _accepted(self, answer: TestResponse) -> Outcome:
        hint = dict(parse_qsl(urlsplit(answer.location).query))["login_hint"]
        (row,) = [each for each in self.launching.rows(launches) if each["login_hint_hash"] == fingerprint(hint)]
        return Outcome(303, "accepted", row["ref"], answer)


@contextmanager
def signing_in(database_url: str, *, joined: bool = True, clock: Clock | None = None) -> Iterator[SigningIn]:
    """Yield a gate with one application and, unless `joined` is false, one district."""
    with launching(database_url, joined=False, clock=clock) as world:
        portal = Portal()
        plate = Provider("portal", "Portal", PortalSettings, "Schoolgate", "beta", sign_in=portal)
        world.gate.rooms.room = lambda key: plate if key == "portal" else room(key)
        add_application(world.store, an_application(), world.clock())
        made = SigningIn(world, portal)
        if joined:
            made.join()
        yield made
