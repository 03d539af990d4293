"""Puts the guards' questions to a plan, and keeps back what must wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.services.roster_plan import (
    NAMED,
    Guards,
    Hold,
    held_new_ids,
    held_removals,
    held_renames,
    may_be_rekeyed,
)
from gateway.store import Connection
from gateway.store.rosters import counting
from gateway.store.rosters.counting import Counts
from gateway.store.rosters.staging import Area
from providers.contract import Kind


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a plan would do, and what of it waits. `skipped` are the records that the reading left out, by kind."""

    counts: dict[Kind, Counts]
    schools: dict[str, Any]
    holds: list[Hold]
    skipped: dict[Kind, int]

    @property
    def removes(self) -> bool:
        """Whether what is gone may go now."""
        return not any(hold.keeps == "removals" for hold in self.holds)

    @property
    def is_nothing(self) -> bool:
        """Whether the plan would write nothing at all."""
        return not any(each.added or each.changed or each.gone or each.returned for each in self.counts.values())

    def types(self) -> dict[str, dict[str, int]]:
        """Return the counts as a sync's line keeps them."""
        return {
            kind: {
                "added": each.added,
                "changed": each.changed,
                "gone": each.gone,
                "returned": each.returned,
                "untouched": each.untouched,
                "skipped": each.dangling + self.skipped.get(kind, 0),
            }
            for kind, each in self.counts.items()
        }


def judge(area: Area, guards: Guards, skipped: dict[Kind, int], *, approved: bool = False) -> Verdict:
    """Count the plan and mark what waits; nothing waits of a plan that a person `approved`."""
    with area.transaction() as connection:
        counts = counting.count(connection, area)
        holds = [] if approved else _holds(connection, area, guards, counts)
        schools = (
            _schools(connection, area)
            if any(each.added or each.gone or each.changed for each in counts.values())
            else {}
        )
        for hold in holds:
            if hold.keeps == "renames":
                counting.hold_renames(connection, area, hold.kind)
            if hold.keeps == "new_ids":
                counting.hold_from(connection, area, hold.kind)
    return Verdict(counts, schools, holds, skipped)


def _holds(connection: Connection, area: Area, guards: Guards, counts: dict[Kind, Counts]) -> list[Hold]:
    holds: list[Hold] = []
    if any(each.gone for each in counts.values()):
        schools = counting.thinned_schools(connection, area, guards.removal_floor)
        classes = counting.thinned_classes(connection, area, guards.class_least)
        holds += held_removals(counts, schools, classes, guards)
    for kind in NAMED:
        count = counts[kind]
        if may_be_rekeyed(count, guards):
            holds += held_new_ids(kind, counting.rekeyed(connection, area, kind), count.gone, guards)
        if count.changed > guards.rename_floor:
            holds += held_renames(kind, counting.renamed(connection, area, kind), count.known, guards)
    return holds


def _schools(connection: Connection, area: Area) -> dict[str, Any]:
    names = counting.school_names(connection, area)
    return {
        source_id: {"name": names.get(source_id, ""), "types": types}
        for source_id, types in sorted(counting.by_school(connection, area).items())
    }
