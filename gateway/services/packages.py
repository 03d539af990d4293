"""Packages that come as files: uploaded, or dropped into a watched folder; kept below var/ and synced."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gateway.services.room_context import RoomContexts
from gateway.services.sync_reading import Progress
from gateway.services.syncs import Syncs
from gateway.store import Store
from gateway.store.integrations import Integration, change_settings, find_integration
from gateway.store.rosters.runs import Run
from providers.contract import Failure, Misconfigured, declared

KEPT: Final = 3  # of each integration: the newest is what its setting names, the others are for looking back
_ID: Final = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Packages:
    """Thread-safe. `folder` is where packages are kept, each integration's in a folder of its own."""

    store: Store
    contexts: RoomContexts
    syncs: Syncs
    folder: Path
    now: Callable[[], datetime]

    def upload(
        self, integration_id: str, file: Path, *, actor: str, preview: bool = False, on_progress: Progress | None = None
    ) -> Run:
        """Keep a copy of a file, make it the integration's package and sync it; an unusable one changes nothing.

        Raises:
            Misconfigured: ``integration.unknown``, ``upload.not_offered``, ``upload.unreadable``, ``upload.unusable``.
            Failure: what the sync raises, as `Syncs.run`.
        """
        integration = self._integration(integration_id)
        name = self._path_setting(integration)
        kept = self._keep(integration, file)
        changed = integration.settings | {name: str(kept)}
        show = on_progress or (lambda _rows: None)
        try:
            self._require_usable(integration._replace(settings=changed))
            self._change(integration, changed, name, actor)
            run = self.syncs.run(integration_id, actor=actor, preview=preview, on_progress=show)
        except Failure:
            self._change(integration, integration.settings, name, actor)
            kept.unlink()
            raise
        self._forget_old(kept)
        return run

    def _change(self, integration: Integration, settings: dict[str, Any], name: str, actor: str) -> None:
        change_settings(self.store, integration, settings, actor=actor, at=self.now(), names=[name])

    def require_offered(self, integration_id: str) -> Integration:
        """Return an integration whose room reads packages. Raises Misconfigured (``upload.not_offered``)."""
        integration = self._integration(integration_id)
        self._path_setting(integration)
        return integration

    def _integration(self, integration_id: str) -> Integration:
        found = find_integration(self.store, integration_id)
        if found is None:
            raise Misconfigured("integration.unknown", f"There is no integration {integration_id!r}.")
        return found

    def _path_setting(self, integration: Integration) -> str:
        """Return the setting that names the package: the one that the room declared as a path."""
        plate = self.contexts.rooms.room(integration.provider)
        paths = [field.name for field in declared(plate.settings) if field.kind == "path"]
        if plate.roster is None or len(paths) != 1:
            raise Misconfigured("upload.not_offered", f"{plate.label} takes no files.")
        return paths[0]

    def _keep(self, integration: Integration, file: Path) -> Path:
        """Copy a file to a name of our own; whole or not at all, and for nobody else to read."""
        if _ID.fullmatch(integration.id) is None or not file.is_file():
            raise Misconfigured("upload.unreadable", "The upload must be one file, a zip of the package.")
        folder = self.folder / integration.id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = folder / f"{self.now():%Y%m%dT%H%M%S%f}.zip"
        unfinished = kept.with_suffix(".part")
        try:
            with file.open("rb") as given, os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as own:
                shutil.copyfileobj(given, own, 1 << 20)
                own.flush()
                os.fsync(own.fileno())
        except OSError as fault:
            unfinished.unlink(missing_ok=True)
            reason = fault.strerror or "unknown"
            raise Misconfigured("upload.unreadable", f"The upload can't be kept ({reason.lower()}).") from fault
        return unfinished.rename(kept)

    def _require_usable(self, integration: Integration) -> None:
        roster = self.contexts.rooms.room(integration.provider).roster
        assert roster is not None  # `_path_setting` has asked
        wrong = [health.advice for health in roster.check(self.contexts.open(integration)) if not health.ok]
        if wrong:
            raise Misconfigured("upload.unusable", " ".join(wrong))

    def _forget_old(self, kept: Path) -> None:
        for old in sorted(kept.parent.glob("*.zip"))[:-KEPT]:
            old.unlink(missing_ok=True)
