"""A house with one school, two people and some applications, and what an application's client does there."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from sqlalchemy import insert, update

from gateway.services import handoff
from gateway.services.oidc.authorize import authorize
from gateway.services.oidc.house import House
from gateway.services.oidc.token import exchange
from gateway.services.oidc.userinfo import userinfo
from gateway.services.oidc.wire import Answer, Incoming
from gateway.store import Store
from gateway.store.applications import Application, add_application
from gateway.store.ids import new_id, new_reference
from gateway.store.tables import integrations, launches, orgs, registrations, users
from keys.sealing import fingerprint
from providers.kit.lti import claims as names

ISSUER = "http://localhost:8000"
CALLBACK = "https://app.example/callback"
SECRET = "correct-horse-battery-staple"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
CONTEXT = {"id": "class-1", "title": "Algebra"}


@lru_cache
def signing_key() -> RSAKey:
    """One key for all tests: making one takes long."""
    return RSAKey.generate_key(2048, {"alg": "RS256", "use": "sig", "kid": "test"})


class TestSigner:
    """Signs as the keyring does."""

    def sign(self, claims: Any, typ: str = "JWT") -> str:
        return jwt.encode({"alg": "RS256", "kid": "test", "typ": typ}, dict(claims), signing_key())

    def verify(self, token: str) -> dict[str, Any] | None:
        try:
            return read_id_token(token)
        except (JoseError, ValueError):
            return None


def read_id_token(token: str) -> dict[str, Any]:
    """Return the claims of an ID token, its signature checked."""
    return jwt.decode(token, signing_key(), algorithms=["RS256"]).claims


def an_application(id: str = "app", **changes: Any) -> Application:
    """An active confidential client that may see every tenant."""
    application = Application(
        id=id,
        name=f"Application {id}",
        secret_hash=fingerprint(SECRET),
        redirect_uris=(CALLBACK,),
        login_uri="https://app.example/login",
        all_tenants=True,
        tenants=frozenset(),
    )
    return replace(application, **changes)


@dataclass
class World:
    """The clock stands still until a test moves it."""

    store: Store
    time: datetime = NOON
    tenant_id: str = field(default_factory=new_id)
    school_id: str = field(default_factory=new_id)
    student_id: str = field(default_factory=new_id)
    integration_id: str = field(default_factory=new_id)
    registration_id: str = field(default_factory=new_id)

    @property
    def house(self) -> House:
        """The house as the endpoints get it."""
        return House(self.store, ISSUER, lambda: self.time, TestSigner())

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)

    def change(self, table: Any, id: str, /, **values: Any) -> None:
        """Change a row of a roster table."""
        with self.store.statements() as connection:
            connection.execute(update(table).where(table.c.sourced_id == id).values(**values))

    def add(self, application: Application) -> Application:
        """Register an application."""
        add_application(self.store, application, self.time)
        return application

    def arrive(self, application: Application, *, anonymous: bool = False, **claims: Any) -> str:
        """Record an accepted launch; return the login hint that its browser carries."""
        return self.launch(application, anonymous=anonymous, **claims).login_hint

    def launch(
        self, application: Application, *, issuer: str = ISSUER, anonymous: bool = False, **claims: Any
    ) -> handoff.Handoff:
        """Record an accepted launch; return its hand-off."""
        begun = handoff.begin(application, issuer=issuer, target_link_uri=None, now=self.time)
        row = {
            "ref": new_reference(),
            "created_at": self.time,
            "nonce_hash": fingerprint(new_id()),
            "registration_id": self.registration_id,
            "outcome": "accepted",
            "tenant_id": self.tenant_id,
            "integration_id": self.integration_id,
            "user_sourced_id": None if anonymous else self.student_id,
            "message_type": "LtiResourceLinkRequest",
            "trace": "[]",
            "application_id": application.id,
            "login_hint_hash": begun.login_hint_hash,
            "login_hint_expires_at": begun.expires_at,
            "claims": {names.CONTEXT: CONTEXT, **claims},
        }
        with self.store.statements() as connection:
            connection.execute(insert(launches), row)
        return begun

    def authorize(self, **changes: str | None) -> Answer:
        """Ask for a code as a good client does, but for these changes (None leaves a parameter out)."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "app",
            "redirect_uri": CALLBACK,
            "scope": "openid profile email",
            "state": "the-state",
            "nonce": "the-nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return authorize(self.house, incoming("GET", {**asked, **changes}))

    def code(self, **changes: str | None) -> str:
        """Launch and return the code that the application gets."""
        application = self.application(changes.get("client_id") or "app")
        return returned(self.authorize(login_hint=self.arrive(application), **changes))["code"]

    def application(self, id: str) -> Application:
        """Return a registered application."""
        from gateway.store.applications import find_application

        found = find_application(self.store, id)
        assert found is not None
        return found

    def exchange(self, code: str, /, *, basic: str | None = None, **changes: str | None) -> Answer:
        """Exchange a code as a good client does, but for these changes."""
        asked: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            "client_id": "app",
            "client_secret": SECRET,
        }
        return exchange(self.house, incoming("POST", {**asked, **changes}, basic))

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        """Launch, sign in and return the token answer."""
        answer = self.exchange(self.code(**changes))
        assert answer.status == 200, answer
        return dict(answer.body or {})

    def userinfo(self, access_token: str | None) -> Answer:
        """Ask who the bearer is."""
        return userinfo(self.house, incoming("GET", {}, access_token and f"Bearer {access_token}"))


def incoming(method: str, values: dict[str, str | None], authorization: str | None = None) -> Incoming:
    """A request with these parameters, each sent once; None is left out."""
    return Incoming(method, {name: [value] for name, value in values.items() if value is not None}, authorization)


def returned(answer: Answer) -> dict[str, str]:
    """Return the parameters of a redirect back to the application."""
    assert answer.location is not None, answer
    assert answer.location.partition("?")[0] == CALLBACK
    return dict(parse_qsl(urlsplit(answer.location).query, strict_parsing=True))


def a_world(store: Store) -> World:
    """A district with a school, linked by one integration, and one student."""
    world = World(store)
    with store.transaction() as connection:
        for org in _orgs(world):
            connection.execute(insert(orgs), org)
        connection.execute(insert(users), _student(world))
        connection.execute(insert(registrations), _registration(world))
        connection.execute(insert(integrations), _integration(world))
    world.add(an_application())
    return world


def _orgs(world: World) -> list[dict[str, Any]]:
    base = {"tenant_id": world.tenant_id, "date_last_modified": NOON}
    return [
        {**base, "sourced_id": world.tenant_id, "type": "district", "name": "Westfield"},
        {
            **base,
            "sourced_id": world.school_id,
            "type": "school",
            "name": "Hill",
            "parent_sourced_id": world.tenant_id,
        },
    ]


def _student(world: World) -> dict[str, Any]:
    return {
        "tenant_id": world.tenant_id,
        "date_last_modified": NOON,
        "sourced_id": world.student_id,
        "given_name": "Ada",
        "family_name": "Ng",
        "email": "ada@school.example",
        "locale": "en",
    }


def _integration(world: World) -> dict[str, Any]:
    return {
        "id": world.integration_id,
        "tenant_id": world.tenant_id,
        "org_sourced_id": world.school_id,
        "provider": "lti",
        "registration_id": world.registration_id,
        "settings": {},
        "created_at": NOON,
    }


def _registration(world: World) -> dict[str, Any]:
    return {
        "id": world.registration_id,
        "provider": "lti",
        "issuer": "https://lms.example",
        "client_id": "10",
        "auth_login_url": "https://lms.example/auth",
        "key_set_url": "https://lms.example/jwks",
        "algorithms": ["RS256"],
        "created_at": NOON,
    }
