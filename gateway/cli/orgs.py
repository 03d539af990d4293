"""`schoolgate orgs`: districts and schools."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.store.orgs import Org, add_org, find_org, list_orgs
from providers.contract import Misconfigured


@click.group()
def orgs() -> None:
    """Districts and schools."""


@orgs.command("add")
@click.argument("name")
@click.option("--type", "type_", type=click.Choice(["district", "school"]), required=True)
@click.option("--parent", metavar="ID", help="The district a school belongs to. Without it the org is a tenant.")
@as_json
def add(name: str, type_: str, parent: str | None, json_: bool) -> None:
    """Add a district or a school."""
    with opened() as gate:
        above = None
        if parent is not None:
            above = find_org(gate.store, parent)
            if above is None:
                raise Misconfigured("org.unknown", f"There is no org {parent!r}: see schoolgate orgs list.")
        org = add_org(gate.store, name=name, type=type_, parent=above, actor=actor(), at=gate.now())
    show(_document(org), json_, lambda: lines(_document(org)))


@orgs.command("list")
@as_json
def list_(json_: bool) -> None:
    """List all orgs."""
    with opened() as gate:
        found = list_orgs(gate.store)
    columns = ("id", "name", "type", "parent")
    rows = [(org.sourced_id, org.name, org.type, org.parent_sourced_id) for org in found]
    show({"orgs": [_document(org) for org in found]}, json_, lambda: table(columns, rows))


def _document(org: Org) -> dict[str, Any]:
    return {
        "id": org.sourced_id,
        "name": org.name,
        "type": org.type,
        "parent": org.parent_sourced_id,
        "tenant": org.tenant_id,
    }
