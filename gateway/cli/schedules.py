"""`schoolgate integrations schedule`, `pause` and `resume`: when rosters are synced by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show
from gateway.services.schedules import NOTHING, PREVIEW, describe, is_frozen
from gateway.store.schedules import Schedule
from gateway.wiring import Gate
from providers.contract import Misconfigured


@click.command("schedule")
@click.argument("integration")
@click.option("--daily", metavar="HH:MM", help="Sync once a day at this time.")
@click.option("--every", metavar="6h", help="Sync every so many hours (6h) or minutes (30m).")
@click.option("--zone", metavar="NAME", help="The school's time zone, for example America/Chicago; UTC if never set.")
@click.option("--off", is_flag=True, help="Sync only when somebody starts it.")
@click.option("--freeze", metavar="DAY..DAY", help="Freeze the roster, both days included: 2026-06-15..2026-08-20.")
@click.option(
    "--frozen",
    type=click.Choice([PREVIEW, NOTHING]),
    default=PREVIEW,
    show_default=True,
    help="What a scheduled sync does while frozen.",
)
@click.option("--no-freeze", is_flag=True, help="Take the freeze back.")
@as_json
def schedule(integration: str, daily: str | None, every: str | None, zone: str | None, off: bool, **rest: Any) -> None:
    """Say when INTEGRATION's roster is synced by itself, or show it. `schoolgate serve` or `worker` must be running."""
    if bool(daily) + bool(every) + off > 1:
        raise Misconfigured("schedule.invalid", "Choose one of --daily, --every and --off.")
    if zone and not daily:
        raise Misconfigured("schedule.invalid", "--zone belongs to --daily.")
    with opened() as gate:
        if daily or every or off:
            gate.schedules.set_times(integration, daily=daily, every=every, zone=zone, actor=actor())
        if rest["freeze"] or rest["no_freeze"]:
            days = None if rest["no_freeze"] else rest["freeze"]
            gate.schedules.freeze(integration, days, allows=rest["frozen"], actor=actor())
        _show(gate, gate.schedules.find(integration), rest["json_"])


@click.command("pause")
@click.argument("integration")
@as_json
def pause(integration: str, json_: bool) -> None:
    """Let no sync of INTEGRATION begin by itself until it is resumed; a person can still start one."""
    with opened() as gate:
        _show(gate, gate.schedules.pause(integration, actor=actor()), json_)


@click.command("resume")
@click.argument("integration")
@as_json
def resume(integration: str, json_: bool) -> None:
    """Let syncs of INTEGRATION begin by themselves again."""
    with opened() as gate:
        _show(gate, gate.schedules.resume(integration, actor=actor()), json_)


@click.command("watch")
@click.argument("integration")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--off", is_flag=True, help="Watch no folder any longer.")
@as_json
def watch(integration: str, folder: Path | None, off: bool, json_: bool) -> None:
    """Sync every zip that is dropped into FOLDER; it is moved to done/ or failed/ with a report beside it."""
    if (folder is None) != off:
        raise Misconfigured("watch.folder", "Name a folder, or --off.")
    with opened() as gate:
        found = gate.watched_folders.watch(integration, folder.absolute() if folder else None, actor=actor())
        _show(gate, found, json_)


def _show(gate: Gate, found: Schedule, json_: bool) -> None:
    now = gate.now()
    document = {
        "integration": found.integration_id,
        "schedule": describe(found, now),
        "next": None if found.paused_at else found.next_at,
        "daily_at": found.daily_at,
        "zone": found.zone,
        "every_minutes": found.every_minutes,
        "paused": found.paused_at is not None,
        "freeze_from": str(found.freeze_from) if found.freeze_from else None,
        "freeze_until": str(found.freeze_until) if found.freeze_until else None,
        "frozen_now": is_frozen(found, now),
        "while_frozen": found.frozen,
        "watched_folder": found.watch_folder,
    }
    shown = ("integration", "schedule", "next", "watched_folder")
    show(document, json_, lambda: lines({name: document[name] for name in shown if document[name] is not None}))
