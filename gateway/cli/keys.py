"""`schoolgate keys`: our signing keys."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.output import actor, as_json, opened, show, table
from gateway.store.audit import note
from gateway.store.key_rows import SigningKeys
from gateway.wiring import Gate


@click.group()
def keys() -> None:
    """Our signing keys: next (published, not used yet), active, retiring (still published)."""


@keys.command("list")
@as_json
def list_(json_: bool) -> None:
    """List our signing keys; private parts are never shown."""
    with opened() as gate:
        rows = _rows(gate)
    columns = ("kid", "use", "state", "since")
    show({"keys": rows}, json_, lambda: table(columns, [[row[name] for name in columns] for row in rows]))


@keys.command("rotate")
@click.option("--use", type=click.Choice(["lti", "oidc"]), help="Only these keys; otherwise both.")
@as_json
def rotate(use: Any, json_: bool) -> None:
    """Sign with the next key from now on; the old one stays published until its last token has expired."""
    with opened() as gate:
        gate.keyring.rotate(use)
        with gate.store.statements() as connection:
            note(connection, at=gate.now(), actor=actor(), action="keys.rotated", subject=use or "all")
        rows = _rows(gate)
    columns = ("kid", "use", "state", "since")
    show({"keys": rows}, json_, lambda: table(columns, [[row[name] for name in columns] for row in rows]))


def _rows(gate: Gate) -> list[dict[str, Any]]:
    found = SigningKeys(gate.store).load()
    return [{"kid": key.kid, "use": key.use, "state": key.state, "since": key.changed_at} for key in found]
