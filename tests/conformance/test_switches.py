"""Quirks of simulated systems: each switch and each oddity of a room is needed by one of its own tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from types import ModuleType

import pytest

import providers
from providers.kit.room_files import room_folder
from providers.kit.simulator import Switches

SHARED = {field.name for field in fields(Switches)}


def _modules(key: str) -> Iterator[ModuleType]:
    for path in sorted(room_folder(key).glob("simulator*.py")):
        yield import_module(f"providers.{key}.{path.stem}")


def _added(key: str) -> set[str]:
    """Return the names of a room's own switches and oddities."""
    found: set[str] = set()
    for module in _modules(key):
        for name, made in vars(module).items():
            if name.endswith("Switches") and is_dataclass(made) and made.__module__ == module.__name__:
                found |= {field.name for field in fields(made)} - SHARED
        found |= set(getattr(module, "ODDITIES", ()))
    return found


def _faults(key: str) -> str:
    """Return what the conformance suites let happen: the tables of faults in a room's simulator."""
    source = (room_folder(key) / "simulator.py").read_text()
    return "".join(re.findall(r"^_\w*FAULTS\b.*?^\}", source, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("key", sorted(providers.rooms()))
def test_every_switch_that_a_room_adds_is_needed_by_a_test(key: str) -> None:
    tests = "".join(path.read_text() for path in (room_folder(key) / "tests").glob("test_*.py")) + _faults(key)
    assert sorted(name for name in _added(key) if not re.search(rf"\b{name}\b", tests)) == []


def test_rooms_with_launches_sign_ins_and_rosters_are_looked_at() -> None:
    rooms = [key for key, room in providers.rooms().items() if room.sign_in or (room.launch and room.roster)]
    assert [key for key in rooms if len(_added(key)) < 20] == []
