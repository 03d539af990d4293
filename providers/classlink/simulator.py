"""ClassLink on loopback: LaunchPad, roster proxy and Roster Servers, a foreign house with its own keys and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from flask import Flask

from providers.classlink.simulator_admin_app import admin_endpoints
from providers.classlink.simulator_classlink import CLIENT_ID, CLIENT_SECRET, PARTNER_TOKEN, SimulatedClassLink
from providers.classlink.simulator_launchpad_app import SESSION_COOKIE, launchpad_endpoints
from providers.classlink.simulator_odd import add_oddities
from providers.classlink.simulator_roster_app import add_rosters
from providers.classlink.simulator_switches import ODDITIES, ClassLinkSwitches
from providers.classlink.simulator_tenant import Tenant
from providers.contract import LaunchPerson, Role, SignedIn
from providers.kit.simulator.people import PEOPLE
from providers.kit.simulator.roster_data import Roster, made_up_roster
from providers.kit.simulator.roster_truth import truth_of
from providers.kit.simulator.serving import running
from providers.kit.simulator.simulated_portal import OpenPortal, PortalFault, SimulatedPortal
from providers.kit.simulator.simulated_roster import RosterFault, SimulatedRoster, Truth

_FAULTS: Final[dict[RosterFault, dict[str, Any]]] = {
    "busy": {"busy": ((429, "1"), (503, ""), (429, ""))},
    "bad_gateway": {"bad_gateway_above": 300},
    "token_dies": {"bearer_from": 7},
    "unauthorized": {"refuses_from": 9},
    "changed": {"perm_rev": "changes"},
    "cut": {"page": "short"},
    "torn": {"page": "torn"},
    "html": {"page": "html"},
    "error": {"page": "error"},
    "empty": {"page": "empty"},
}
ROSTER_FAULTS: Final = tuple(_FAULTS)
_PORTAL_FAULTS: Final[dict[PortalFault, dict[str, Any]]] = {
    "down": {"sign_in_down": True},
    "html": {"sign_in_page": True},
    "blank_subject": {"blank_subject": True},
    "blank_district": {"blank_tenant": True},
    "no_state": {"drops_state": True},
}
PORTAL_FAULTS: Final = tuple(_PORTAL_FAULTS)


def create_simulator(classlink: SimulatedClassLink) -> Flask:
    """Return the simulated ClassLink as a web application."""
    app = Flask(__name__, static_folder=None)
    add_rosters(app, classlink)
    for endpoints in (admin_endpoints(classlink), launchpad_endpoints(classlink)):
        app.register_blueprint(endpoints)
    return app


def settings_for(classlink: SimulatedClassLink, tenant: Tenant) -> dict[str, Any]:
    """Return the settings that reach this tenant, its roster through the proxy."""
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "tenant_id": str(tenant.id),
        "partner_token": PARTNER_TOKEN,
        "site_url": classlink.base_url,
        "api_url": classlink.base_url,
        "proxy_url": classlink.base_url,
        "page_size": "1000",
    }


def direct_settings_for(classlink: SimulatedClassLink, tenant: Tenant) -> dict[str, Any]:
    """Return the settings that reach this tenant's Roster Server itself."""
    address = f"{classlink.base_url}/rs/{tenant.code}"
    own = {"endpoint_url": address, "roster_key": tenant.key, "roster_secret": tenant.secret, "partner_token": ""}
    return {**settings_for(classlink, tenant), **own, "roster_access": "direct"}


@contextmanager
def serving(classlink: SimulatedClassLink) -> Iterator[SimulatedClassLink]:
    """Serve it for as long as a test needs it."""

    def build(base_url: str) -> Flask:
        classlink.base_url = base_url
        return create_simulator(classlink)

    with running(build):
        yield classlink


def a_tenant(classlink: SimulatedClassLink, roster: Roster | None = None, name: str = "Northfield District") -> Tenant:
    """Add a district with these people, and with whoever the switch `odd` names."""
    code = name.split(maxsplit=1)[0].lower()
    tenant = classlink.add_tenant(code, name, made_up_roster() if roster is None else roster)
    add_oddities(tenant, classlink.switches.odd)
    return tenant


def truth_about(tenant: Tenant) -> Truth:
    """Return the records of what a tenant shares: OneRoster 1.1 has no primary org."""
    truth = truth_of(tenant.server.visible())
    return {**truth, "users": [each._replace(primary_org_id=None) for each in truth["users"]]}


@contextmanager
def simulate_roster(roster: Roster, _folder: Path) -> Iterator[SimulatedRoster]:
    """Serve this roster on loopback."""
    usual = ClassLinkSwitches(page_cap=max(len(roster["users"]) // 3, 10))  # everything large takes several pages
    classlink = SimulatedClassLink(switches=usual)
    tenant = a_tenant(classlink, roster, roster["orgs"][0]["name"])

    def strike(*faults: RosterFault) -> None:
        struck = {name: value for fault in faults for name, value in _FAULTS[fault].items()}
        classlink.behave(replace(usual, **struck))

    with serving(classlink):
        yield SimulatedRoster(settings_for(classlink, tenant), lambda: truth_about(tenant), strike)


def create_portal(base_url: str) -> OpenPortal:
    """Return a portal for the demo; two of its people are in the demo's other school, too."""
    classlink = SimulatedClassLink(switches=ClassLinkSwitches(odd=frozenset(ODDITIES)))
    classlink.base_url = base_url
    roster = made_up_roster()
    for user, key in ((roster["users"][0], "sam"), (roster["users"][-4], "tia")):
        person = PEOPLE[key]
        user |= {"givenName": person.given_name, "familyName": person.family_name, "email": person.email}
    tenant = a_tenant(classlink, roster, "Westfield District")
    return OpenPortal(
        create_simulator(classlink), settings_for(classlink, tenant), classlink.register, f"/{tenant.code}"
    )


@contextmanager
def simulate_sign_in(classlink: SimulatedClassLink | None = None) -> Iterator[SimulatedPortal]:
    """Serve two districts with the same people and the same SourcedIds; nothing but the tenant tells them apart."""
    usual = ClassLinkSwitches(id_token=False)  # a test's clock is not the simulator's
    classlink = classlink or SimulatedClassLink(switches=usual)
    home, elsewhere = a_tenant(classlink), a_tenant(classlink, name="Southfield District")
    known = {"student": (home, "p-0"), "teacher": (home, "t-1"), "elsewhere": (elsewhere, "p-0")}
    app = create_simulator(classlink)

    def visit(address: str, key: str) -> str:
        browser, (tenant, source_id) = app.test_client(), known[key]
        browser.set_cookie(SESSION_COOKIE, str(tenant.user_ids[source_id]))
        return str(browser.get(address.removeprefix(classlink.base_url)).location)

    def strike(*faults: PortalFault) -> None:
        struck = {name: value for fault in faults for name, value in _PORTAL_FAULTS[fault].items()}
        classlink.behave(replace(usual, **struck))

    with serving(classlink):
        yield SimulatedPortal(
            settings=settings_for(classlink, home),
            register=classlink.register,
            people={key: _known(*each) for key, each in known.items()},
            sign_in=visit,
            arrive=lambda key: visit(f"/{known[key][0].code}/open", key),
            strike=strike,
        )


def _known(tenant: Tenant, source_id: str) -> SignedIn:
    """Return how the room must know a person."""
    user = next(user for _, user in tenant.people() if user["sourcedId"] == source_id)
    given, family = user["givenName"], user["familyName"]
    person = LaunchPerson(
        given_name=given,
        family_name=family,
        name=f"{given} {family}",
        email=user["email"],
        username=user["username"],
        sourced_id=source_id,
        roster_id=source_id,
    )
    role = Role.STUDENT if user["roles"][0]["role"] == "student" else Role.TEACHER
    return SignedIn(str(tenant.id), f"sis:{source_id}", person, (role,))
