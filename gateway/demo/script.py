"""Reads config/demo.toml: which simulator is shown, with which school, people and links."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.demo.failure import DemoFailed
from providers.kit.simulator import COURSES, PEOPLE

SCRIPT = Path(__file__).resolve().parents[2] / "config" / "demo.toml"


@dataclass(frozen=True, slots=True)
class Link:
    """One link on the start page: this person opens this course."""

    key: str
    course: int

    @property
    def path(self) -> str:
        """Return the course page's path at the simulated system."""
        return f"/courses/{self.course}?as={self.key}"

    @property
    def text(self) -> str:
        """Return what the link says."""
        kinds = PEOPLE[self.key].kinds[self.course]
        role = "" if kinds == ("nobody",) else f" as {' and '.join(kinds)}"
        return f"{COURSES[self.course].title}{role}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One person on the start page."""

    name: str
    who: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """What the demo shows."""

    simulator: str
    client_id: str
    deployment_id: str
    district: str
    school: str
    application: str
    roster: str
    roster_district: str
    roster_students: int
    portals: tuple[str, ...]
    portal_district: str
    systems: tuple[str, ...]
    system_district: str
    settings: dict[str, Any]
    people: tuple[Shown, ...]
    unaccepted: Link


def read_script(path: Path = SCRIPT) -> Script:
    """Return the script. Raises DemoFailed when it is not there, which it is in every checkout."""
    try:
        table = tomllib.loads(path.read_text())
    except OSError as fault:
        raise DemoFailed(f"The demo needs {path}: run it from a checkout of the repository.") from fault
    people = tuple(_shown(**person) for person in table.pop("people"))
    told = {"people": people, "unaccepted": Link(**table["unaccepted"])}
    told |= {name: tuple(table[name]) for name in ("portals", "systems")}
    return Script(**table | told)


def _shown(key: str, who: str, courses: list[int]) -> Shown:
    return Shown(PEOPLE[key].name.strip(), who, tuple(Link(key, course) for course in courses))
