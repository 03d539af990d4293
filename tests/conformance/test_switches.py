"""Quirks of a simulated platform: each switch that a room adds is needed by one of its own tests."""

from __future__ import annotations

import re
from dataclasses import fields

from providers.kit.room_files import room_folder
from providers.kit.simulator import Switches
from tests.conformance.launch_room import LaunchRoom


def test_every_switch_that_a_room_adds_is_needed_by_a_test(room: LaunchRoom) -> None:
    shared = {field.name for field in fields(Switches)}
    added = {field.name for field in fields(room.platform.switches)} - shared
    tests = "".join(path.read_text() for path in (room_folder(room.plate.key) / "tests").glob("test_*.py"))
    assert sorted(name for name in added if not re.search(rf"\b{name}\b", tests)) == []
