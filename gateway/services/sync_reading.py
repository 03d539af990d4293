"""Lets a room read a roster into staging and keeps the proof of what was seen whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.store.rosters.loading import Loader
from gateway.store.rosters.planning import Reading
from gateway.store.rosters.recall import LineRecall
from gateway.store.rosters.staging import Area
from providers.contract import Batch, Context, Fault, Finished, Kind, Roster

MOST_FAULTS = 1000
Progress = Callable[[Mapping[Kind, int]], None]


@dataclass(slots=True)
class Faults:
    """The first thousand faults, and how many there were; `skipped` counts records left out, by kind."""

    kept: list[Fault] = field(default_factory=list)
    number: int = 0

    def add(self, faults: Any) -> None:
        """Keep these, as long as there is room."""
        self.number += len(faults)
        self.kept += faults[: MOST_FAULTS - len(self.kept)]

    def clear(self) -> None:
        """Forget them: what they were about is read anew."""
        self.kept.clear()
        self.number = 0

    def documents(self) -> list[dict[str, Any]]:
        """Return the kept faults as they are stored and printed."""
        names = ("file", "row", "column", "code", "message")
        return [{name: getattr(fault, name) for name in names} for fault in self.kept]


@dataclass(slots=True)
class Read:
    """What came of a reading: its end, where it came to one, and the counts by kind."""

    finished: Finished | None
    skipped: dict[Kind, int]
    reading: Reading


def read_into(
    area: Area,
    roster: Roster,
    context: Context[Any],
    *,
    since: str | None,
    recall: LineRecall | None,
    faults: Faults,
    on_progress: Progress,
) -> Read:
    """Stage all that the room brings, from where a killed reading stopped.

    Raises what the room raises; what was staged up to the last cursor stays for the next run.
    """
    loader = recall.loader if recall else Loader(area)
    cursor = loader.resume()
    finished: Finished | None = None
    try:
        for item in roster.read(context, since=since, resume=cursor, recall=None if cursor else recall):
            if isinstance(item, Finished):
                finished = item
                faults.add(item.faults)
                continue
            _stage(loader, item, faults)
            on_progress(loader.rows)
    except BaseException:
        loader.abandon()
        raise
    loader.finish()
    return Read(finished, loader.skipped, _proven(finished, loader, faults))


def _stage(loader: Loader, batch: Batch, faults: Faults) -> None:
    if batch.restarts:
        loader.start_over()
        faults.clear()
    faults.add(batch.faults)
    faults.add(loader.add(batch))


def _proven(finished: Finished | None, loader: Loader, faults: Faults) -> Reading:
    """Return of which kinds every record was seen: what the reader proved, less where the counts contradict it (F1)."""
    recalled = frozenset[Kind](loader.area.facts().get("recalled", ()))
    if finished is None:
        message = "The source's answer came to no proven end: nothing was removed."
        faults.add([Fault("", None, None, "sync.reading_unproven", message, is_skipped=False)])
        return Reading(is_full=True, complete=frozenset(), recalled=recalled)
    short = frozenset(
        kind
        for kind, said in finished.counts.items()
        if kind not in recalled and loader.rows[kind] + loader.skipped[kind] < said
    )
    for kind in sorted(short & finished.complete):
        message = f"The source says it has {finished.counts[kind]} {kind}, and brought fewer: none was removed."
        faults.add([Fault(kind, None, None, "sync.count_mismatch", message, is_skipped=False)])
    complete = finished.complete - short
    follows = finished.roles_with_users and not (finished.mode == "full" and "roles" in complete)
    return Reading(finished.mode == "full", complete, recalled, roles_with_users=follows)
