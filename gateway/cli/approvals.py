"""`schoolgate approvals`: what waits for an operator, with its evidence, and one step to decide."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show
from gateway.services.connecting.approvals import Waiting


@click.group()
def approvals() -> None:
    """Connections from unknown hosts, changes to live ones, and unknown deployments."""


@approvals.command("list")
@as_json
def list_(json_: bool) -> None:
    """List what waits, oldest first, with the evidence to judge it by."""
    with opened() as gate:
        found = gate.desk.approvals.waiting()
    show({"approvals": [each._asdict() for each in found]}, json_, lambda: _print(found))


@approvals.command("approve")
@click.argument("approval")
@click.option("--org", metavar="ID", help="For a deployment whose registration several schools share.")
@as_json
def approve(approval: str, org: str | None, json_: bool) -> None:
    """Let it be: the connection is made, or the deployment's launches come in."""
    with opened() as gate:
        integration = gate.desk.approvals.approve(approval, actor=actor(), org_id=org)
    document = {"id": approval, "status": "approved", "integration": integration}
    show(document, json_, lambda: click.echo(f"Approved. Integration {integration}."))


@approvals.command("reject")
@click.argument("approval")
@as_json
def reject(approval: str, json_: bool) -> None:
    """Refuse it; the school's administrator is told so."""
    with opened() as gate:
        gate.desk.approvals.reject(approval, actor=actor())
    show({"id": approval, "status": "rejected"}, json_, lambda: click.echo("Rejected."))


def _print(found: list[Waiting]) -> None:
    if not found:
        click.echo("Nothing waits.")
    for each in found:
        click.echo(f"{each.id}  {each.kind}  {each.org or ''}  since {each.since:%Y-%m-%d %H:%M}")
        for reason in each.reasons:
            click.echo(f"  ! {reason}")
        lines({f"  {name}": value for name, value in _told(each.evidence).items()})
        click.echo()


def _told(evidence: dict[str, Any]) -> dict[str, Any]:
    """Return the evidence in lines: one platform's own words may be a table of their own."""
    return {
        name: ", ".join(f"{key} {word}" for key, word in value.items() if word) if isinstance(value, dict) else value
        for name, value in evidence.items()
        if value
    }
