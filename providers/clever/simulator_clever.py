"""A simulated Clever: its application, its districts, who is signed in, and what codes and tokens are good for."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import msgspec

from providers.clever.simulator_district import District, Record
from providers.clever.simulator_switches import CleverSwitches
from providers.kit.simulator.clock import utc_now
from providers.kit.simulator.keys import SigningKey, b64url

CLIENT_ID: Final = "clever-client"
CLIENT_SECRET: Final = "clever-secret"  # noqa: S105 - a simulator's own
_STAFF: Final = ("teacher", "staff", "district_admin")


@dataclass(frozen=True, slots=True)
class Code:
    """What a code was given for."""

    user_id: str
    redirect_uri: str
    nonce: str | None
    at: datetime


class SimulatedClever:
    """Keeps everything in memory. `base_url` is set once it is served."""

    def __init__(
        self,
        redirect_uris: tuple[str, ...] = (),
        *,
        switches: CleverSwitches | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.redirect_uris, self.switches, self.now = redirect_uris, switches or CleverSwitches(), now
        self.base_url = "https://clever.example"
        self.districts: dict[str, District] = {}
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, str] = {}
        self.requests: Counter[str] = Counter()

    @cached_property
    def key(self) -> SigningKey:
        """Its own key, made when the first ID token is signed."""
        return SigningKey.generate()

    def switch(self, **changes: Any) -> None:
        """Let it behave otherwise."""
        self.switches = replace(self.switches, **changes)

    def register(self, redirect_uri: str) -> None:
        """Enter a redirect address; people who come from the portal land on the first."""
        self.redirect_uris = (*self.redirect_uris, redirect_uri)

    def add_district(self, name: str, shortname: str) -> District:
        """Make a district that has accepted the application."""
        made = District(name, shortname, self.now)
        self.districts[made.id] = made
        return made

    def find_user(self, user_id: str) -> tuple[District, Record] | None:
        """Return a person with their district."""
        for district in self.districts.values():
            if user_id in district.objects["users"]:
                return district, district.objects["users"][user_id]
        return None

    def give_code(self, user_id: str, redirect_uri: str, nonce: str | None) -> str:
        """Return a code for a person."""
        code = secrets.token_hex(16)
        self.codes[code] = Code(user_id, redirect_uri, nonce, self.now())
        return code

    def take_code(self, code: str, redirect_uri: str) -> Code | None:
        """Use a code up; None when it was used, is too old, or was sent elsewhere."""
        found = self.codes.pop(code, None)
        if found is None or found.redirect_uri != redirect_uri:
            return None
        age = (self.now() - found.at).total_seconds()
        return found if age <= self.switches.code_seconds else None

    def give_token(self, user_id: str) -> str:
        """Return an access token of a person."""
        token = f"il{secrets.token_hex(20)}"
        self.tokens[token] = user_id
        return token

    def legacy_id(self, user: Record) -> str:
        """Return the id from before version 3: students kept theirs, everybody else got a new one."""
        return str(user["id"]) if "student" in user["roles"] else f"legacy-{user['id']}"

    def user_type(self, user: Record) -> str:
        """Return the role of this sign-in: of several the first on the staff's side."""
        return next((role for role in ("student", *_STAFF, "contact") if role in user["roles"]), "student")

    def told(self, user: Record, district: District) -> Record:
        """Return what ID token and /userinfo say alike."""
        said: Record = {
            "sub": "" if self.switches.blank_subject else user["id"],
            "user_id": self.legacy_id(user),
            "multi_role_user_id": user["id"],
            "user_type": self.user_type(user),
            "district": "" if self.switches.blank_district else district.id,
            "email_verified": self.switches.email_verified,
            "given_name": user["name"].get("first"),
            "family_name": user["name"]["last"],
            "authorized_by": self.switches.authorized_by,
        }
        return said | ({"email": user["email"]} if user.get("email") else {})

    def id_token(self, user: Record, district: District, nonce: str | None, **wrong: Any) -> str:
        """Sign an ID token; `wrong` claims make it one that must not be taken."""
        now = int(self.now().timestamp())
        claims = {**self.told(user, district), "iss": self.base_url, "aud": CLIENT_ID, "iat": now}
        claims |= {"exp": now + self.switches.token_seconds} | ({"nonce": nonce} if nonce else {}) | wrong
        parts = [{"alg": "RS256", "typ": "JWT", "kid": self.key.kid}, claims]
        message = ".".join(b64url(msgspec.json.encode(part)) for part in parts)
        return f"{message}.{b64url(self.key.signer('RS256')(message.encode()))}"
