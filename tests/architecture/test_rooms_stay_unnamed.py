"""The measure of this house: how many files outside a provider's room name that provider; ours is 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from providers import rooms
from tests.architecture.source import ROOT

# Rooms whose key is also the name of an open standard, which the whole house speaks.
STANDARDS = {"lti", "oneroster", "oneroster_csv"}
PLACES = ("gateway", "keys", "providers/kit", "providers/contract")


def _files() -> list[Path]:
    found = [path for place in PLACES for path in (ROOT / place).rglob("*") if path.is_file()]
    return [*(path for path in found if "__pycache__" not in path.parts), ROOT / "providers" / "__init__.py"]


@pytest.mark.parametrize("key", sorted(set(rooms()) - STANDARDS))
def test_no_file_outside_a_room_names_it(key: str) -> None:
    plate = rooms()[key]
    words = {word.lower().encode() for word in (plate.key, plate.label, *plate.family_codes)}
    naming = [path for path in _files() if any(word in path.read_bytes().lower() for word in words)]
    named = [path for path in _files() if key in path.name.lower()]
    assert [str(path.relative_to(ROOT)) for path in (*naming, *named)] == []
