"""What a room's simulator offers when the room has rosters: people and classes, the truth about them, and faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from flask import Flask

from providers.contract import Kind
from providers.kit.simulator.roster_gradebook import RosterGradebook

RosterFault = Literal[
    "busy",  # some answers are 429
    "bad_gateway",  # pages are too heavy: 502 until they are smaller
    "token_dies",  # the access token is answered with 401 half way; a new one is good
    "unauthorized",  # from half way on everything is answered with 401
    "changed",  # the roster is changed while it is read, and the system says so
    "cut",  # the last page lacks its second half
    "torn",  # ... or its JSON ends in the middle
    "html",  # a page for people with status 200
    "error",  # an error's body with status 200
    "empty",  # an empty list with status 200
    "nested",  # no collection of all enrollments: those of each class are told below it
    "nested_cut",  # ... and the last page of each class lacks its second half
]
# A reading comes to its proven end in spite of these.
ENDURED: Final[frozenset[RosterFault]] = frozenset({"busy", "bad_gateway", "token_dies", "nested"})

Truth = Mapping[Kind, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class OpenRoster:
    """The roster of those whom a simulated platform's launches bring, as a web application; `settings` read it."""

    app: Flask
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SimulatedRoster:
    """A simulated system that has a roster. `settings` read it with the room.

    `truth` tells what is there now, as the contract's records, written apart from the room's reader. `strike` lets
    faults happen from now on, those that the module's `ROSTER_FAULTS` names; none ends them. `gradebook` is there when
    the room writes grades with these settings.
    """

    settings: Mapping[str, Any]
    truth: Callable[[], Truth]
    strike: Callable[..., None]
    gradebook: RosterGradebook | None = None
