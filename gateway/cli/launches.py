"""`schoolgate launches`: what arrived, and why one did not get in."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.output import as_json, lines, opened, show, table
from gateway.store.launches import LaunchRecord, list_launches


@click.group()
def launches() -> None:
    """Launches that arrived, with their trace."""


@launches.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@as_json
def list_(limit: int, json_: bool) -> None:
    """List the newest launches and refusals."""
    with opened() as gate:
        found = list_launches(gate.store, limit=limit)
    columns = ("reference", "at", "outcome", "message type", "user")
    rows = [(one.ref, one.created_at, one.outcome, one.message_type, one.user_sourced_id) for one in found]
    summary = [_summary(one) for one in found]
    show({"launches": summary}, json_, lambda: table(columns, rows))


@launches.command("show")
@click.argument("ref")
@as_json
def show_(ref: str, json_: bool) -> None:
    """Show one launch's trace: each check, its outcome, the specification's section, and what to change."""
    with opened() as gate:
        record = gate.traces.find(ref)
        document = {**_summary(record), "checks": [each._asdict() for each in gate.traces.checks(record)]}
    show(document, json_, lambda: _print(document))


def _summary(record: LaunchRecord) -> dict[str, Any]:
    return {
        "ref": record.ref,
        "at": record.created_at,
        "outcome": record.outcome,
        "message_type": record.message_type,
        "registration": record.registration_id or None,
        "integration": record.integration_id,
        "user": record.user_sourced_id,
        "class": record.class_sourced_id,
        "application": record.application_id,
    }


def _print(document: dict[str, Any]) -> None:
    lines({name: value for name, value in document.items() if name != "checks" and value is not None})
    click.echo()
    columns = ("outcome", "check", "spec", "note")
    table(columns, [[step[name] for name in columns] for step in document["checks"]])
    for step in document["checks"]:
        if step["advice"]:
            click.echo(f"\nWhat to change: {step['advice']}")
