"""Makes a new room from the template; what its author must fill in is marked, and `check_room` finds the marks."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template
from typing import Final, Literal

from providers.contract import Misconfigured
from providers.kit.room_check import ADVICE_WANTED, FILL_IN, SIGN_IN_ADVICE_WANTED, Finding, check_room

__all__ = ["Finding", "check_room", "new_room"]

Kind = Literal["launch", "sign_in"]
_TEMPLATES: Final[dict[Kind, Path]] = {
    "launch": Path(__file__).parent / "room_template",
    "sign_in": Path(__file__).parent / "sign_in_template",
}
_IMPORTS: Final = re.compile(r"(?:^from providers\S* import .*\n)+", re.MULTILINE)
_TAKEN: Final = {"contract", "kit", "tests"}


def new_room(folder: Path, name: str, kind: Kind = "launch") -> list[Path]:
    """Write a room called `name` (lower case, for example ``open_lms``) below `folder`; return its files.

    `kind` says how its people arrive: by LTI launches, or by signing in through a portal.

    Raises:
        Misconfigured: ``provider.name_invalid`` or ``provider.exists``; nothing was written then.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", name) or keyword.iskeyword(name) or name in _TAKEN:
        raise Misconfigured(
            "provider.name_invalid", f"{name!r} can't be a room's name: use lower-case letters, digits and _."
        )
    room = folder / name
    if room.exists():
        raise Misconfigured("provider.exists", f"There is a room called {name!r} already.")
    template = _TEMPLATES[kind]
    return [_write(source, template, room, _words(name)) for source in sorted(template.rglob("*.txt"))]


def _words(name: str) -> dict[str, str]:
    parts = name.split("_")
    return {
        "key": name,
        "label": " ".join(part.capitalize() for part in parts),
        "class_name": "".join(part.capitalize() for part in parts),
        "advice": _advice(ADVICE_WANTED),
        "sign_in_advice": _advice(SIGN_IN_ADVICE_WANTED),
    }


def _advice(codes: tuple[str, ...]) -> str:
    return "\n".join(f'    "{code}": "{FILL_IN}: what to change there.",' for code in codes)


def _write(source: Path, template: Path, room: Path, words: dict[str, str]) -> Path:
    target = room / source.relative_to(template).with_suffix("")
    target.parent.mkdir(parents=True, exist_ok=True)
    filled = Template(source.read_text("utf-8")).substitute(words)
    target.write_text(_IMPORTS.sub(_sorted, filled), "utf-8")
    return target


def _sorted(block: re.Match[str]) -> str:
    """Where the room's own imports come among the others depends on its name."""
    return "".join(sorted(block[0].splitlines(keepends=True), key=lambda line: line.split()[1]))
