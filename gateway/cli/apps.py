"""`schoolgate apps`: the applications behind the gateway."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.apps_change import COMMANDS, document_of
from gateway.cli.key_files import KEYS
from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.services.applications import Wanted, register_application
from gateway.store.applications import load_applications


@click.group()
def apps() -> None:
    """The applications that schools are handed on to."""


@apps.command("add")
@click.argument("name")
@click.option(
    "--redirect-uri", "redirect_uris", multiple=True, required=True, help="Where its OpenID client is answered."
)
@click.option("--login-uri", required=True, help="Where a launch is sent to begin the sign-in.")
@click.option("--public", is_flag=True, help="It can keep no secret (a page in the browser): PKCE alone.")
@click.option("--org", "tenants", multiple=True, metavar="ID", help="Only this district; without it, all of them.")
@click.option(
    "--session-hours",
    default=12,
    show_default=True,
    type=click.IntRange(1, 720),
    help="How long after a sign-in its refresh tokens still bring new ones.",
)
@click.option(
    "--logout-uri", "post_logout_redirect_uris", multiple=True, help="Where a browser may go on after signing out."
)
@click.option("--backchannel-logout-uri", help="Where its server is told that a session has ended.")
@click.option("--jwks", type=KEYS, help="A file with its public keys: it signs (private_key_jwt) and gets no secret.")
@click.option("--pairwise", "is_pairwise", is_flag=True, help="It calls people what no other application calls them.")
@as_json
def add(json_: bool, public: bool, **wanted: Any) -> None:
    """Register an application and print its client id and secret, once."""
    asked = Wanted(is_public=public, **wanted)
    with opened() as gate:
        development = not gate.settings.is_production
        registered = register_application(gate.store, asked, allow_http=development, actor=actor(), now=gate.now())
        issuer = gate.settings.public_url
    document = {
        "client_id": registered.application.id,
        "client_secret": registered.client_secret,
        "issuer": issuer,
        "redirect_uris": list(registered.application.redirect_uris),
        "login_uri": registered.application.login_uri,
    }
    show(document, json_, lambda: _print_once(document))


@apps.command("list")
@as_json
def list_(json_: bool) -> None:
    """List all applications."""
    with opened() as gate:
        found = [document_of(application) for application in load_applications(gate.store)]
    columns = ("client_id", "name", "status", "public", "orgs", "login_uri")
    show({"apps": found}, json_, lambda: table(columns, [[each[name] for name in columns] for each in found]))


def _print_once(document: dict[str, Any]) -> None:
    lines(document)
    if document["client_secret"]:
        click.echo("Keep the secret now: it is not shown again.")


for command in COMMANDS:
    apps.add_command(command)
