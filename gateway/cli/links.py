"""`schoolgate links`: what was joined, by what proof, and how it comes apart again."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.output import actor, as_json, opened, show, table
from gateway.store.matching.links import LINKED, REVERTED, UNDONE, Link

_COLUMNS = ("id", "at", "status", "kind", "how", "evidence", "kept", "other", "roster_id", "by")
_STATUSES = (LINKED, UNDONE, REVERTED)


@click.group()
def links() -> None:
    """People and classes that were joined: by launches, by syncs, by a pair of integrations, by a person."""


@links.command("list")
@click.option("--tenant", metavar="ID", help="Only this district's or school's.")
@click.option("--status", type=click.Choice([*_STATUSES, "any"]), default=LINKED, show_default=True)
@click.option("--limit", default=50, show_default=True, help="How many, from the newest.")
@as_json
def list_(tenant: str | None, status: str, limit: int, json_: bool) -> None:
    """List the newest links."""
    with opened() as gate:
        found = [_document(each) for each in gate.links.newest(tenant, None if status == "any" else status, limit)]
    rows = [[each[name] for name in _COLUMNS] for each in found]
    show({"links": found}, json_, lambda: table(_COLUMNS, rows))


@links.command("undo")
@click.argument("ids", nargs=-1, required=True, type=int, metavar="LINK...")
@as_json
def undo(ids: tuple[int, ...], json_: bool) -> None:
    """Take each LINK apart: both sides are as they were, and nothing joins them again by itself."""
    with opened() as gate:
        found = gate.links.undo(ids, actor=actor())
    show({"undone": [each.id for each in found]}, json_, lambda: click.echo(f"Undone: {len(found)}."))


def _document(link: Link) -> dict[str, Any]:
    return {
        "id": link.id,
        "at": link.created_at,
        "status": link.status,
        "kind": link.kind,
        "how": link.how,
        "evidence": link.evidence,
        "kept": link.kept,
        "other": link.other,
        "roster_id": link.source_id,
        "integration": link.integration_id,
        "sync": link.sync_id,
        "by": link.actor,
    }
