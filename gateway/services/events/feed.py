"""The feed of changes: any application reads it from any cursor on, each at its own pace (ADR 17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from gateway.services.api.callers import Caller
from gateway.services.events.cursors import read_cursor, write_cursor
from gateway.services.events.shapes import document
from gateway.store import Store
from gateway.store.events.lines import START, Found, Place, Wanted, forgotten, newest, read_lines, settled
from providers.contract import Misconfigured

NOW: Final = "now"
_STRETCHES: Final = 5  # looked through for one answer, however few changes are the caller's


@dataclass(frozen=True, slots=True)
class EventFeed:
    """Thread-safe."""

    store: Store

    def page(self, caller: Caller, *, after: str | None, limit: int) -> dict[str, Any]:
        """Return what happened behind a cursor, oldest first; without one, from the oldest that is kept.

        Only districts that the caller may see (attack J1). `cursor` is where to go on, `more` says that it can at once.

        Raises:
            BadData: ``events.cursor_invalid``.
            Misconfigured: ``events.cursor_too_old``: something behind the cursor is forgotten.
        """
        application = caller.application
        wanted = Wanted(None if application is None or application.all_tenants else application.tenants)
        if after == NOW:
            with self.store.statements() as connection:
                return {"events": [], "cursor": write_cursor(newest(connection)), "more": False}
        found = self._read(None if after is None else read_cursor(after), wanted, limit)
        events = [document(line, Place(line.xid, line.id)) for line in found.lines]
        return {"events": events, "cursor": write_cursor(found.place), "more": found.has_more}

    def _read(self, after: Place | None, wanted: Wanted, limit: int) -> Found:
        with self.store.statements() as connection:
            found = Found([], self._begin(connection, after), has_more=True)
            for _ in range(_STRETCHES):
                found = read_lines(connection, found.place, wanted, limit)
                if found.lines or not found.has_more:
                    break
            # Asked for afterwards: what was forgotten meanwhile may be missing in what was read.
            self._require_kept(forgotten(connection), after and settled(connection, after))
        return found

    @staticmethod
    def _begin(connection: Any, after: Place | None) -> Place:
        return forgotten(connection) if after is None else settled(connection, after)

    @staticmethod
    def _require_kept(mark: Place, after: Place | None) -> None:
        if after is not None and START != mark > after:
            raise Misconfigured(
                "events.cursor_too_old",
                "What happened after this cursor is partly forgotten. Ask with after=now, read the roster whole, and go"
                " on from the cursor of that answer.",
            )
