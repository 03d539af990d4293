"""Syncs by themselves: daily or every few hours, paused or frozen, and who takes the next turn."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from gateway.services.jobs import Job, Jobs
from gateway.services.room_context import no_roster
from gateway.services.syncs import Syncs
from gateway.store import Store
from gateway.store.integrations import Integration, find_integration
from gateway.store.rosters.sources import pauses
from gateway.store.schedules import Schedule, change_schedule, due_schedules, schedule_of, take_turn
from providers.contract import Misconfigured

RUN: Final = "syncs.run"
ACTOR: Final = "schedule"
_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_EVERY: Final = re.compile(r"(\d{1,3}) ?(h|m)")
_SHORTEST, _LONGEST = 15, 7 * 24 * 60  # minutes
PREVIEW, NOTHING = "preview", "nothing"
_log = structlog.get_logger("schoolgate.schedules")


def next_time(schedule: Schedule, now: datetime) -> datetime | None:
    """Return when a schedule's next sync begins after `now`; None when it is off."""
    if schedule.daily_at is not None:
        zone = ZoneInfo(schedule.zone)
        local = now.astimezone(zone)
        at = time.fromisoformat(schedule.daily_at)
        today = datetime.combine(local.date(), at, zone)
        return (today if today > local else datetime.combine(local.date() + timedelta(days=1), at, zone)).astimezone(
            now.tzinfo
        )
    if schedule.every_minutes is not None:
        return now + timedelta(minutes=schedule.every_minutes)
    return None


def is_frozen(schedule: Schedule, now: datetime) -> bool:
    """Return whether a freeze holds today, where the school is; its first and last day are part of it."""
    if schedule.freeze_from is None or schedule.freeze_until is None:
        return False
    return schedule.freeze_from <= now.astimezone(ZoneInfo(schedule.zone)).date() <= schedule.freeze_until


@dataclass(frozen=True, slots=True)
class Schedules:
    """Thread-safe. The worker calls `begin_due` once a minute; workers on several machines take each turn once."""

    store: Store
    syncs: Syncs
    jobs: Jobs
    now: Callable[[], datetime]

    def find(self, integration_id: str) -> Schedule:
        """Return an integration's schedule. Raises Misconfigured (``integration.unknown``)."""
        return schedule_of(self.store, self._integration(integration_id))

    def set_times(
        self,
        integration_id: str,
        *,
        daily: str | None = None,
        every: str | None = None,
        zone: str | None = None,
        actor: str,
    ) -> Schedule:
        """Sync daily at a time (``02:30``) of a zone, or every few hours (``6h``); neither switches the schedule off.

        Raises:
            Misconfigured: ``schedule.invalid``, ``integration.unknown``, ``sync.no_roster``.
        """
        integration = self._integration(integration_id)
        if self.syncs.contexts.roster_of(integration) is None:
            raise no_roster(integration.provider)
        known = schedule_of(self.store, integration)
        values: dict[str, Any] = {
            "daily_at": _read_time(daily) if daily else None,
            "every_minutes": _read_every(every) if every else None,
            "zone": _read_zone(zone) if zone else known.zone,
        }
        values["next_at"] = next_time(known._replace(**values), self.now())
        return self._change(integration, values, "schedule.set", actor)

    def pause(self, integration_id: str, *, actor: str) -> Schedule:
        """Let no sync begin by itself until `resume`."""
        return self._change(self._integration(integration_id), {"paused_at": self.now()}, "schedule.paused", actor)

    def resume(self, integration_id: str, *, actor: str) -> Schedule:
        """Let syncs begin by themselves again, from their next time on."""
        integration = self._integration(integration_id)
        known = schedule_of(self.store, integration)
        values = {"paused_at": None, "next_at": next_time(known, self.now())}
        return self._change(integration, values, "schedule.resumed", actor)

    def freeze(self, integration_id: str, days: str | None, *, allows: str = PREVIEW, actor: str) -> Schedule:
        """Freeze the roster from the first to the last of `days` (``2026-06-15..2026-08-20``); None ends it.

        While it is frozen a scheduled sync is a preview, or does not run at all. Raises Misconfigured
        (``schedule.invalid``).
        """
        first, last = _read_days(days) if days else (None, None)
        values = {"freeze_from": first, "freeze_until": last, "frozen": allows}
        return self._change(self._integration(integration_id), values, "schedule.frozen", actor)

    def begin_due(self) -> int:
        """Ask for each sync whose time has come; return how many."""
        now, begun = self.now(), 0
        waiting_for_a_person = pauses(self.store)
        for schedule in due_schedules(self.store, now):
            if not take_turn(self.store, schedule, next_time(schedule, now)):
                continue
            frozen = is_frozen(schedule, now)
            if schedule.integration_id in waiting_for_a_person or (frozen and schedule.frozen == NOTHING):
                reason = "frozen" if frozen else waiting_for_a_person[schedule.integration_id][0]
                _log.info("a scheduled sync was left out", integration=schedule.integration_id, reason=reason)
                continue
            args = {"integration": schedule.integration_id, "preview": frozen}
            self.jobs.enqueue(RUN, args, key=f"{RUN}:{schedule.integration_id}")
            begun += 1
        return begun

    def run(self, job: Job) -> None:
        """Run one scheduled sync; a failure that passes by itself is tried again later."""
        preview = bool(job.args["preview"])
        actor = f"{ACTOR} (frozen: preview only)" if preview else ACTOR
        done = self.syncs.run(str(job.args["integration"]), actor=actor, preview=preview)
        _log.info("scheduled sync", integration=done.integration_id, sync=done.id, status=done.status)

    def _change(self, integration: Integration, values: dict[str, Any], action: str, actor: str) -> Schedule:
        change_schedule(self.store, integration, values, action=action, actor=actor, at=self.now())
        return schedule_of(self.store, integration)

    def _integration(self, integration_id: str) -> Integration:
        found = find_integration(self.store, integration_id)
        if found is None:
            raise Misconfigured("integration.unknown", f"There is no integration {integration_id!r}.")
        return found


def describe(schedule: Schedule, now: datetime) -> str:
    """Say in one sentence when the next sync begins, and what holds it up."""
    told = "Off: syncs run only when somebody starts them"
    if schedule.daily_at is not None:
        told = f"Daily at {schedule.daily_at} ({schedule.zone})"
    elif schedule.every_minutes is not None:
        told = f"Every {schedule.every_minutes} minutes"
    if schedule.paused_at is not None:
        return f"{told}. Paused: no sync begins by itself, and dropped files wait."
    if schedule.freeze_from is not None:
        does = "syncs are previews only" if schedule.frozen == PREVIEW else "no sync begins by itself"
        when = "Now frozen" if is_frozen(schedule, now) else "Frozen"
        return f"{told}. {when} from {schedule.freeze_from} to {schedule.freeze_until}: {does}."
    return f"{told}."


def _read_time(text: str) -> str:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise Misconfigured("schedule.invalid", f"{text!r} is no time of day, for example 02:30.")
    return f"{int(found[1]):02}:{found[2]}"


def _read_every(text: str) -> int:
    found = _EVERY.fullmatch(text.strip().lower())
    minutes = int(found[1]) * (60 if found[2] == "h" else 1) if found else 0
    if not _SHORTEST <= minutes <= _LONGEST:
        raise Misconfigured("schedule.invalid", f"{text!r} is none of 15m to 168h, for example 6h.")
    return minutes


def _read_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misconfigured("schedule.invalid", f"{text!r} is no time zone, for example America/Chicago.") from None


def _read_days(text: str) -> tuple[date, date]:
    first, dots, last = text.partition("..")
    try:
        days = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    except ValueError:
        days = (date.max, date.min)
    if not dots or days[0] > days[1]:
        raise Misconfigured("schedule.invalid", f"{text!r} are no days, for example 2026-06-15..2026-08-20.")
    return days
