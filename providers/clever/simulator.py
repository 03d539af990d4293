"""Clever on loopback: portal, sign-in, Secure Sync and events, a foreign house with its own keys and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from flask import Flask

from providers.clever.simulator_admin_app import admin_endpoints
from providers.clever.simulator_clever import CLIENT_ID, CLIENT_SECRET, SimulatedClever
from providers.clever.simulator_data_app import data_endpoints
from providers.clever.simulator_district import District, fill
from providers.clever.simulator_odd import add_oddities
from providers.clever.simulator_sign_in_app import SESSION_COOKIE, sign_in_endpoints
from providers.clever.simulator_switches import ODDITIES, CleverSwitches
from providers.clever.simulator_truth import truth_of
from providers.contract import LaunchPerson, Role, SignedIn
from providers.kit.simulator.people import PEOPLE
from providers.kit.simulator.roster_data import Roster, made_up_roster
from providers.kit.simulator.serving import running
from providers.kit.simulator.simulated_portal import OpenPortal, PortalFault, SimulatedPortal
from providers.kit.simulator.simulated_roster import RosterFault, SimulatedRoster

_FAULTS: Final[dict[RosterFault, dict[str, Any]]] = {
    "busy": {"busy": (429, 503, 429)},
    "bad_gateway": {"heavy_above": 300},
    "token_dies": {"token_from": 7},
    "unauthorized": {"refuses_from": 9},
    "cut": {"page": "cut"},
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
    "blank_district": {"blank_district": True},
    "no_state": {"drops_state": True},
}
PORTAL_FAULTS: Final = tuple(_PORTAL_FAULTS)


def create_simulator(clever: SimulatedClever) -> Flask:
    """Return the simulated Clever as a web application."""
    app = Flask(__name__, static_folder=None)
    for endpoints in (sign_in_endpoints(clever), data_endpoints(clever), admin_endpoints(clever)):
        app.register_blueprint(endpoints)
    return app


def settings_for(clever: SimulatedClever, district: District) -> dict[str, Any]:
    """Return the settings that reach this district."""
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "district_id": district.id,
        "site_url": clever.base_url,
        "api_url": clever.base_url,
        "page_size": "1000",
    }


@contextmanager
def serving(clever: SimulatedClever) -> Iterator[SimulatedClever]:
    """Serve it for as long as a test needs it."""

    def build(base_url: str) -> Flask:
        clever.base_url = base_url
        return create_simulator(clever)

    with running(build):
        yield clever


def a_district(clever: SimulatedClever, roster: Roster | None = None, name: str = "Northfield District") -> District:
    """Add a district with these people, and with whoever the switch `odd` names."""
    district = clever.add_district(name, name.split(maxsplit=1)[0].lower())
    fill(district, roster or made_up_roster())
    add_oddities(district, clever.switches.odd)
    return district


@contextmanager
def simulate_roster(roster: Roster, _folder: Path) -> Iterator[SimulatedRoster]:
    """Serve this roster on loopback."""
    usual = CleverSwitches(page_cap=max(len(roster["users"]) // 3, 10))  # everything large takes several pages
    clever = SimulatedClever(switches=usual)
    district = a_district(clever, roster, roster["orgs"][0]["name"])

    def strike(*faults: RosterFault) -> None:
        clever.switches = usual
        clever.requests.clear()
        clever.switch(**{name: value for fault in faults for name, value in _FAULTS[fault].items()})

    with serving(clever):
        yield SimulatedRoster(settings_for(clever, district), lambda: truth_of(district), strike)


def create_portal(base_url: str) -> OpenPortal:
    """Return a portal for the demo; two of its people are in the demo's other school, too."""
    clever = SimulatedClever(switches=CleverSwitches(odd=frozenset(ODDITIES)))
    clever.base_url = base_url
    roster = made_up_roster()
    for user, key in ((roster["users"][0], "sam"), (roster["users"][-4], "tia")):
        person = PEOPLE[key]
        user |= {"givenName": person.given_name, "familyName": person.family_name, "email": person.email}
    district = a_district(clever, roster, "Westfield District")
    return OpenPortal(
        create_simulator(clever), settings_for(clever, district), clever.register, f"/in/{district.shortname}"
    )


@contextmanager
def simulate_sign_in() -> Iterator[SimulatedPortal]:
    """Serve two districts with the same people; nothing but Clever's own ids tells them apart."""
    clever = SimulatedClever()
    home, elsewhere = a_district(clever), a_district(clever, name="Southfield District")
    people = {
        "student": _known(home, "p-0@school.example"),
        "teacher": _known(home, "t-1@school.example"),
        "elsewhere": _known(elsewhere, "p-0@school.example"),
    }
    app = create_simulator(clever)

    def visit(address: str, key: str) -> str:
        browser = app.test_client()
        browser.set_cookie(SESSION_COOKIE, people[key].subject)
        return str(browser.get(address.removeprefix(clever.base_url)).location)

    def strike(*faults: PortalFault) -> None:
        clever.switches = CleverSwitches()
        clever.switch(**{name: value for fault in faults for name, value in _PORTAL_FAULTS[fault].items()})

    with serving(clever):
        yield SimulatedPortal(
            settings=settings_for(clever, home),
            register=clever.register,
            people=people,
            sign_in=visit,
            arrive=lambda key: visit(f"/in/{home.shortname}/open", key),
            strike=strike,
        )


def _known(district: District, email: str) -> SignedIn:
    """Return how the room must know a person."""
    user = next(each for each in district.objects["users"].values() if each["email"] == email)
    role, held = next(iter(user["roles"].items()))
    person = LaunchPerson(
        given_name=user["name"]["first"],
        family_name=user["name"]["last"],
        email=email,
        sourced_id=held["sis_id"],
        roster_id=user["id"],
    )
    return SignedIn(district.id, user["id"], person, (Role.STUDENT if role == "student" else Role.TEACHER,))
