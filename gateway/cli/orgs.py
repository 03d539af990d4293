"""`schoolgate orgs`: districts and schools."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.store.orgs import Org, add_org, change_org, find_org, list_orgs
from gateway.wiring import Gate
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
        above = _found(gate, parent) if parent is not None else None
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


@orgs.command("suspend")
@click.argument("org")
@as_json
def suspend(org: str, json_: bool) -> None:
    """Pause a school, or a whole district: nobody of it comes in until it is resumed."""
    with opened() as gate:
        _change(gate, org, {"suspended_at": gate.now()}, "org.suspended", json_)


@orgs.command("resume")
@click.argument("org")
@as_json
def resume(org: str, json_: bool) -> None:
    """Let a suspended school or district in again."""
    with opened() as gate:
        _change(gate, org, {"suspended_at": None}, "org.resumed", json_)


@orgs.command("licence")
@click.argument("org")
@click.option("--ends", type=click.DateTime(["%Y-%m-%d"]), help="The first day without access; none: no end.")
@as_json
def licence(org: str, ends: datetime | None, json_: bool) -> None:
    """Set when the licence of a school or district ends (at 00:00 UTC)."""
    with opened() as gate:
        moment = ends.replace(tzinfo=UTC) if ends else None
        _change(gate, org, {"licence_ends_at": moment}, "org.licence", json_)


def _found(gate: Gate, org: str) -> Org:
    found = find_org(gate.store, org)
    if found is None:
        raise Misconfigured("org.unknown", f"There is no org {org!r}: see schoolgate orgs list.")
    return found


def _change(gate: Gate, org: str, fields: dict[str, Any], action: str, json_: bool) -> None:
    changed = change_org(gate.store, _found(gate, org), fields, action=action, actor=actor(), at=gate.now())
    show(_document(changed), json_, lambda: lines(_document(changed)))


def _document(org: Org) -> dict[str, Any]:
    return {
        "id": org.sourced_id,
        "name": org.name,
        "type": org.type,
        "parent": org.parent_sourced_id,
        "tenant": org.tenant_id,
        "suspended_at": org.suspended_at,
        "licence_ends_at": org.licence_ends_at,
    }
