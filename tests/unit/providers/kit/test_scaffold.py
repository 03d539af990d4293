"""A new room stands at once, and the check says in plain words what its author must fill in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import providers
from providers.contract import Failure, Misconfigured, Provider, VerifiedClaims, read_settings
from providers.kit.room_check import FILL_IN
from providers.kit.scaffold import check_room, new_room
from providers.kit.simulator import SigningKey, SimulatorConfig
from providers.kit.simulator.loading import lti_simulator
from providers.kit.simulator.simulated_portal import CODES, PortalFault
from tests.conformance.sign_in_room import sign_in_room

NAME, PORTAL = "plum_lms", "plum_portal"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    new_room(tmp_path, NAME)
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    yield tmp_path / NAME
    for module in [name for name in sys.modules if name.startswith(f"providers.{NAME}")]:
        del sys.modules[module]
    if hasattr(providers, NAME):
        delattr(providers, NAME)


def _plate(name: str) -> Provider:
    plate: Provider = __import__(f"providers.{name}", fromlist=["PROVIDER"]).PROVIDER
    return plate


def _fill_in(room: Path) -> None:
    for path in room.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            path.write_text(path.read_text("utf-8").replace(FILL_IN, "Filled in"), "utf-8")


def test_new_room_has_every_part(room: Path) -> None:
    written = {str(path.relative_to(room)) for path in room.rglob("*") if path.is_file()}
    assert written == {
        "__init__.py",
        "advice.py",
        "guide.md",
        "icon.svg",
        "launch.py",
        "registration.py",
        "settings.py",
        "simulator.py",
        "tests/test_launch.py",
    }


def test_check_names_what_must_be_filled_in_and_nothing_else(room: Path) -> None:
    findings = check_room(NAME)
    assert {finding.place.split(":")[0] for finding in findings} == {
        str(path.relative_to(room)) for path in room.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    assert all(finding.sentence.startswith("fill in: ") for finding in findings)


@pytest.mark.usefixtures("room")
def test_check_says_it_in_plain_words() -> None:
    assert "fill in: who looks after this room" in [finding.sentence for finding in check_room(NAME)]


def test_filled_in_room_passes(room: Path) -> None:
    _fill_in(room)
    assert check_room(NAME) == []


@pytest.mark.usefixtures("room")
def test_new_room_reads_launches_of_its_own_simulator() -> None:
    plate = _plate(NAME)
    assert plate.launch
    config = SimulatorConfig("http://127.0.0.1:9001", "1", "1", *["http://localhost:8000/lti"] * 3)
    platform = lti_simulator(NAME).PLATFORM(config, key=SigningKey.generate())
    claims = VerifiedClaims(platform.launch_claims("sam"))
    assert plate.launch.read_launch(claims, read_settings(plate.settings, platform.settings())).subject == "user-11"


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    new_room(tmp_path, PORTAL, "sign_in")
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    yield tmp_path / PORTAL
    for module in [name for name in sys.modules if name.startswith(f"providers.{PORTAL}")]:
        del sys.modules[module]
    if hasattr(providers, PORTAL):
        delattr(providers, PORTAL)


def test_a_new_portal_names_what_must_be_filled_in_and_passes_then(portal: Path) -> None:
    findings = check_room(PORTAL)
    assert findings
    assert all(finding.sentence.startswith("fill in: ") for finding in findings)
    _fill_in(portal)
    assert check_room(PORTAL) == []


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize("who", ["student", "teacher", "elsewhere"])
def test_a_new_portal_knows_people_of_its_own_simulator(who: str) -> None:
    with sign_in_room(_plate(PORTAL)) as room:
        assert room.finish(room.code_of(who)) == room.portal.people[who]
        assert [health for health in room.room.check(room.context) if not health.ok] == []


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize("fault", sorted(CODES))
def test_a_new_portal_names_every_fault(fault: PortalFault) -> None:
    with sign_in_room(_plate(PORTAL)) as room:
        code = room.code_of("student")
        room.portal.strike(fault)
        with pytest.raises(Failure) as failed:
            room.finish(code)
        assert failed.value.code in CODES[fault]


@pytest.mark.usefixtures("portal")
def test_a_new_portal_tells_a_wrong_secret_and_a_used_code() -> None:
    with sign_in_room(_plate(PORTAL)) as room:
        code = room.code_of("student")
        with pytest.raises(Failure, match=r"sso\.client_refused"):
            room.finish(code, client_secret="wrong")
        room.finish(code)
        with pytest.raises(Failure, match=r"sso\.code_refused"):
            room.finish(code)


@pytest.mark.parametrize("name", ["", "Plum", "1lms", "a-b", "../x", "kit", "contract", "class", "x" * 40, "é"])
def test_name_that_no_folder_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        new_room(tmp_path, name)
    assert refused.value.code == "provider.name_invalid"
    assert list(tmp_path.iterdir()) == []


def test_room_is_never_overwritten(room: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        new_room(room.parent, NAME)
    assert refused.value.code == "provider.exists"


def test_check_of_no_room_says_so() -> None:
    assert "can't be imported" in check_room("no_such_room")[0].sentence
