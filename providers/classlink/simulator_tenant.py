"""A district of the simulated ClassLink: its people's profiles in LaunchPad, its Roster Server, its access."""

from __future__ import annotations

import itertools
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from providers.classlink.simulator_server import RosterServer
from providers.classlink.simulator_switches import ClassLinkSwitches
from providers.kit.simulator.roster_auth import Doorkeeper
from providers.kit.simulator.roster_data import Record, Roster
from providers.kit.simulator.roster_switches import RosterSwitches

# ClassLink's words for OneRoster's roles, and the level beside them.
_ROLES: Final = {
    "student": ("Student", 4),
    "teacher": ("Teacher", 3),
    "siteAdministrator": ("Building Administrator", 2),
    "districtAdministrator": ("Tenant Administrator", 1),
    "parent": ("Parent", 0),
}
_USER_IDS: Final[Iterator[int]] = itertools.count(1_000_000)


class Tenant:
    """One district that has added the application."""

    def __init__(self, number: int, code: str, name: str, roster: Roster, switches: ClassLinkSwitches) -> None:
        self.id, self.code, self.name = number, code, name
        self.server = RosterServer(roster, switches)
        self.key, self.secret = f"key-{code}", secrets.token_urlsafe(24)
        self.door = Doorkeeper(self._signing(switches), self.key, self.secret)
        # Encoded once by ClassLink itself: it goes into addresses as it is.
        self.application = quote(f"/{secrets.token_urlsafe(8)}=", safe="")
        self.bearer = str(uuid.uuid4())
        self.is_enabled, self.status = True, "Active"
        self.user_ids: dict[str, int] = {}
        self.extra: dict[str, Record] = {}  # what LaunchPad knows of a person beside the roster

    def follow(self, switches: ClassLinkSwitches) -> None:
        """Behave as the switches say."""
        self.server.follow(switches)
        self.door.switches = self._signing(switches)

    @staticmethod
    def _signing(switches: ClassLinkSwitches) -> RosterSwitches:
        return RosterSwitches(auth="oauth1", signature_methods=switches.signature_methods)

    def rotate(self) -> None:
        """Give the tenant another bearer."""
        self.bearer = str(uuid.uuid4())

    def row(self) -> Record:
        """Return its line in the partner's list of applications; booleans are text, and no id but one is right."""
        return {
            "id": 40_000 + self.id,
            "application_id": 67_890,
            "tenant_id": self.id,
            "bearer": self.bearer,
            "tenant_name": self.name,
            "enabled": "true" if self.is_enabled else "false",
            "tenant_status": self.status,
            "oneroster_application_id": self.application,
            "name": "The application",
            "version": "",
        }

    def user_id(self, user: Record) -> int:
        """Return ClassLink's own number for a person, the same for ever."""
        return self.user_ids.setdefault(user["sourcedId"], next(_USER_IDS))

    def people(self) -> Iterator[tuple[int, Record]]:
        """Yield everybody with their number."""
        yield from ((self.user_id(user), user) for user in self.server.roster["users"])

    def profile(self, user: Record, switches: ClassLinkSwitches) -> Record:
        """Return what /v2/my/info says of a person."""
        words = [_ROLES[held["role"]] for held in user["roles"]]
        told: Any = [word for word, _ in words]
        if switches.role != "list":
            told = ",".join(told) if switches.role == "commas" else told[0]
        is_bare = switches.blank_sourced_id or switches.blank_subject
        email = user.get("email", "")
        return {
            "UserId": 0 if switches.blank_subject else self.user_id(user),
            "TenantId": 0 if switches.blank_tenant else self.id,
            "SourcedId": "" if is_bare else user["sourcedId"],
            "LoginId": user["username"],
            "Email": email,
            "or_email": email,
            "FirstName": user["givenName"],
            "LastName": user["familyName"],
            "DisplayName": f"{user['givenName']} {user['familyName']}",
            "Role": told,
            "Role_Level": words[0][1],
            "Tenant": self.name,
            "Building": self.name,
            "BuildingId": 100 + self.id,
            "OrgId": [user["roles"][0]["org"]["sourcedId"]] if switches.org_id == "list" else "",
            "StateName": "Ohio",
            "AuthenticationType": "ActiveDirectory",
            "LanguageId": 1,
            **self.extra.get(user["sourcedId"], {}),
        }


def switched(switches: ClassLinkSwitches, **changes: Any) -> ClassLinkSwitches:
    """Return other switches."""
    return replace(switches, **changes)
