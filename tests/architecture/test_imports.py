"""Which way the arrows point, where import-linter (pyproject.toml) can't say it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import HOUSE, ROOT, imports, is_inside, python_files, rooms, top

# The demo's own programs, and what they show: part of no running gateway.
DEMO = ("gateway/demo", "gateway/sample")
# A library -> the places that may import it. Everything else in the house must not.
OWNERS = {
    "pylti1p3": ("gateway/lti",),
    "requests": ("gateway/lti",),
    "sqlalchemy": ("gateway/store",),
    "alembic": ("gateway/store",),
    "psycopg": ("gateway/store",),
    "sqlite3": ("gateway/store",),
    "flask": ("gateway/__init__.py", "gateway/serving.py", "gateway/web", *DEMO, "providers/*/simulator*"),
    "werkzeug": ("gateway/web", *DEMO, "providers/*/simulator*"),
    "granian": ("gateway/cli",),
    "huey": ("gateway/jobs.py",),
    "click": ("gateway/cli",),
    "rich": ("gateway/cli",),
}
# Only these may import wiring: everything else is handed what it needs.
WIRING_CALLERS = (
    "gateway/__init__.py",
    "gateway/wiring.py",
    "gateway/serving.py",
    "gateway/housekeeper.py",
    "gateway/worker.py",
    "gateway/work.py",
    "gateway/cli",
    "gateway/demo",
)
# A simulator is a foreign house: the demo starts it as a program of its own, nothing in the gateway contains it.
SIMULATOR_CALLERS = ("gateway/demo", "providers/*/simulator")


def _lies_in(path: Path, places: tuple[str, ...]) -> bool:
    candidates = (path, *path.parents)
    return any(each.match(place) or each.match(f"{place}*.py") for each in candidates for place in places)


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_imported_only_by_its_owner(library: str) -> None:
    importers = [path for path in python_files(*HOUSE) if library in map(top, imports(path))]
    assert [str(path) for path in importers if not _lies_in(path, OWNERS[library])] == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_sees_only_the_contract_and_the_kit(room: Path) -> None:
    own = ".".join(room.parts)
    seen = {name for path in python_files(str(room)) for name in imports(path) if top(name) in HOUSE}
    allowed = (own, "providers.contract", "providers.kit")
    assert sorted(name for name in seen if not any(is_inside(name, each) for each in allowed)) == []


@pytest.mark.parametrize("part", ["contract", "kit"])
def test_contract_and_kit_know_no_room(part: str) -> None:
    names = {name for path in python_files(f"providers/{part}") for name in imports(path)}
    known = [room for room in rooms() if any(is_inside(name, ".".join(room.parts)) for name in names)]
    assert known == []


def test_the_contract_stands_on_the_standard_library_alone() -> None:
    names = {name for path in python_files("providers/contract") for name in imports(path)}
    foreign = {name for name in names if top(name) not in sys.stdlib_module_names}
    assert sorted(name for name in foreign if not is_inside(name, "providers.contract")) == []


def test_the_hall_reaches_rooms_through_discovery_alone() -> None:
    known = [".".join(room.parts) for room in rooms()]
    named = {(path, name) for path in python_files("gateway") for name in imports(path)}
    assert [(path, name) for path, name in named if any(is_inside(name, room) for room in known)] == []


def test_only_entrances_import_wiring() -> None:
    importers = [path for path in python_files("gateway") if any(_is_wiring(name) for name in imports(path))]
    assert [str(path) for path in importers if not _lies_in(path, WIRING_CALLERS)] == []


def _is_wiring(name: str) -> bool:
    return any(is_inside(name, module) for module in ("gateway.wiring", "gateway.ground"))


def test_only_the_demo_imports_a_simulator() -> None:
    importers = [path for path in python_files(*HOUSE) if any("simulator" in name for name in imports(path))]
    assert [str(path) for path in importers if not _lies_in(path, SIMULATOR_CALLERS)] == []


def test_only_the_demo_command_imports_the_demo() -> None:
    importers = [path for path in python_files("gateway") if any(map(_is_demo, imports(path)))]
    assert [str(path) for path in importers if not _lies_in(path, (*DEMO, "gateway/cli/demo.py"))] == []


def _is_demo(name: str) -> bool:
    return is_inside(name, "gateway.demo") or is_inside(name, "gateway.sample")


def test_discovery_loads_no_simulator() -> None:
    program = "import sys, providers; providers.rooms(); print([n for n in sys.modules if 'simulator' in n])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
