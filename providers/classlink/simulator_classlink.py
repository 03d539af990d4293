"""A simulated ClassLink: its application, its tenants, who is signed in, and what codes and tokens are good for."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import msgspec

from providers.classlink.simulator_switches import ClassLinkSwitches
from providers.classlink.simulator_tenant import Tenant, switched
from providers.kit.simulator.clock import utc_now
from providers.kit.simulator.keys import SigningKey, b64url
from providers.kit.simulator.roster_data import Record, Roster

CLIENT_ID: Final = "classlink-client"
CLIENT_SECRET: Final = "classlink-secret"  # noqa: S105 - a simulator's own
PARTNER_TOKEN: Final = "the-partners-own-token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Code:
    """What a code was given for."""

    user_id: int
    redirect_uri: str
    nonce: str | None
    at: datetime


class SimulatedClassLink:
    """Keeps everything in memory. `base_url` is set once it is served."""

    def __init__(
        self,
        redirect_uris: tuple[str, ...] = (),
        *,
        switches: ClassLinkSwitches | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.redirect_uris, self.switches, self.now = redirect_uris, switches or ClassLinkSwitches(), now
        self.base_url = "https://classlink.example"
        self.tenants: dict[int, Tenant] = {}
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, int] = {}
        self.consents: set[int] = set()

    @cached_property
    def signing_key(self) -> SigningKey:
        """Its own key, made when the first ID token is signed."""
        return SigningKey.generate()

    def switch(self, **changes: Any) -> None:
        """Let it behave otherwise."""
        self.behave(switched(self.switches, **changes))

    def behave(self, switches: ClassLinkSwitches) -> None:
        """Let it behave as these switches say."""
        self.switches = switches
        for tenant in self.tenants.values():
            tenant.follow(switches)

    def register(self, redirect_uri: str) -> None:
        """Enter a redirect address; people who open the tile land on the first."""
        self.redirect_uris = (*self.redirect_uris, redirect_uri)

    def add_tenant(self, code: str, name: str, roster: Roster) -> Tenant:
        """Make a district that has added and enabled the application."""
        made = Tenant(2222 + len(self.tenants), code, name, roster, self.switches)
        self.tenants[made.id] = made
        return made

    def find_user(self, user_id: int | str | None) -> tuple[Tenant, Record] | None:
        """Return a person with their district."""
        for tenant in self.tenants.values():
            for number, user in tenant.people():
                if str(number) == str(user_id):
                    return tenant, user
        return None

    def give_code(self, user_id: int, redirect_uri: str, nonce: str | None) -> str:
        """Return a code for a person."""
        code = f"c{secrets.token_hex(16)}"
        self.codes[code] = Code(user_id, redirect_uri, nonce, self.now())
        return code

    def take_code(self, code: str, redirect_uri: str | None) -> Code | None:
        """Use a code up; None when it was used, is too old, or was sent elsewhere. The address may be left out."""
        found = self.codes.pop(code, None)
        if found is None or redirect_uri not in {None, found.redirect_uri}:
            return None
        age = (self.now() - found.at).total_seconds()
        return found if age <= self.switches.code_seconds else None

    def give_token(self, user_id: int) -> str:
        """Return an access token of a person."""
        token = f"a{secrets.token_hex(20)}"
        self.tokens[token] = user_id
        return token

    def id_token(self, user: Record, tenant: Tenant, nonce: str | None) -> str:
        """Sign an ID token."""
        now, switches = int(self.now().timestamp()), self.switches
        claims = {
            "iss": self.base_url,
            "aud": CLIENT_ID,
            "sub": str(switches.id_token_of or tenant.user_id(user)),
            "iat": now,
            "auth_time": now,
            "exp": now + switches.id_token_seconds,
            "email": user.get("email"),
            "email_verified": switches.email_verified,
            "login_hint": user["username"],
            "given_name": user["givenName"],
            "family_name": user["familyName"],
            "address": {"locality": tenant.name, "region": "OH"},
            **({"nonce": nonce} if nonce else {}),
        }
        parts = [{"alg": "RS256", "typ": "JWT", "kid": self.signing_key.kid}, claims]
        message = ".".join(b64url(msgspec.json.encode(part)) for part in parts)
        return f"{message}.{b64url(self.signing_key.signer('RS256')(message.encode()))}"
