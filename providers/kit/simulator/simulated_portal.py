"""What a room's simulator offers when the room signs people in: people, both ways of arriving, and faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from flask import Flask

from providers.contract import SignedIn

PortalFault = Literal[
    "down",  # the token endpoint answers 503
    "html",  # who came is a page for people
    "blank_subject",  # ... or has a blank id
    "blank_district",  # ... or no district
    "no_state",  # comes back without the state that it was given
]
# What the room raises for each; the hall has the sentences.
CODES: Final[Mapping[PortalFault, frozenset[str]]] = {
    "down": frozenset({"sso.provider_unavailable"}),
    "html": frozenset({"sso.answer_invalid", "http.not_json"}),
    "blank_subject": frozenset({"sso.subject_missing"}),
    "blank_district": frozenset({"sso.district_missing"}),
}


@dataclass(frozen=True, slots=True)
class OpenPortal:
    """A simulated portal as a web application, for people to click through; `home` is its district's own path."""

    app: Flask
    settings: Mapping[str, Any]
    register: Callable[[str], None]
    home: str


@dataclass(frozen=True, slots=True)
class SimulatedPortal:
    """A simulated portal that is served. `register` enters our redirect address in its screens.

    `settings` are those of one district of it, and read its roster too, where the room has rosters. `people` says how
    the room must know each: ``student`` and ``teacher`` of that district, and ``elsewhere``, somebody of another
    district with the same local ids and the same e-mail address as the student. `sign_in` is what a browser with that
    person's session at the portal does with an authorization request: the address that it is sent back to. `arrive`
    is where the portal's own page sends that person. `strike` lets faults happen from now on; none ends them.
    """

    settings: Mapping[str, Any]
    register: Callable[[str], None]
    people: Mapping[str, SignedIn]
    sign_in: Callable[[str, str], str]
    arrive: Callable[[str], str]
    strike: Callable[..., None]
