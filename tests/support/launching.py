"""A gate on a fresh database with a clock that stands still, and simulated platforms whose keys need no socket."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import Table, func, select, update
from werkzeug.test import TestResponse

from gateway import create_app
from gateway.lti.state import cookie_name
from gateway.settings import load_settings
from gateway.store import Store
from gateway.store.applications import add_application
from gateway.store.key_rows import RemoteKeySetRows
from gateway.store.launches import LaunchRecord, find_launch
from gateway.store.orgs import add_org
from gateway.store.tables import launches
from gateway.wiring import Gate, open_gate
from keys.remote import RemoteKeySets
from keys.remote_faults import FetchFailed
from providers.kit.simulator import Person, SigningKey, SimulatedPlatform, SimulatorConfig
from providers.kit.simulator.loading import lti_simulator
from tests.support.key_stores import Clock
from tests.support.oidc_world import CALLBACK, CHALLENGE, SECRET, VERIFIER, an_application

GATE = "http://localhost:8000"
LMS = "https://lms.example"
SECRET_KEY = "a-sealing-secret-that-is-long-enough"
_REFERENCE = re.compile(r"Reference <strong>(.+?)</strong>")
_CODE = re.compile(r"Error code <code>(.+?)</code>")


@cache
def platform_key(number: int) -> SigningKey:
    """Return the same key for the same number: making one takes long."""
    return SigningKey.generate()


def a_config(**changes: str) -> SimulatorConfig:
    """Return a platform's configuration with this gate as its tool."""
    config = SimulatorConfig(
        issuer=LMS,
        client_id="client-1",
        deployment_id="deployment-1",
        tool_login_url=f"{GATE}/lti/login",
        tool_redirect_url=f"{GATE}/lti/launch",
        target_link_uri=f"{GATE}/lti/launch",
    )
    return replace(config, **changes)


class Login(NamedTuple):
    """A login that was begun: what the platform is asked to send back, and the browser that waits for it."""

    browser: FlaskClient
    state: str
    nonce: str


class Outcome(NamedTuple):
    """How a login or launch ended. `code` is `accepted`, or the code on the error page."""

    status: int
    code: str
    ref: str
    response: TestResponse


@dataclass
class Launching:
    """One gate, its platforms with their key-set addresses, and the clock of them all."""

    gate: Gate
    clock: Clock
    platforms: list[tuple[str, SimulatedPlatform]] = field(default_factory=list)
    fetches: Counter[str] = field(default_factory=Counter)
    org_id: str = ""
    integration_id: str = ""

    @cached_property
    def app(self) -> Flask:
        """The web application, its key sets read from the platforms in memory."""
        return create_app(self.gate)

    @property
    def store(self) -> Store:
        return self.gate.store

    @property
    def platform(self) -> SimulatedPlatform:
        """The first platform that joined."""
        return self.platforms[0][1]

    def fetch(self, url: str) -> tuple[bytes, int | None]:
        """Answer for the platforms' key-set endpoints, as `keys.remote.Fetch` asks it."""
        self.fetches[url] += 1
        platform = next(each for address, each in self.platforms if address == url)
        if platform.switches.key_set != "ok":
            raise FetchFailed("timeout")
        return json.dumps(platform.key_set()).encode(), platform.switches.key_set_max_age

    def join(
        self,
        config: SimulatorConfig | None = None,
        *,
        key: int = 0,
        org_id: str | None = None,
        provider: str = "lti",
        switches: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> SimulatedPlatform:
        """Add a platform with its integration, in an org of its own unless one is named."""
        platform = lti_simulator(provider).PLATFORM(config or a_config(), key=platform_key(key), now=self.clock)
        platform.switch(**(switches or {}))
        org_id = org_id or self.add_org()
        settings = {**platform.settings(), **values}
        self.platforms.append((str(settings["key_set_url"]), platform))
        added = self.gate.integrations.add(provider, org_id=org_id, values=settings, actor="test")
        self.org_id, self.integration_id = org_id, added.integration_id
        return platform

    def add_org(self) -> str:
        """Make a school that is its own tenant."""
        return add_org(
            self.store, name="Northfield", type="school", parent=None, actor="test", at=self.clock()
        ).sourced_id

    def browser(self) -> FlaskClient:
        """Return a browser that was never here."""
        return self.app.test_client()

    def ask_login(
        self,
        platform: SimulatedPlatform,
        person: Person | str,
        course: int,
        browser: FlaskClient,
        **changes: str | None,
    ) -> TestResponse:
        """Send a login request; `changes` replace its parameters or (None) leave them out."""
        asked: dict[str, str | None] = {**platform.login_parameters(person, course), **changes}
        query = {name: value for name, value in asked.items() if value is not None}
        return browser.get("/lti/login", query_string=query, base_url=GATE)

    def login(
        self,
        person: Person | str = "sam",
        course: int = 101,
        *,
        platform: SimulatedPlatform | None = None,
        browser: FlaskClient | None = None,
        **changes: str | None,
    ) -> Login:
        """Begin a launch as the browser of this person."""
        browser = browser or self.browser()
        response = self.ask_login(platform or self.platform, person, course, browser, **changes)
        assert response.status_code == 302, response.text
        query = dict(parse_qsl(urlsplit(response.location).query))
        return Login(browser, query["state"], query["nonce"])

    def refused_login(self, platform: SimulatedPlatform | None = None, **changes: str | None) -> Outcome:
        """Send a login request that can't be answered."""
        return self.outcome(self.ask_login(platform or self.platform, "sam", 101, self.browser(), **changes))

    def token(
        self,
        login: Login,
        person: Person | str = "sam",
        course: int | None = 101,
        *,
        platform: SimulatedPlatform | None = None,
        put: Mapping[str, Any] | None = None,
        remove: Iterable[str] = (),
        **signing: Any,
    ) -> str:
        """Return the id_token that the platform would post; `put`, `remove` and `signing` make it a wrong one."""
        platform = platform or self.platform
        claims = platform.launch_claims(person, course, nonce=login.nonce, put=put, remove=remove)
        return platform.sign(claims, **signing)

    def launch(self, person: Person | str = "sam", course: int = 101, **wrong: Any) -> Outcome:
        """Go all the way: login, token (see `token`), post."""
        login = self.login(person, course, platform=wrong.get("platform"), browser=wrong.pop("browser", None))
        return self.post(login, self.token(login, person, course, **wrong))

    def post(
        self, login: Login, token: str | None, *, browser: FlaskClient | None = None, **form: str | None
    ) -> Outcome:
        """Post a token as the platform's page does, by the login's browser unless another is named."""
        fields = {"id_token": token, "state": login.state, **form}
        data = {name: value for name, value in fields.items() if value is not None}
        return self.outcome((browser or login.browser).post("/lti/launch", data=data, base_url=GATE), login.nonce)

    @staticmethod
    def cookie_of(login: Login) -> str:
        """Return the value of the cookie that binds this login to its browser."""
        cookie = login.browser.get_cookie(cookie_name(login.state, is_https=False))
        assert cookie is not None
        return cookie.value

    @staticmethod
    def plant(browser: FlaskClient, login: Login, cookie: str) -> None:
        """Put a login's cookie into a browser, as somebody would who kept or stole it."""
        browser.set_cookie(cookie_name(login.state, is_https=False), cookie)

    def outcome(self, response: TestResponse, nonce: str = "") -> Outcome:
        """Read the page, or find the accepted launch's row."""
        if response.status_code == 303:
            return Outcome(303, "accepted", self.ref_of(nonce), response)
        code, ref = _CODE.search(response.text), _REFERENCE.search(response.text)
        return Outcome(response.status_code, code[1] if code else "", ref[1] if ref else "", response)

    def ref_of(self, nonce: str) -> str:
        """Return the reference of the launch that used up this nonce."""
        digest = hashlib.sha256(urlsafe_b64decode(nonce + "==")).digest()
        with self.store.statements() as connection:
            ref = connection.execute(select(launches.c.ref).where(launches.c.nonce_hash == digest)).scalar_one()
        return str(ref)

    def sign_in(self, outcome: Outcome) -> dict[str, Any]:
        """Do what the application does after an accepted launch; return the claims of its ID token."""
        return self.read(self.tokens(outcome)["id_token"])

    def read(self, token: str) -> dict[str, Any]:
        """Return the claims of an ID token, its signature checked."""
        keys = KeySet.import_key_set(cast(Any, self.gate.keyring.public_jwks()))
        return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)

    def tokens(self, outcome: Outcome) -> dict[str, Any]:
        """Do what the application does after an accepted launch; return the token endpoint's answer."""
        self.gate.keyring.ensure()
        begun = dict(parse_qsl(urlsplit(outcome.response.location).query))
        asked = {
            "response_type": "code",
            "client_id": begun["client_id"],
            "redirect_uri": CALLBACK,
            "scope": "openid profile email",
            "login_hint": begun["login_hint"],
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        browser = self.browser()
        answer = browser.get("/oauth2/authorize", query_string=asked, base_url=GATE)
        return self.exchange(dict(parse_qsl(urlsplit(answer.location).query))["code"], client_id=begun["client_id"])

    def exchange(self, code: str, *, client_id: str = "app") -> dict[str, Any]:
        """Exchange a code for tokens."""
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        return self._token(client_id, given)

    def refresh(self, token: str, *, client_id: str = "app") -> dict[str, Any]:
        """Exchange a refresh token for new tokens."""
        return self._token(client_id, {"grant_type": "refresh_token", "refresh_token": token})

    def _token(self, client_id: str, given: dict[str, str]) -> dict[str, Any]:
        self.gate.keyring.ensure()
        form = {**given, "client_id": client_id, "client_secret": SECRET}
        answer = self.browser().post("/oauth2/token", data=form, base_url=GATE).get_json()
        assert isinstance(answer, dict)
        return answer

    def record(self, outcome: Outcome) -> LaunchRecord:
        """Return what was written down of a launch or refusal."""
        found = find_launch(self.store, outcome.ref)
        assert found is not None
        return found

    def told(self, outcome: Outcome) -> dict[str, Any]:
        """Return what a launch tells the application: its claims as they are kept for the ID token."""
        with self.store.statements() as connection:
            claims = connection.execute(select(launches.c.claims).where(launches.c.ref == outcome.ref)).scalar_one()
        assert isinstance(claims, dict)
        return claims

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        with self.store.statements() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return all rows of a table by column name."""
        with self.store.statements() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    def change(self, table: Table, **values: Any) -> None:
        """Change every row of a table."""
        with self.store.statements() as connection:
            connection.execute(update(table).values(**values))


@contextmanager
def launching(
    database_url: str, *, clock: Clock | None = None, joined: bool = True, public_url: str = GATE, **environment: str
) -> Iterator[Launching]:
    """Yield a gate on a migrated database with one application and, unless `joined` is false, one platform."""
    clock = clock or Clock()
    own = {
        "SCHOOLGATE_DATABASE_URL": database_url,
        "SCHOOLGATE_PUBLIC_URL": public_url,
        "SCHOOLGATE_SECRET_KEY": SECRET_KEY,
    }
    gate = open_gate(load_settings({**own, **environment}), now=clock)
    world = Launching(gate, clock)
    key_sets = RemoteKeySets(world.fetch, RemoteKeySetRows(gate.store), clock)
    world.gate = replace(
        gate,
        launches=replace(gate.launches, key_sets=key_sets),
        integrations=replace(gate.integrations, key_sets=key_sets),
        notices=replace(gate.notices, key_sets=key_sets),
    )
    try:
        if joined:
            add_application(gate.store, an_application(), clock())
            world.join()
        yield world
    finally:
        gate.close()
