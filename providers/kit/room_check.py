"""Says in plain words what a room still lacks; the conformance suite wants to hear nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from providers.contract import Provider, declared
from providers.kit.guide_check import guide_faults
from providers.kit.room_files import room_folder

FILL_IN: Final = "FILL IN"
LARGEST_ICON: Final = 8 * 1024

# Codes that a school's administrator meets and can mend: each room with launches says how, on its own screens.
ADVICE_WANTED: Final = (
    "lti.issuer_unknown",
    "lti.platform_error",
    "lti.audience_mismatch",
    "lti.key_set_unavailable",
    "lti.deployment_pending",
    "lti.target_mismatch",
    "lti.browser_mismatch",
    "lti.subject_missing",
)
# The same for rooms that sign people in.
SIGN_IN_ADVICE_WANTED: Final = (
    "sso.client_unknown",
    "sso.client_refused",
    "sso.code_refused",
    "sso.provider_error",
    "sso.district_pending",
)
_LOOKS_SECRET: Final = re.compile(r"secret|password|private_key|api_key|access_token$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a room lacks: in which file, and what to do there."""

    place: str
    sentence: str


def check_room(key: str) -> list[Finding]:
    """Look at everything a room must have. An empty answer means that the room is complete."""
    try:
        folder = room_folder(key)
        plate = import_module(f"providers.{key}").PROVIDER
    except Exception as fault:  # whatever a half-made room raises is a finding, not a crash
        return [Finding("__init__.py", f"can't be imported: {type(fault).__name__}: {fault}")]
    return [finding for check in _CHECKS for finding in check(plate, folder)]


def _plate(plate: Provider, folder: Path) -> Iterator[Finding]:
    if plate.key != folder.name:
        yield Finding("__init__.py", f"key is {plate.key!r}, but the folder is called {folder.name!r}")
    if not plate.label.strip() or not plate.maintainer.strip():
        yield Finding("__init__.py", "label and maintainer must say something")
    if plate.launch and plate.sign_in:
        yield Finding("__init__.py", "a room has LTI launches or sign-ins, not both: make it two rooms")
    if not set(plate.capabilities) - {"registration", "deep_linking"}:
        yield Finding("__init__.py", "the room has no capability yet, for example launch=launch")


def _settings(plate: Provider, _folder: Path) -> Iterator[Finding]:
    for field in declared(plate.settings):
        if not field.label or not field.help.endswith("."):
            yield Finding("settings.py", f"{field.name} needs a label and a help sentence that ends in a full stop")
        if _LOOKS_SECRET.search(field.name) and not field.secret:
            yield Finding("settings.py", f"{field.name} looks like a secret: declare it with secret=True")


def _marks(_plate: Provider, folder: Path) -> Iterator[Finding]:
    files = (path for path in folder.rglob("*") if path.suffix in {".py", ".md", ".svg"})
    for path in sorted(files):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if FILL_IN in line:
                what = line.split(FILL_IN, 1)[1].strip(" :\"'`,;.)(->")
                yield Finding(f"{path.relative_to(folder)}:{number}", f"fill in: {what}")


def _guide(plate: Provider, folder: Path) -> Iterator[Finding]:
    path = folder / "guide.md"
    if not path.is_file():
        yield Finding("guide.md", "is missing: it tells the school's administrator what to do")
        return
    for sentence in guide_faults(plate, path.read_text("utf-8")):
        yield Finding("guide.md", sentence)


def _icon(_plate: Provider, folder: Path) -> Iterator[Finding]:
    path = folder / "icon.svg"
    if not path.is_file():
        yield Finding("icon.svg", "is missing: draw a simple one, not the vendor's logo")
        return
    text = path.read_text("utf-8")
    if len(text.encode()) > LARGEST_ICON:
        yield Finding("icon.svg", f"is larger than {LARGEST_ICON} bytes")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - a file of our own repository
    except ElementTree.ParseError as fault:
        yield Finding("icon.svg", f"is not well-formed: {fault}")
        return
    if not root.tag.endswith("}svg") or "viewBox" not in root.attrib:
        yield Finding("icon.svg", "must be an <svg> with a viewBox")
    for element in root.iter():
        named = [name.rsplit("}", 1)[-1].lower() for name in element.attrib]
        if element.tag.endswith("}script") or any(name.startswith("on") or name == "href" for name in named):
            yield Finding("icon.svg", "must hold no script, event handler or link")


def _advice(plate: Provider, _folder: Path) -> Iterator[Finding]:
    wanted = ADVICE_WANTED if plate.launch else SIGN_IN_ADVICE_WANTED if plate.sign_in else ()
    for code in wanted:
        if code not in plate.advice:
            yield Finding("advice.py", f"says nothing for {code}")


def _simulator(plate: Provider, folder: Path) -> Iterator[Finding]:
    if not (folder / "simulator.py").is_file():
        yield Finding("simulator.py", "is missing: without it nobody can try the room")
        return
    try:
        module = import_module(f"providers.{folder.name}.simulator")
    except Exception as fault:
        yield Finding("simulator.py", f"can't be imported: {type(fault).__name__}: {fault}")
        return
    wanted: tuple[str, ...] = ("PLATFORM", "create_simulator") if plate.launch else ()
    wanted += ("PORTAL_FAULTS", "create_portal", "simulate_sign_in") if plate.sign_in else ()
    wanted += ("simulate_roster", "ROSTER_FAULTS") if plate.roster else ()
    wanted += ("own_roster",) if plate.roster and plate.launch else ()
    for name in wanted:
        if not hasattr(module, name):
            yield Finding("simulator.py", f"must offer {name}")


def _inspection(_plate: Provider, folder: Path) -> Iterator[Finding]:
    if not list((folder / "tests").glob("test_*.py")):
        yield Finding("tests/", "holds no test_*.py: a room without an inspection is a room without tests")


_CHECKS: Final[tuple[Callable[[Provider, Path], Iterator[Finding]], ...]] = (
    _plate,
    _settings,
    _marks,
    _guide,
    _icon,
    _advice,
    _simulator,
    _inspection,
)
