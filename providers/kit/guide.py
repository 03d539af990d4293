"""A room's guide for the administrator: Markdown in ways and steps, placeholders for what only we know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from providers.contract import Misconfigured, Way

# What a guide may ask for, and what the hall must give: name -> what it is.
PLACEHOLDERS: Final[dict[str, str]] = {
    "login_url": "this gateway's address for login requests (OpenID Connect initiation)",
    "launch_url": "this gateway's address for launches (redirect and target link)",
    "key_set_url": "this gateway's public keys (JWKS)",
    "public_url": "this gateway's own address",
    "domain": "the host of that address, with its port if it has one",
    "application": "the name of the learning product that people will see",
    "registration_url": "the address that starts dynamic registration; good once",
    "configuration_url": "the address of the JSON document that describes the tool",
    "configuration": "that JSON document itself, to paste",
    "custom_parameters": "the custom parameters that the room asks for, a line name=value each",
}
# The second-level headings of a guide, word for word: one for each way that the room offers, then how to try it.
WAY_HEADINGS: Final[dict[Way, str]] = {
    "dynamic": "With one address",
    "configuration": "With a configuration address",
    "manual": "By hand",
}
TRY_IT: Final = "Try it"
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FENCE: Final = re.compile(r"\s*(```|~~~)")


@dataclass(frozen=True, slots=True)
class Step:
    """One third-level heading and the Markdown below it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide taken apart. `ways` holds the steps of each way; `others` are headings that mean nothing here."""

    title: str
    intro: str
    ways: Mapping[Way, tuple[Step, ...]] = field(default_factory=dict)
    try_it: str = ""
    others: tuple[str, ...] = ()


def placeholders(guide: str) -> set[str]:
    """Name the placeholders that a guide holds."""
    return set(_PLACEHOLDER.findall(guide))


def fill_in(guide: str, values: Mapping[str, str]) -> str:
    """Put the values in. Raises Misconfigured (``guide.placeholder_unknown``) rather than leave a hole.

    A value of several lines keeps the indentation of the line that it stands in.
    """
    if holes := placeholders(guide) - set(values):
        raise Misconfigured("guide.placeholder_unknown", f"The guide asks for {', '.join(sorted(holes))}.")
    return "\n".join(_fill_line(line, values) for line in guide.split("\n"))


def _fill_line(line: str, values: Mapping[str, str]) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return _PLACEHOLDER.sub(lambda found: values[found[1]].replace("\n", f"\n{indent}"), line)


def read_steps(guide: str) -> Guide:
    """Take a guide apart at its headings; what stands in code fences is no heading."""
    (title, intro), *sections = _split(guide, 1)[1:] or [("", guide)]
    parts = _split(intro, 2)
    by_heading = {heading: way for way, heading in WAY_HEADINGS.items()}
    ways: dict[Way, tuple[Step, ...]] = {}
    try_it, others = "", [heading for heading, _ in sections]
    for heading, text in parts[1:]:
        if heading in by_heading:
            ways[by_heading[heading]] = tuple(Step(*step) for step in _split(text, 3) if step[0] or step[1])
        elif heading == TRY_IT:
            try_it = text
        else:
            others.append(heading)
    return Guide(title, parts[0][1], ways, try_it, tuple(others))


def _split(text: str, level: int) -> list[tuple[str, str]]:
    """Return (heading, text) for each heading of this level; the first is what comes before any, without heading."""
    mark = "#" * level + " "
    parts: list[tuple[str, list[str]]] = [("", [])]
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1] == fence:
            fence = ""
        if line.startswith(mark) and not fence:
            parts.append((line[len(mark) :].strip(), []))
        else:
            parts[-1][1].append(line)
    return [(heading, "\n".join(lines).strip("\n")) for heading, lines in parts]
