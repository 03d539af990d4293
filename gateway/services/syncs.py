"""What is done with roster syncs: run, approve, discard, undo, show; one at a time for each integration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog

from gateway.services.meeting import meet
from gateway.services.room_context import RoomContexts, no_roster
from gateway.services.roster_plan import Guards, read_guards
from gateway.services.sync_guarding import judge
from gateway.services.sync_reading import Progress
from gateway.services.sync_run import Order, SyncRun, peak_rss_mb
from gateway.store import Store
from gateway.store.audit import note
from gateway.store.integrations import Integration, find_integration
from gateway.store.matching.reverting import revert_links
from gateway.store.rosters import diffs, runs, sources
from gateway.store.rosters.locks import locked
from gateway.store.rosters.merging import merge
from gateway.store.rosters.planning import AGAIN, plan
from gateway.store.rosters.runs import Run
from gateway.store.rosters.staging import Area, Source, opened
from gateway.store.rosters.undoing import undo
from providers.contract import Misconfigured, Roster

_log = structlog.get_logger("schoolgate.syncs")
WAIT_SECONDS = 600.0  # a second sync waits so long for the first; then it says so


def _ignore(_rows: Mapping[Any, int]) -> None:
    """Show nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Syncs:
    """Thread-safe. `sleep` waits between two looks at a lock."""

    store: Store
    contexts: RoomContexts
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    wait_seconds: float = WAIT_SECONDS

    def run(
        self,
        integration_id: str,
        *,
        actor: str,
        preview: bool = False,
        full: bool = False,
        on_progress: Progress = _ignore,
    ) -> Run:
        """Sync an integration's roster; a `preview` writes nothing but its own line, a `full` run asks for everything.

        Raises:
            Misconfigured: ``integration.unknown``, ``sync.no_roster``, ``sync.integration_disabled``.
            Unavailable: ``sync.busy``, and what the room raises, as all its failures; the sync's line says so too.
        """
        integration = self._integration(integration_id)
        roster = self._roster(integration)
        source = sources.source_of(self.store, integration)
        with self._working(source) as area:
            standing = sources.standing_of(self.store, source)
            order = Order(actor, is_preview=preview, is_full=full)
            run = SyncRun(self.store, area, standing, order, self.now, on_progress)
            sync_id = run.go(roster, self.contexts.open(integration))
            if self.find(sync_id).status in runs.TAKEN_EFFECT:
                self._meet(source, actor)
        return self.find(sync_id)

    def approve(self, sync_id: int, *, actor: str) -> Run:
        """Apply what a held sync kept back, or all of a preview.

        Raises:
            Misconfigured: ``sync.unknown``, ``sync.not_pending``, ``sync.staging_lost``.
        """
        run, source = self._of(sync_id)
        with self._working(source) as area:
            self._require_pending(sync_id)
            self._require_staged(area, sync_id)
            facts = area.facts()
            area.forget_plan()
            plan(area, AGAIN)
            judge(area, Guards(), facts["skipped"], approved=True)
            standing = sources.standing_of(self.store, source)
            with area.transaction(writes_house=True) as connection:
                rows = merge(connection, area, sync_id, removes=True)
                sources.keep_reading(connection, source, standing, facts["told"])
                runs.change_run(
                    connection,
                    source,
                    sync_id,
                    status=runs.APPLIED,
                    rows_written=run.rows_written + rows,
                    finished_at=self.now(),
                    peak_rss_mb=peak_rss_mb(),
                )
                self._note(connection, source, "sync.approved", sync_id, actor)
            area.drop()
            self._meet(source, actor)
        return self.find(sync_id)

    def discard(self, sync_id: int, *, actor: str) -> Run:
        """Let go of what a held sync or a preview kept back. Raises Misconfigured as `approve`."""
        _, source = self._of(sync_id)
        with self._working(source) as area:
            self._require_pending(sync_id)
            with self.store.transaction() as connection:
                runs.change_run(connection, source, sync_id, status=runs.DISCARDED)
                self._note(connection, source, "sync.discarded", sync_id, actor)
            area.drop()
        return self.find(sync_id)

    def undo(self, sync_id: int, *, actor: str) -> Run:
        """Take a sync back; return the line of the undo.

        Raises:
            Misconfigured: ``sync.unknown``, ``sync.undo_too_late``, ``sync.nothing_to_undo``,
                ``sync.changes_forgotten``.
        """
        _, source = self._of(sync_id)
        with self._working(source) as area:
            self._require_undoable(source, sync_id)
            with area.transaction(writes_house=True) as connection:
                undo_id = runs.begin_run(
                    connection, source, status=runs.UNDO, mode="undo", actor=actor, at=area.at, of=sync_id
                )
                revert_links(connection, source, sync_id, actor=actor, at=area.at)
                rows = undo(connection, area, sync_id, undo_id)
                runs.change_run(connection, source, sync_id, status=runs.UNDONE)
                runs.change_run(connection, source, undo_id, rows_written=rows, finished_at=self.now())
                runs.supersede(connection, source, undo_id)
                sources.forget_reading(connection, source, lines=True)
                self._note(connection, source, "sync.undone", sync_id, actor)
            area.drop()
        return self.find(undo_id)

    def find(self, sync_id: int) -> Run:
        """Return one sync. Raises Misconfigured (``sync.unknown``)."""
        run = runs.find_run(self.store, sync_id)
        if run is None:
            raise Misconfigured("sync.unknown", f"There is no sync {sync_id}: see schoolgate syncs list.")
        return run

    def rows(self, run: Run, limit: int) -> list[diffs.Row]:
        """Return up to `limit` changes of each kind and action: what waits, for a pending sync, else what was done."""
        if run.status not in runs.PENDING:
            return diffs.applied_rows(self.store, run.tenant_id, run.id, limit)
        _, source = self._of(run.id)
        with self._working(source) as area:
            if not area.is_there or area.facts()["sync_id"] != run.id:
                return diffs.applied_rows(self.store, run.tenant_id, run.id, limit)
            is_held = run.status == runs.HELD
            done = diffs.applied_rows(self.store, run.tenant_id, run.id, limit) if is_held else []
            return [*done, *diffs.pending_rows(area, limit, is_held=is_held)]

    def guards(self, integration_id: str) -> dict[str, int]:
        """Return an integration's thresholds."""
        source = sources.source_of(self.store, self._integration(integration_id))
        return asdict(read_guards(sources.standing_of(self.store, source).guards))

    def set_guards(self, integration_id: str, values: Mapping[str, Any], *, actor: str) -> dict[str, int]:
        """Change some thresholds of an integration; return all of them. Raises Misconfigured (``guards.invalid``)."""
        source = sources.source_of(self.store, self._integration(integration_id))
        known = {**sources.standing_of(self.store, source).guards, **values}
        guards = read_guards(known)
        sources.set_guards(self.store, source, known, actor=actor, at=self.now())
        return asdict(guards)

    def _meet(self, source: Source, actor: str) -> None:
        """Join and list people whom the roster now tells of; whatever goes wrong, what was applied stands."""
        try:
            meet(self.store, source, actor=actor, at=self.now())
        except Exception as fault:
            _log.error("people were not matched", integration=source.integration_id, fault=type(fault).__name__)

    def _integration(self, integration_id: str) -> Integration:
        found = find_integration(self.store, integration_id)
        if found is None:
            raise Misconfigured("integration.unknown", f"There is no integration {integration_id!r}.")
        return found

    def _roster(self, integration: Integration) -> Roster:
        roster = self.contexts.roster_of(integration)
        if roster is None:
            raise no_roster(integration.provider)
        if integration.status != "active":
            raise Misconfigured(
                "sync.integration_disabled", f"It is disabled: schoolgate integrations enable {integration.id}."
            )
        return roster

    def _of(self, sync_id: int) -> tuple[Run, Source]:
        run = self.find(sync_id)
        return run, sources.source_of(self.store, self._integration(run.integration_id))

    @contextmanager
    def _working(self, source: Source) -> Iterator[Area]:
        with (
            locked(self.store, source.id, wait_seconds=self.wait_seconds, sleep=self.sleep),
            opened(self.store, source, self.now()) as area,
        ):
            yield area

    def _require_pending(self, sync_id: int) -> None:
        status = self.find(sync_id).status
        if status not in runs.PENDING:
            raise Misconfigured("sync.not_pending", f"Sync {sync_id} is {status}: nothing of it waits for a person.")

    def _require_staged(self, area: Area, sync_id: int) -> None:
        if not area.is_there or area.facts()["sync_id"] != sync_id:
            raise Misconfigured(
                "sync.staging_lost", f"What sync {sync_id} had read is no longer there: run the sync again."
            )

    def _require_undoable(self, source: Source, sync_id: int) -> None:
        with self.store.statements() as connection:
            effective = [run.id for run in runs.runs_with(connection, source, *runs.TAKEN_EFFECT) if run.rows_written]
            is_forgotten = runs.is_forgotten(connection, source, sync_id)
        if sync_id not in effective:
            raise Misconfigured("sync.nothing_to_undo", f"Sync {sync_id} changed nothing that still stands.")
        if effective[0] != sync_id:
            raise Misconfigured(
                "sync.undo_too_late", f"Sync {effective[0]} was applied later: undo that one first, newest to oldest."
            )
        if is_forgotten:
            raise Misconfigured(
                "sync.changes_forgotten", f"Sync {sync_id} is too old: what was before it is forgotten."
            )

    def _note(self, connection: Any, source: Source, action: str, sync_id: int, actor: str) -> None:
        note(
            connection,
            at=self.now(),
            actor=actor,
            action=action,
            subject=str(sync_id),
            tenant_id=source.tenant_id,
            detail={"integration": source.integration_id},
        )
