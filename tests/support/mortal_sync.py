"""Syncs in processes that are killed, each one statement later: ``python -m tests.support.mortal_sync ADDRESS``.

Prints, as JSON, what stood in the tables after each death: `old`, `new` or `between`; the last one lived.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from dataclasses import replace
from typing import Any

from sqlalchemy import event

from gateway.store import Store
from tests.support.databases import emptied, opened
from tests.support.rosters import ACTOR, District, Roster, a_district, a_roster, with_changed, without

_MOST = 400


def _changed(roster: Roster) -> Roster:
    """Some of everything: a change, somebody gone with all that stood on them, and, next, their return."""
    return with_changed(without(roster, "users", ["s0-p3"]), "classes", "s0-c0", title="Other", term_ids=())


def _sync_and_die(district: District, at: int) -> None:
    """Sync, and be killed before statement `at`; return when there are fewer."""
    told = 0

    def count(*_: Any) -> None:
        nonlocal told
        told += 1
        if told == at:
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in (district.store.single, district.store.multi):
        event.listen(engine, "before_cursor_execute", count)
    # The one killed before may hold its lock for a moment still.
    replace(district.syncs, wait_seconds=5).run(district.integration_id, actor=ACTOR)


def _ready(store: Store) -> District:
    """Return a district that has had its first sync, its room ready for the second."""
    district = a_district(store)
    first = a_roster(students=8)
    district.sync(first)
    district.room.roster = _changed(first)
    return district


def main(address: str) -> None:
    """Prepare a district, then die at every statement of its second sync."""
    with opened(address) as store:
        _ready(store).sync()  # once before, so that no child has to compile all its SQL again
        district = _ready(emptied(store))
        gc.collect()
        gc.freeze()  # a child that looks for garbage would copy all the memory it shares with us
        gc.disable()
        old, told = district.picture(), []
        events = len(district.changes())
        for at in range(1, _MOST):
            store.close()  # connections do not survive a fork
            child = os.fork()
            if child == 0:
                _sync_and_die(district, at)
                os._exit(0)
            _, status = os.waitpid(child, 0)
            stands, new_events = district.picture(), len(district.changes()) - events
            told.append(_name(stands == old, stands["classes"] != old["classes"], new_events))
            if os.WIFEXITED(status):
                break
        last = district.sync()
        print(json.dumps({"told": told, "status": last.status, "events": len(district.changes()) - events}))  # noqa: T201


def _name(is_old: bool, has_new_title: bool, new_events: int) -> str:
    """Return which state the tables are in: rows and events must agree."""
    if is_old and not new_events:
        return "old"
    return "new" if has_new_title and new_events == 1 + 1 + 1 + 2 else "between"


if __name__ == "__main__":
    main(sys.argv[1])
