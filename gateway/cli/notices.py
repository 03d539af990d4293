"""`schoolgate notices`: what platforms told us while nobody clicked, and what came of it."""

from __future__ import annotations

import click

from gateway.cli.output import as_json, opened, show, table
from gateway.lti.trace import read_trace
from gateway.store.notices import list_notices


@click.group()
def notices() -> None:
    """Notices of platforms, such as: this course was copied from that one."""


@notices.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@as_json
def list_(limit: int, json_: bool) -> None:
    """List the newest notices that were taken in; refused ones are among the launches.

    State: waiting for a worker; linked to our class; kept for the copy's first launch; noted, as nothing is to be done.
    """
    with opened() as gate:
        found = list_notices(gate.store, limit=limit)
    columns = ("reference", "at", "type", "state", "integration")
    rows = [(one.ref, one.created_at, one.type, one.state, one.integration_id) for one in found]
    document = [
        {
            "ref": one.ref,
            "at": one.created_at,
            "type": one.type,
            "state": one.state,
            "integration": one.integration_id,
            "told": one.told,
            "checks": [
                {"check": check, "outcome": outcome, "note": note} for check, outcome, note in read_trace(one.trace)
            ],
        }
        for one in found
    ]
    show({"notices": document}, json_, lambda: table(columns, rows))
