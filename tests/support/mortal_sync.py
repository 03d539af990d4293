"""Syncs in processes that are killed, each one statement later: ``python -m tests.support.mortal_sync ADDRESS``.

Prints, as JSON, what stood in the tables after each death: `old`, `new` or `between`; the last one lived.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from tests.support.databases import opened
from tests.support.rosters import ACTOR, District, Roster, a_district, a_roster, with_changed, without

_MOST = 400


def _changed(roster: Roster) -> Roster:
    """Some of everything: a change, somebody gone with all that stood on them, and, next, their return."""
    return with_changed(without(roster, "users", ["s0-p3"]), "classes", "s0-c0", title="Other", term_ids=())


def _sync_and_die(address: str, district: District, at: int) -> None:
    """Sync, and be killed before statement `at`; leave with 0 when there are fewer."""
    with opened(address) as store:
        told = 0

        def count(*_: Any) -> None:
            nonlocal told
            told += 1
            if told == at:
                os.kill(os.getpid(), signal.SIGKILL)

        for engine in (store.single, store.multi):
            event.listen(engine, "before_cursor_execute", count)
        mine = District(store, district.syncs, district.org, district.integration_id, district.clock, district.room)
        syncs = type(district.syncs)(
            store, district.syncs.contexts, district.clock, district.syncs.sleep, wait_seconds=5
        )
        syncs.run(mine.integration_id, actor=ACTOR)


def main(address: str) -> None:
    """Prepare a district, then die at every statement of its second sync."""
    first = a_roster(students=8)
    with opened(address) as store:
        district = a_district(store)
        district.sync(first)
        district.room.roster = _changed(first)
        old, told = district.picture(), []
        events = len(district.changes())
        for at in range(1, _MOST):
            store.close()  # connections do not survive a fork
            child = os.fork()
            if child == 0:
                _sync_and_die(address, district, at)
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
