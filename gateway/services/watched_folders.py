"""Watched folders: a zip dropped in is synced once it has stopped growing, then moved away with a report beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog

from gateway.services.packages import Packages
from gateway.services.schedules import PREVIEW, is_frozen
from gateway.services.sync_report import document
from gateway.store import Store
from gateway.store.rosters.runs import HELD
from gateway.store.schedules import Schedule, change_schedule, keep_seen, schedule_of, watched
from providers.contract import Failure, Misconfigured, Unavailable

DONE, FAILED = "done", "failed"
ACTOR: Final = "watched folder"
_log = structlog.get_logger("schoolgate.watched_folders")


@dataclass(frozen=True, slots=True)
class WatchedFolders:
    """The worker calls `look` every few seconds. A file that is the same at two looks has stopped growing."""

    store: Store
    packages: Packages
    now: Callable[[], datetime]

    def watch(self, integration_id: str, folder: Path | None, *, actor: str) -> Schedule:
        """Watch a folder for an integration, or none any longer.

        Raises:
            Misconfigured: ``integration.unknown``, ``upload.not_offered``, ``watch.folder``.
        """
        integration = self.packages.require_offered(integration_id)
        if folder is not None:
            _prepare(folder)
            taken = [one for one in watched(self.store) if one.watch_folder == str(folder)]
            if any(one.integration_id != integration_id for one in taken):
                raise Misconfigured("watch.folder", "Another integration watches this folder.")
        values: dict[str, Any] = {"watch_folder": str(folder) if folder else None, "seen": {}}
        change_schedule(self.store, integration, values, action="schedule.watched_folder", actor=actor, at=self.now())
        return schedule_of(self.store, integration)

    def look(self) -> int:
        """Look into every watched folder and take what has come whole; return how many files were taken."""
        return sum(self._look_into(schedule) for schedule in watched(self.store))

    def _look_into(self, schedule: Schedule) -> int:
        folder = Path(str(schedule.watch_folder))
        frozen = is_frozen(schedule, self.now())
        if frozen and schedule.frozen != PREVIEW:
            return 0
        try:
            found = dict(_files(folder))
        except OSError as fault:
            _log.warning("a watched folder can't be read", integration=schedule.integration_id, reason=fault.strerror)
            return 0
        ready = sorted(name for name, state in found.items() if schedule.seen.get(name) == state)
        keep_seen(self.store, schedule, {name: state for name, state in found.items() if name not in ready})
        return sum(self._take(schedule, folder / name, preview=frozen) for name in ready)

    def _take(self, schedule: Schedule, file: Path, *, preview: bool) -> bool:
        """Sync one file; what can't be synced just now stays where it is for the next look."""
        try:
            run = self.packages.upload(schedule.integration_id, file, actor=ACTOR, preview=preview)
            report, place = document(run), DONE
            report["waits_for_a_person"] = run.status == HELD
        except Unavailable as later:
            _log.info("a dropped file waits", integration=schedule.integration_id, code=later.code)
            return False
        except Failure as failure:
            report, place = {"status": "failed", "code": failure.code, "sentence": failure.sentence}, FAILED
        _move(file, place, report, self.now())
        _log.info("a dropped file was taken", integration=schedule.integration_id, status=report["status"])
        return True


def _prepare(folder: Path) -> None:
    if not folder.is_dir():
        raise Misconfigured("watch.folder", "There is no such folder: make it first, for the school to write into.")
    try:
        for name in (DONE, FAILED):
            (folder / name).mkdir(exist_ok=True)
    except OSError as fault:
        raise Misconfigured("watch.folder", "The gateway may not write into this folder.") from fault


def _files(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Yield each zip with its size and time; names that begin with a dot are still being sent."""
    for file in folder.iterdir():
        is_ours = file.suffix.lower() == ".zip" and not file.name.startswith(".")
        if is_ours and not file.is_symlink() and file.is_file():
            state = file.stat()
            yield file.name, [state.st_size, state.st_mtime_ns]


def _move(file: Path, place: str, report: Mapping[str, Any], now: datetime) -> None:
    """Move a file to done/ or failed/, the time in front of its name, and write the report beside it."""
    target = file.parent / place / f"{now:%Y%m%dT%H%M%S}-{file.name}"
    target.with_name(f"{target.name}.report.json").write_text(json.dumps(report, indent=2, default=str))
    file.rename(target)
