"""Holds a guide against its room: the ways that it describes, the values it shows, the fields it explains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from providers.contract import Provider, Registration, Way, declared
from providers.kit.guide import PLACEHOLDERS, WAY_HEADINGS, Guide, placeholders, read_steps

# What the steps of each way must show; by hand, an LTI platform needs our three addresses.
WANTED: Final[dict[Way, set[str]]] = {
    "dynamic": {"registration_url"},
    "configuration": {"launch_url", "configuration_url"},
    "manual": {"login_url", "launch_url", "key_set_url"},
}
_OF_ONE_WAY: Final = {"registration_url": "dynamic", "configuration_url": "configuration"}


def guide_faults(plate: Provider, text: str) -> Iterator[str]:
    """Say what a guide lacks, one sentence each."""
    for name in sorted(placeholders(text) - set(PLACEHOLDERS)):
        yield f"asks for {{{{{name}}}}}, which nobody fills in; there are {', '.join(PLACEHOLDERS)}"
    guide = read_steps(text)
    if not guide.title:
        yield "needs a first-level heading"
    for heading in guide.others:
        yield f"has a heading {heading!r}; ways are headed {', '.join(WAY_HEADINGS.values())}, then Try it"
    if plate.launch and not guide.try_it:
        yield "needs a section 'Try it': how to make the first launch"
    if plate.registration:
        yield from _way_faults(plate, plate.registration, guide)
    elif guide.ways:
        yield "describes ways to connect, but the plate has no registration"


def _way_faults(plate: Provider, registration: Registration, guide: Guide) -> Iterator[str]:
    for way in sorted(set(guide.ways) ^ set(registration.ways)):
        has = "has" if way in registration.ways else "does not have"
        yield f"and registration differ: the room {has} the way {way} ({WAY_HEADINGS[way]!r})"
    for way, steps in guide.ways.items():
        shown = placeholders("".join(step.text for step in steps))
        if not all(step.title for step in steps):
            yield f"'{WAY_HEADINGS[way]}': every step needs a third-level heading"
        wanted: set[str] = set() if "configuration" in shown else WANTED[way]  # the document names every address
        for name in sorted(wanted - shown) if plate.launch else ():
            yield f"'{WAY_HEADINGS[way]}' never says {{{{{name}}}}} ({PLACEHOLDERS[name]})"
        for name in sorted(name for name in shown if _OF_ONE_WAY.get(name, way) != way):
            yield f"'{WAY_HEADINGS[way]}' shows {{{{{name}}}}}, which belongs to another way"
        if way != "dynamic":
            yield from _field_faults(plate, registration, WAY_HEADINGS[way], "".join(step.text for step in steps))


def _field_faults(plate: Provider, registration: Registration, heading: str, text: str) -> Iterator[str]:
    labels = {field.name: field.label for field in declared(plate.settings)}
    for name in registration.asks:
        if name not in labels:
            yield f"can't explain {name}: settings.py does not declare it"
        elif f"**{labels[name]}**" not in text:
            yield f"'{heading}' never explains the field **{labels[name]}**"
