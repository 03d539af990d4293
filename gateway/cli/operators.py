"""`schoolgate operators`: the way into the console, and keys with which operators' programs call the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.cli.spans import Span
from gateway.services.api.scopes import API_SCOPES
from gateway.services.operators.keys import OperatorKeys
from gateway.store.operator_keys import OperatorKey, list_operator_keys


@click.group()
def operators() -> None:
    """Operators: who runs this gateway."""


@operators.group("keys")
def keys() -> None:
    """Keys for /api/v1, sent as `Authorization: Bearer …`; only their hashes are kept."""


@keys.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(list(API_SCOPES)), help="Repeat it.")
@click.option("--expires", type=Span(), default="90d", show_default=True, help="How long it is good: at most 366d.")
@as_json
def add(name: str, scopes: tuple[str, ...], expires: timedelta, json_: bool) -> None:
    """Make a key and print it, once. NAME says who uses it."""
    with opened() as gate:
        made = OperatorKeys(gate.store, gate.now).add(name, scopes=scopes, expires_in=expires, actor=actor())
    document = {**_document(made.key), "key": made.secret}
    show(document, json_, lambda: _print_once(document))


@keys.command("list")
@as_json
def list_(json_: bool) -> None:
    """List all keys; the keys themselves can't be shown again."""
    with opened() as gate:
        found = [_document(each) for each in list_operator_keys(gate.store)]
    columns = ("id", "name", "scopes", "created_by", "expires", "revoked", "used")
    show({"keys": found}, json_, lambda: table(columns, [[each[name] for name in columns] for each in found]))


@keys.command("revoke")
@click.argument("key")
@as_json
def revoke(key: str, json_: bool) -> None:
    """Make a key worthless from now on."""
    with opened() as gate:
        OperatorKeys(gate.store, gate.now).revoke(key, actor=actor())
    show({"id": key, "revoked": True}, json_, lambda: click.echo(f"{key} is revoked."))


@operators.command("sign-in")
@click.option("--name", help="Who it is for; it stands in the audit log. Without it, your own user name.")
@as_json
def sign_in(name: str | None, json_: bool) -> None:
    """Print a link that opens the console, once, within ten minutes."""
    with opened() as gate:
        token = gate.operator_sessions.link(name or actor().removeprefix("cli:"), actor=actor())
        document = {"link": f"{gate.settings.public_url}/console/sign-in/{token}"}
    show(document, json_, lambda: click.echo(f"{document['link']}\n\nIt is good for ten minutes, and once."))


@operators.command("sign-out")
@click.option("--name", help="Only this operator.")
@as_json
def sign_out(name: str | None, json_: bool) -> None:
    """End every session in the console, or one operator's, with the links that were not used."""
    with opened() as gate:
        ended = gate.operator_sessions.sign_out_all(name, actor=actor())
    show({"ended": ended}, json_, lambda: click.echo(f"{ended} ended."))


def _print_once(document: dict[str, Any]) -> None:
    click.echo(document["key"])
    click.echo("\nKeep the key now: it is not shown again.")
    lines({name: document[name] for name in ("id", "name", "scopes", "expires")})


def _document(key: OperatorKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes,
        "created_by": key.created_by,
        "created": key.created_at,
        "expires": key.expires_at,
        "revoked": key.revoked_at,
        "used": key.used_at,
    }
