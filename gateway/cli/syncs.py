"""`schoolgate syncs`: run roster syncs, look at them, and decide what waits for a person."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

import click

from gateway.cli.output import actor, as_json, opened, show, table
from gateway.cli.sync_progress import expected_rows, progress
from gateway.services.schedules import describe, is_frozen
from gateway.services.sync_report import document, row_document, type_rows
from gateway.store.rosters.diffs import Row
from gateway.store.rosters.runs import HELD, PENDING, PREVIEW, Run, list_runs
from gateway.store.rosters.sources import pauses
from gateway.store.schedules import Schedule
from providers.contract import Failure, Misconfigured

HELD_EXIT = 3
_TYPES = ("type", "added", "changed", "gone", "returned", "untouched", "skipped")
_MOST_FAULTS = 20
_MOST_HOLDS = 12  # one bad file empties every class; the first reasons are the whole types
_SAMPLE, _ALL = 3, 10_000


@click.group()
def syncs() -> None:
    """Rosters brought in from schools' systems."""


@syncs.command("run")
@click.argument("integration")
@click.option("--preview", is_flag=True, help="Show what would change; write nothing but the preview's own line.")
@click.option("--full", is_flag=True, help="Ask for everything, also from a source that can tell changes alone.")
@as_json
def run(integration: str, preview: bool, full: bool, json_: bool) -> None:
    """Sync INTEGRATION's roster. Exit code 0: applied, unchanged or previewed; 3: part of it is held; 1: failed."""
    with opened() as gate:
        try:
            with progress(json_, expected_rows(gate.store, integration)) as on_progress:
                done = gate.syncs.run(integration, actor=actor(), preview=preview, full=full, on_progress=on_progress)
        except Failure:
            if integration in pauses(gate.store):
                click.echo("Until that is mended nothing runs by itself; a sync that you start looks again.", err=True)
            raise
        standing = _standing(gate.schedules.find(integration), gate.now())
    tell(done, json_)
    if standing:
        click.echo(standing, err=True)
    if done.status == HELD:
        raise SystemExit(HELD_EXIT)


@syncs.command("list")
@click.option("--integration", metavar="ID", help="Only this integration's.")
@click.option("--limit", default=50, show_default=True, help="How many, from the newest.")
@as_json
def list_(integration: str | None, limit: int, json_: bool) -> None:
    """List the newest syncs."""
    with opened() as gate:
        found = list_runs(gate.store, integration_id=integration, limit=limit)
    columns = ("id", "started", "integration", "status", "added", "changed", "gone", "seconds", "why")
    rows = [
        [run.id, run.started_at, run.integration_id, run.status, *_sums(run), run.seconds, run.sentence or _why(run)]
        for run in found
    ]
    show({"syncs": [document(run) for run in found]}, json_, lambda: table(columns, rows))


@syncs.command("show")
@click.argument("sync", type=int)
@click.option("--diff", is_flag=True, help="Every changed record with its fields before and after, not only samples.")
@as_json
def show_(sync: int, diff: bool, json_: bool) -> None:
    """Show SYNC with samples of what it changed or would change. A diff holds names: treat it as personal data."""
    with opened() as gate:
        found = gate.syncs.find(sync)
        rows = gate.syncs.rows(found, _ALL if diff else _SAMPLE)
    told = document(found) | {"diff" if diff else "samples": [row_document(row) for row in rows]}
    show(told, json_, lambda: _print(found, rows))


@syncs.command("approve")
@click.argument("sync", type=int)
@as_json
def approve(sync: int, json_: bool) -> None:
    """Apply what SYNC held back, or all of a preview."""
    with opened() as gate:
        done = gate.syncs.approve(sync, actor=actor())
    tell(done, json_)


@syncs.command("discard")
@click.argument("sync", type=int)
@as_json
def discard(sync: int, json_: bool) -> None:
    """Let go of what SYNC held back; the next sync decides anew."""
    with opened() as gate:
        done = gate.syncs.discard(sync, actor=actor())
    tell(done, json_)


@syncs.command("undo")
@click.argument("sync", type=int)
@as_json
def undo(sync: int, json_: bool) -> None:
    """Take SYNC back: every row is again as it was before. Newer syncs of the integration must be undone first."""
    with opened() as gate:
        done = gate.syncs.undo(sync, actor=actor())
    show(document(done), json_, lambda: click.echo(f"Sync {sync} is undone ({done.rows_written} rows)."))


@syncs.command("guards")
@click.argument("integration")
@click.argument("settings", nargs=-1, metavar="[NAME=NUMBER]...")
@as_json
def guards(integration: str, settings: tuple[str, ...], json_: bool) -> None:
    """Show INTEGRATION's thresholds, or set some of them."""
    values = dict(_threshold(text) for text in settings)
    with opened() as gate:
        if values:
            gate.syncs.set_guards(integration, values, actor=actor())
        found = gate.syncs.guards(integration)
    show(found, json_, lambda: table(("threshold", "number"), found.items()))


def _standing(schedule: Schedule, now: datetime) -> str:
    """Say why no sync begins by itself where somebody held that back; this one ran, since a person started it."""
    if schedule.paused_at is None and not is_frozen(schedule, now):
        return ""
    return f"This sync ran because you started it. By themselves: {describe(schedule, now)}"


def _threshold(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if not number.isdecimal():
        raise Misconfigured("guards.invalid", f"{text!r} is not of the form name=number.")
    return name, int(number)


def tell(run: Run, json_: bool) -> None:
    """Print what came of a sync."""
    show(document(run), json_, lambda: _print(run, []))


def _print(run: Run, rows: list[Row]) -> None:
    click.echo(f"Sync {run.id}: {run.status}. {run.rows_written} rows written in {run.seconds or 0:.1f} s.")
    if run.sentence:
        click.echo(run.sentence)
    if run.types:
        table(_TYPES, type_rows(run))
    word = "Held" if run.status in PENDING else "Was held"
    for hold in run.holds[:_MOST_HOLDS]:
        click.echo(f"{word} ({hold['code']}): {hold['sentence']}")
    if len(run.holds) > _MOST_HOLDS:
        click.echo(f"… and for {len(run.holds) - _MOST_HOLDS} more reasons; --json lists them all.")
    if run.status == PREVIEW:
        click.echo(f"Nothing is written yet. Look at it with: schoolgate syncs show {run.id} --diff")
        click.echo(f"Then: schoolgate syncs approve {run.id}, or: schoolgate syncs discard {run.id}")
    if run.status == HELD:
        click.echo(f"Everything else is applied. Look at it with: schoolgate syncs show {run.id} --diff")
        click.echo(f"Then: schoolgate syncs approve {run.id}, or: schoolgate syncs discard {run.id}")
    for row in rows:
        fields = ", ".join(f"{name}: {_told(row.action, *pair)}" for name, pair in row.fields.items())
        click.echo(f"{row.action:9} {row.kind} {row.id}  {fields}")
    _print_faults(run)


def _told(action: str, before: Any, after: Any) -> str:
    """Say what a field was and will be, or what it is where there is only one of them."""
    shown = [json.dumps(each, ensure_ascii=False, default=str) for each in (before, after)]
    if action == "added":
        return shown[1]
    return shown[0] if action == "gone" and after is None else " -> ".join(shown)


def _print_faults(run: Run) -> None:
    for fault in run.faults[:_MOST_FAULTS]:
        place = ":".join(str(part) for part in (fault["file"], fault["row"], fault["column"]) if part)
        click.echo(f"{place}: {fault['message']} ({fault['code']})", file=sys.stderr)
    if run.fault_count > _MOST_FAULTS:
        click.echo(f"{run.fault_count - _MOST_FAULTS} more faults; --json names up to a thousand.", file=sys.stderr)


def _sums(run: Run) -> list[int]:
    return [sum(each.get(name, 0) for each in run.types.values()) for name in ("added", "changed", "gone")]


def _why(run: Run) -> str:
    return run.holds[0]["sentence"] if run.holds and run.status == HELD else ""
