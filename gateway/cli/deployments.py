"""`schoolgate deployments`: the pending list, and letting one in."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.store.registrations import Deployment, list_deployments


@click.group()
def deployments() -> None:
    """LTI deployments; unknown ones wait here until an operator accepts them once."""


@deployments.command("list")
@click.option("--status", type=click.Choice(["pending", "active", "disabled"]))
@as_json
def list_(status: str | None, json_: bool) -> None:
    """List deployments with the evidence their platform gave."""
    with opened() as gate:
        found = [_document(each) for each in list_deployments(gate.store, status=status)]
    columns = ("id", "deployment_id", "status", "integration", "seen", "platform")
    rows = [[*[each[name] for name in columns[:-1]], each["evidence"].get("name")] for each in found]
    show({"deployments": found}, json_, lambda: table(columns, rows))


@deployments.command("accept")
@click.argument("deployment")
@click.option("--org", metavar="ID", help="The org it belongs to; needed when several share the registration.")
@as_json
def accept(deployment: str, org: str | None, json_: bool) -> None:
    """Let a deployment's launches in from now on."""
    with opened() as gate:
        accepted = _document(gate.integrations.accept(deployment, org_id=org, actor=actor()))
    show(accepted, json_, lambda: lines(accepted))


@deployments.command("disable")
@click.argument("deployment")
@as_json
def disable(deployment: str, json_: bool) -> None:
    """Refuse a deployment's launches until it is accepted again."""
    with opened() as gate:
        disabled = _document(gate.integrations.disable_deployment(deployment, actor=actor()))
    show(disabled, json_, lambda: lines(disabled))


def _document(deployment: Deployment) -> dict[str, Any]:
    return {
        "id": deployment.id,
        "deployment_id": deployment.deployment_id,
        "status": deployment.status,
        "integration": deployment.integration_id,
        "registration": deployment.registration_id,
        "seen": deployment.created_at,
        "evidence": deployment.evidence or {},
    }
