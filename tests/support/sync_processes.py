"""Syncs in processes of their own: ``python -m tests.support.sync_processes two|killed ADDRESS``; prints JSON.

`two`: one reads until told to go on, another is started meanwhile. `killed`: each dies while it reads, one batch later.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from gateway.services.syncs import Syncs
from gateway.store import Store
from gateway.store.rosters import loading
from gateway.store.rosters.runs import list_runs
from providers.contract import Batch
from tests.support.databases import emptied, opened
from tests.support.rosters import ACTOR, District, MadeUp, a_district, a_roster, with_changed, without


def _forked(work: Callable[[], None]) -> int:
    """Let a child do the work; connections do not survive a fork, so the caller has closed its own."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def _run(address: str, district: District, sleep: Callable[[float], None] = time.sleep) -> None:
    with opened(address) as store:
        Syncs(store, district.syncs.contexts, district.clock, sleep, wait_seconds=60).run(
            district.integration_id, actor=f"process {os.getpid()}"
        )


def _statuses(store: Store) -> list[str]:
    return [run.status for run in reversed(list_runs(store))]


def two(address: str) -> dict[str, Any]:
    """Return the syncs' statuses while one reads and the other waits, and in the end."""
    reads, waits, go_on = os.pipe(), os.pipe(), os.pipe()
    with opened(address) as store:
        district = a_district(store)
        store.close()
        district.room.roster = a_roster(students=3)
        batches = MadeUp._batches

        def slowly(room: MadeUp) -> Iterator[Batch]:
            os.write(reads[1], b"r")
            os.read(go_on[0], 1)
            yield from batches(room)

        def waiting(seconds: float) -> None:
            os.write(waits[1], b"w")
            time.sleep(seconds / 10)

        MadeUp._batches = slowly  # type: ignore[assignment, method-assign]
        first = _forked(lambda: _run(address, district))
        os.read(reads[0], 1)
        second = _forked(lambda: _run(address, district, waiting))
        os.read(waits[0], 2)
        meanwhile = _statuses(store)
        os.write(go_on[1], b"go")
        for child in (first, second):
            os.waitpid(child, 0)
        actors = {run.actor for run in list_runs(store)}
        return {"meanwhile": meanwhile, "after": _statuses(store), "processes": len(actors)}


def killed(address: str) -> list[dict[str, Any]]:
    """Return what each death left, and what the sync after it did."""
    first = a_roster(students=6, classes=1)
    second = without(with_changed(first, "classes", "s0-c0", title="Other"), "users", ["s0-p2"])
    told = []
    with opened(address) as store:
        fresh = a_district(store)
        fresh.sync(second)
        whole = fresh.seen()
        for cursors, at in ((True, 1), (True, 5), (True, 6), (True, 8), (False, 6)):
            district = a_district(emptied(store))
            district.room.batch, district.room.cursors = 4, cursors
            district.sync(first)
            told.append(_die_and_go_on(address, district, second, at) | {"is_whole": district.seen() == whole})
    return told


def _die_and_go_on(address: str, district: District, roster: Any, at: int) -> dict[str, Any]:
    before, batches = district.picture(), MadeUp._batches
    district.room.roster = roster

    def until_death(room: MadeUp) -> Iterator[Batch]:
        for number, batch in enumerate(batches(room)):
            if number == at:
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    def die() -> None:
        loading._SAVE_ROWS = 8
        MadeUp._batches = until_death  # type: ignore[assignment, method-assign]
        _run(address, district)

    district.store.close()
    os.waitpid(_forked(die), 0)
    died = list_runs(district.store, limit=1)[0]
    stands = district.picture() == before
    run = district.syncs.run(district.integration_id, actor=ACTOR)
    return {
        "died": died.status,
        "stands": stands,
        "resumed": district.room.asked[-1][1],
        "same_line": run.id == died.id,
        "at": at,
        "first_line": district.syncs.find(died.id).code,
    }


if __name__ == "__main__":
    commands: dict[str, Callable[[str], Any]] = {"two": two, "killed": killed}
    print(json.dumps(commands[sys.argv[1]](sys.argv[2])))  # noqa: T201
