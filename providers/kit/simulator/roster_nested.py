"""Addresses below a class, as a simulated OneRoster provider answers them: its people, or its enrollments."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from providers.kit.simulator.roster_data import Record, Roster

_PATH: Final = re.compile(
    r"(?:schools/(?P<school>[^/]+)/)?classes/(?P<id>[^/]+)/(?P<last>enrollments|students|teachers)"
)


def kind_of(name: str) -> str:
    """Return an address with a star for each id: ``classes/*/students``; others as they are."""
    found = _PATH.fullmatch(name)
    if found is None:
        return name
    return f"{'schools/*/' if found['school'] else ''}classes/*/{found['last']}"


def nested_records(roster: Roster, name: str) -> list[Record] | None:
    """Return what stands below a class, or None where the book has no such address or nobody knows the class."""
    found = _PATH.fullmatch(name)
    if found is None or (found["last"] == "enrollments" and not found["school"]):
        return None
    class_id = unquote(found["id"])
    class_ = next((each for each in roster["classes"] if each["sourcedId"] == class_id), None)
    if class_ is None or unquote(found["school"] or "") not in ("", class_["school"]["sourcedId"]):
        return None
    inside = [each for each in roster["enrollments"] if each["class"]["sourcedId"] == class_id]
    if found["last"] == "enrollments":
        return inside
    ids = {each["user"]["sourcedId"] for each in inside if f"{each['role']}s" == found["last"]}
    return [each for each in roster["users"] if each["sourcedId"] in ids]
