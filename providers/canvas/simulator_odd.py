"""People and classes of a simulated Canvas that are like no others: each name of `ODDITIES` adds one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from providers.kit.simulator.roster_data import Record, Roster, ref

# What the switch `odd` may name.
ODDITIES: Final = (
    "one_user_in_two_sections",
    "observer",
    "cross_listed_section",
    "inactive_enrollment",
    "invited_enrollment",
    "sub_account_tree",
)


def with_oddities(roster: Roster, odd: Collection[str]) -> Roster:
    """Return the roster with whom and what these names add; the one given stays as it is."""
    if not odd or not roster["enrollments"]:
        return roster
    made: Roster = {kind: list(records) for kind, records in roster.items()}
    first = made["enrollments"][0]
    if "one_user_in_two_sections" in odd:
        section = _class_of(made, first)
        made["classes"].append(
            {**section, "sourcedId": "k-second", "title": "Second section", "within": section["sourcedId"]}
        )
        made["enrollments"].append(_like(first, "e-second", **{"class": ref("class", "k-second")}))
    if "observer" in odd:
        watching = {"type": "ObserverEnrollment", "watches": first["user"]["sourcedId"]}
        made["enrollments"].append(_like(first, "e-observer", user=made["users"][-1], canvas=watching))
    if "cross_listed_section" in odd:
        made["classes"][-1] = {**made["classes"][-1], "origin": 77}
    for state in ("inactive", "invited"):
        if f"{state}_enrollment" in odd:
            other = made["enrollments"][4 if state == "invited" else 6]
            made["enrollments"].append(_like(other, f"e-{state}", canvas={"enrollment_state": state}))
    if "sub_account_tree" in odd:
        school = made["orgs"][-1]
        made["orgs"].append(
            {**school, "sourcedId": "s-deeper", "name": "Department", "parent": ref("org", school["sourcedId"])}
        )
        made["classes"][0] = {**made["classes"][0], "school": ref("org", "s-deeper")}
    return made


def _class_of(roster: Roster, enrollment: Record) -> Record:
    return next(each for each in roster["classes"] if each["sourcedId"] == enrollment["class"]["sourcedId"])


def _like(model: Record, source_id: str, *, user: Record | None = None, **changes: Any) -> Record:
    who = ref("user", user["sourcedId"]) if user else model["user"]
    return {**model, "sourcedId": source_id, "user": who, **changes}
