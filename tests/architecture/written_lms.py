"""Writes docs/lms: one page for each room that administrators connect, made of its guide, settings and advice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import providers
from providers.contract import Provider, Registration, declared
from providers.kit.guide import fill_in
from providers.kit.room_files import read_guide

_NOTE: Final = (
    "<!-- Written by `make format` from providers/{}/guide.md and its settings; a test holds them together. -->"
)
_EXAMPLES: Final = {
    "login_url": "https://gateway.example/lti/login",
    "launch_url": "https://gateway.example/lti/launch",
    "key_set_url": "https://gateway.example/.well-known/jwks.json",
    "public_url": "https://gateway.example",
    "domain": "gateway.example",
    "application": "Your application",
    "registration_url": "https://gateway.example/… (from your invite link; works once)",
    "configuration_url": "https://gateway.example/… (from your invite link)",
    "configuration": "(the JSON document that the invite link's page shows)",
}


def rooms_with_pages() -> list[Provider]:
    """Return the rooms that a school's administrator connects, by their labels."""
    found = (room for room in providers.rooms().values() if room.registration and (room.launch or room.sign_in))
    return sorted(found, key=lambda room: room.label.lower())


def page(plate: Provider) -> str:
    """Return one LMS's page: the guide with example addresses, each setting's use, and what to do when it fails."""
    assert plate.registration is not None
    return "\n".join([*_guide(plate, plate.registration), *_settings(plate), *_advice(plate), ""])


def _guide(plate: Provider, registration: Registration) -> Iterator[str]:
    custom = "\n".join(f"{name}={value}" for name, value in registration.wants.custom.items())
    title, _, rest = fill_in(read_guide(plate.key), _EXAMPLES | {"custom_parameters": custom}).partition("\n")
    yield from (title, "", _NOTE.format(plate.key), "")
    yield "The addresses below are examples: the page behind your invite link shows yours, with buttons to copy them."
    yield rest.rstrip()


def _settings(plate: Provider) -> Iterator[str]:
    yield from ("", "## What each setting is for", "", "| setting | what it is for |", "|---|---|")
    for field in declared(plate.settings):
        needed = "" if not field.required else " *(needed)*"
        yield f"| **{field.label}** (`{field.name}`){needed} | {field.help} |"


def _advice(plate: Provider) -> Iterator[str]:
    yield from ("", "## When something is wrong", "")
    yield "The page shows a code; [troubleshooting](../troubleshooting.md) explains all. These you can mend yourself:"
    yield from ("", "| code | what to change |", "|---|---|")
    yield from (f"| `{code}` | {sentence} |" for code, sentence in plate.advice.items())


def index() -> str:
    """Return the list of the pages."""
    head = ["# Learning systems", "", _NOTE.format("*"), "", "One page for each, written for its administrator:", ""]
    return "\n".join([*head, *(f"- [{room.label}]({room.key}.md)" for room in rooms_with_pages()), ""])
