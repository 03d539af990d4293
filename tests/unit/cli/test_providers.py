"""`schoolgate providers`, as somebody types it who adds one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from providers import rooms
from providers.kit.scaffold import new_room

Call = Callable[..., Any]


def test_list_shows_every_room(read: Call, run: Call) -> None:
    assert {each["key"] for each in read("providers", "list")["providers"]} == set(rooms())
    assert "lti" in run("providers", "list")


def test_new_makes_the_rooms_files(run: Call, read: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = import_module("gateway.cli.providers")
    monkeypatch.setattr(command, "new_room", lambda _folder, name, kind: new_room(tmp_path / "rooms", name, kind))
    (tmp_path / "rooms").mkdir()
    document = read("providers", "new", "hilltop")
    assert document["provider"] == "hilltop"
    assert all(Path(file).exists() for file in document["files"])
    assert "valley" in run("providers", "new", "valley")


def test_new_writes_beside_the_other_rooms(run: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    command = import_module("gateway.cli.providers")
    monkeypatch.setattr(command, "new_room", lambda folder, name, _kind: [folder / name])
    assert run("providers", "new", "hilltop").endswith("/providers/hilltop\n")


def test_check_is_content_with_a_whole_room(read: Call, run: Call) -> None:
    assert read("providers", "check", "lti") == {"provider": "lti", "ok": True, "findings": []}
    assert run("providers", "check", "lti") == "Complete.\n"


def test_check_exits_with_1_when_something_is_missing(read: Call, run: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    class _Finding:
        place, sentence = "guide.md", "It has no sentence yet."

    monkeypatch.setattr(import_module("gateway.cli.providers"), "check_room", lambda _name: [_Finding])
    document = read("providers", "check", "lti", code=1)
    assert document["findings"] == [{"place": "guide.md", "problem": "It has no sentence yet."}]
    assert "It has no sentence yet." in run("providers", "check", "lti", code=1)


def test_check_knows_no_room_that_is_not_there(run: Call) -> None:
    assert "No module named 'providers.nobody'" in run("providers", "check", "nobody", code=1)
