"""One run of a sync, from its line in the list to its end: applied, unchanged, held, shown as a preview, or failed."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gateway.services.roster_plan import read_guards
from gateway.services.sync_guarding import Verdict, judge
from gateway.services.sync_reading import Faults, Progress, Read, read_into
from gateway.store import Connection, Store
from gateway.store.rosters import runs, sources
from gateway.store.rosters.counting import count
from gateway.store.rosters.loading import Loader
from gateway.store.rosters.merging import merge
from gateway.store.rosters.planning import plan
from gateway.store.rosters.recall import LineRecall
from gateway.store.rosters.sources import Standing
from gateway.store.rosters.staging import Area
from gateway.store.rosters.statistics import index_staged, learn_house
from gateway.store.rosters.waiting import bring_back, keep_waiting
from providers.contract import Context, Failure, Finished, Kind, Misconfigured, Refused, Roster, Untrusted

# What a killed reading left is taken up again for so long; older pages would not fit newer ones.
RESUME_WITHIN = timedelta(hours=1)
# Sources that tell changes do not tell everybody who left: every night's reading is of everything.
WHOLE_EVERY = timedelta(hours=20)
_NEEDS_A_PERSON = (Misconfigured, Refused, Untrusted)


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, and by whom."""

    actor: str
    is_preview: bool = False
    is_full: bool = False


@dataclass(slots=True)
class SyncRun:
    """One run; the caller holds the lock."""

    store: Store
    area: Area
    standing: Standing
    order: Order
    now: Callable[[], datetime]
    on_progress: Progress
    sync_id: int = 0
    since: str | None = None  # from where on changes are asked for
    faults: Faults = field(default_factory=Faults)
    began: float = field(default_factory=time.perf_counter)

    def go(self, roster: Roster, context: Context[Any]) -> int:
        """Do it all and return the sync's id. Raises what the room raises, after it was written down."""
        self.since = self._since()
        self._begin()
        try:
            read = self._read(roster, context)
            if read.finished is not None and read.finished.is_unchanged:
                self._end_unread()
            else:
                self._carry_out(read)
        except Exception as fault:
            self._fail(fault)
            raise
        return self.sync_id

    def _since(self) -> str | None:
        """Return from where on changes are enough; None when it is time to read everything again."""
        if self.order.is_full or self.standing.since is None:
            return None
        with self.store.statements() as connection:
            whole = runs.last_whole(connection, self.area.source)
        return self.standing.since if whole and self.area.at - whole < WHOLE_EVERY else None

    def _begin(self) -> None:
        resumed = self._resumable()
        mode = "full" if self.since is None else "delta"
        with self.store.transaction() as connection:
            if resumed is not None:
                self.sync_id = resumed
                runs.change_run(connection, self.area.source, resumed, status=runs.READING, code=None, sentence=None)
            else:
                self.sync_id = runs.begin_run(
                    connection,
                    self.area.source,
                    status=runs.READING,
                    mode=mode,
                    actor=self.order.actor,
                    at=self.area.at,
                )
            runs.supersede(connection, self.area.source, self.sync_id)
        if resumed is None:
            self.area.make({"sync_id": self.sync_id, "full": mode == "full", "at": self.area.at.isoformat()})

    def _resumable(self) -> int | None:
        """Return the sync whose reading was cut off and can go on."""
        if not self.area.is_there:
            return None
        facts = self.area.facts()
        run = runs.find_run(self.store, int(facts["sync_id"]))
        is_cut_off = run is not None and run.status in {runs.READING, runs.FAILED} and "is_planned" not in facts
        is_recent = self.area.at - datetime.fromisoformat(facts["at"]) < RESUME_WITHIN
        asked_alike = facts["full"] == (self.since is None)
        return int(facts["sync_id"]) if "cursor" in facts and is_cut_off and is_recent and asked_alike else None

    def _read(self, roster: Roster, context: Context[Any]) -> Read:
        standing, loader = self.standing, Loader(self.area)
        is_full = self.order.is_full  # then nothing is taken on trust: every line is read and compared
        return read_into(
            self.area,
            roster,
            context,
            since=self.since,
            recall=LineRecall(loader, None if is_full else standing.digest, {} if is_full else standing.shapes),
            faults=self.faults,
            on_progress=self.on_progress,
        )

    def _carry_out(self, read: Read) -> None:
        index_staged(self.area)
        whole = read.reading.complete if read.reading.is_full else frozenset[Kind]()
        bring_back(self.area, whole, roles_with_users=read.reading.roles_with_users)
        self.faults.add(plan(self.area, read.reading))
        verdict = judge(self.area, read_guards(self.standing.guards), read.skipped)
        told = self._told_by(read.finished)
        self._tell_mode(read.finished)
        with self.area.transaction():
            self.area.remember(is_planned=True, skipped=read.skipped, told=told, whole=sorted(whole))
        if self.order.is_preview:
            with self.store.transaction() as connection:
                self._write(connection, runs.PREVIEW, verdict, 0)
        elif verdict.is_nothing:
            with self.area.transaction(writes_house=True) as connection:
                keep_waiting(connection, self.area, self.sync_id, removes=True)
                self._settle(connection, runs.UNCHANGED, verdict, told)
            self.area.drop()
        else:
            self._apply(verdict, told)

    def _tell_mode(self, finished: Finished | None) -> None:
        """Put right what the source made of the question: a package may hold changes, a provider may tell all."""
        if finished is not None and finished.mode != ("full" if self.since is None else "delta"):
            with self.store.transaction() as connection:
                runs.change_run(connection, self.area.source, self.sync_id, mode=finished.mode)

    def _told_by(self, finished: Finished | None) -> dict[str, Any]:
        """Return what this reading tells for the next one; lines are known again only from a full one."""
        if finished is None:
            return {"digest": None, "since": None}
        told: dict[str, Any] = {"digest": finished.digest, "since": finished.since}
        if finished.mode == "full":
            told["shapes"] = self.area.facts().get("shapes", {})
        return told

    def _apply(self, verdict: Verdict, told: Mapping[str, Any]) -> None:
        with self.area.transaction(writes_house=True) as connection:
            rows = merge(connection, self.area, self.sync_id, removes=verdict.removes)
            self._settle(connection, runs.HELD if verdict.holds else runs.APPLIED, verdict, told, rows)
        learn_house(self.area, rows)
        if not verdict.holds:
            self.area.drop()

    def _settle(
        self, connection: Connection, status: str, verdict: Verdict, told: Mapping[str, Any], rows: int = 0
    ) -> None:
        """Write the line, and remember the reading unless part of it still waits."""
        if verdict.holds:
            sources.forget_reading(connection, self.area.source)
        else:
            sources.keep_reading(connection, self.area.source, self.standing, told)
        sources.unpause(connection, self.area.source)
        self._write(connection, status, verdict, rows)

    def _write(self, connection: Connection, status: str, verdict: Verdict, rows: int) -> None:
        self._change(
            connection,
            status=status,
            types=verdict.types(),
            schools=verdict.schools,
            holds=[hold._asdict() for hold in verdict.holds],
            rows_written=rows,
            faults=self.faults.documents(),
            fault_count=self.faults.number,
        )

    def _end_unread(self) -> None:
        """The source is byte for byte what was applied last: nothing to compare; its faults are still its faults."""
        counts = count(self.area.connection, self.area)
        verdict = Verdict(counts, {}, [], {})
        with self.store.transaction() as connection:
            last = runs.runs_with(connection, self.area.source, runs.APPLIED, runs.UNCHANGED)
            sources.unpause(connection, self.area.source)
            self._change(
                connection,
                status=runs.UNCHANGED,
                types=_with_skipped(verdict.types(), last[0].types if last else {}),
                faults=last[0].faults if last else [],
                fault_count=last[0].fault_count if last else 0,
            )
        self.area.drop()

    def _fail(self, fault: Exception) -> None:
        """Say in the sync's line why it ended; what a person must mend pauses the integration."""
        failure = fault if isinstance(fault, Failure) else None
        code = failure.code if failure else "sync.crashed"
        sentence = failure.sentence if failure else f"The gateway failed ({type(fault).__name__}); nothing was written."
        with self.store.transaction() as connection:
            self._change(
                connection,
                status=runs.FAILED,
                code=code,
                sentence=sentence,
                faults=self.faults.documents(),
                fault_count=self.faults.number,
            )
        if isinstance(fault, _NEEDS_A_PERSON):
            sources.pause(self.store, self.area.source, code=code, sentence=sentence, at=self.now())

    def _change(self, connection: Connection, **values: Any) -> None:
        spent = round(time.perf_counter() - self.began, 3)
        runs.change_run(
            connection,
            self.area.source,
            self.sync_id,
            finished_at=self.now(),
            seconds=spent,
            peak_rss_mb=peak_rss_mb(),
            **values,
        )


def peak_rss_mb() -> float:
    """Return the most memory this process ever held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def _with_skipped(types: dict[str, dict[str, int]], last: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {kind: {**each, "skipped": last.get(kind, {}).get("skipped", 0)} for kind, each in types.items()}
