"""`schoolgate apps change, rotate-secret, grant, disable, enable`: what becomes of an application once it is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from gateway.cli.key_files import KEYS
from gateway.cli.output import actor, as_json, lines, opened, show
from gateway.services.application_changes import ApplicationChanges
from gateway.store.applications import Application
from gateway.store.events.webhooks import health_of, list_webhooks
from gateway.wiring import Gate


def document_of(application: Application) -> dict[str, Any]:
    """Return an application as commands show it; secrets are known to nobody."""
    return {
        "client_id": application.id,
        "name": application.name,
        "status": application.status,
        "public": application.is_public,
        "proves_itself": "by its key"
        if application.jwks is not None
        else "not"
        if application.is_public
        else "by secret",
        "pairwise": application.pairwise_salt is not None,
        "redirect_uris": list(application.redirect_uris),
        "login_uri": application.login_uri,
        "logout_uris": list(application.post_logout_redirect_uris),
        "backchannel_logout_uri": application.backchannel_logout_uri,
        "session_hours": application.session_hours,
        "scopes": list(application.api_scopes),
        "orgs": "all" if application.all_tenants else sorted(application.tenants),
        "previous_secret_until": application.previous_secret_until,
    }


def _shown(gate: Gate, application: Application) -> dict[str, Any]:
    receivers = list_webhooks(gate.store, application.id)
    return {**document_of(application), "webhooks": [f"{each.id} {health_of(each)}" for each in receivers]}


def _changes(gate: Gate) -> ApplicationChanges:
    return ApplicationChanges(gate.store, gate.now, allow_http=not gate.settings.is_production)


@click.command("show")
@click.argument("client_id")
@as_json
def show_(client_id: str, json_: bool) -> None:
    """Show one application."""
    with opened() as gate:
        document = _shown(gate, _changes(gate).find(client_id))
    show(document, json_, lambda: lines(document))


@click.command("change")
@click.argument("client_id")
@click.option("--name", help="What it is called.")
@click.option("--redirect-uri", "redirect_uris", multiple=True, help="All its redirect URIs, in place of the old ones.")
@click.option("--login-uri", help="Where a launch is sent to begin the sign-in.")
@click.option("--logout-uri", "post_logout_redirect_uris", multiple=True, help="All of them, in place of the old ones.")
@click.option("--backchannel-logout-uri", help="Where its server is told that a session has ended.")
@click.option("--jwks", type=KEYS, help="A file with all its public keys, in place of the old ones.")
@click.option("--session-hours", type=click.IntRange(1, 720), help="How long refresh tokens bring new ones.")
@as_json
def change(client_id: str, json_: bool, **given: Any) -> None:
    """Change what is named of an application, and nothing else."""
    changes = {name: value for name, value in given.items() if value not in (None, ())}
    with opened() as gate:
        document = _shown(gate, _changes(gate).change(client_id, changes, actor=actor()))
    show(document, json_, lambda: lines(document))


@click.command("rotate-secret")
@click.argument("client_id")
@click.option(
    "--overlap",
    default=24,
    show_default=True,
    type=click.IntRange(0, 720),
    help="Hours in which the old secret counts as well; 0 after it was stolen.",
)
@as_json
def rotate_secret(client_id: str, overlap: int, json_: bool) -> None:
    """Make a new client secret and print it, once."""
    with opened() as gate:
        changes = _changes(gate)
        secret = changes.rotate_secret(client_id, overlap=timedelta(hours=overlap), actor=actor())
        until = changes.find(client_id).previous_secret_until
    document = {"client_id": client_id, "client_secret": secret, "previous_secret_until": until}
    show(document, json_, lambda: lines(document))


@click.command("grant")
@click.argument("client_id")
@click.option("--org", "tenants", multiple=True, metavar="ID", help="A district; repeat it. These and no others.")
@click.option("--all", "everything", is_flag=True, help="All districts, present and future.")
@click.option(
    "--scope", "scopes", multiple=True, metavar="SCOPE", help="A scope of /api/v1; repeat it. These and no others."
)
@click.option("--no-scopes", "nothing", is_flag=True, help="No scope of /api/v1 any more.")
@as_json
def grant(
    client_id: str, tenants: tuple[str, ...], everything: bool, scopes: tuple[str, ...], nothing: bool, json_: bool
) -> None:
    """Say which districts an application may see, or what it may do by /api/v1; it counts at once."""
    if (everything and tenants) or (nothing and scopes) or not (everything or tenants or nothing or scopes):
        raise click.UsageError("Name districts with --org or say --all, name scopes with --scope or say --no-scopes.")
    with opened() as gate:
        changes = _changes(gate)
        if scopes or nothing:
            changes.grant_scopes(client_id, scopes, actor=actor())
        if tenants or everything:
            changes.grant(client_id, None if everything else tenants, actor=actor())
        document = _shown(gate, changes.find(client_id))
    show(document, json_, lambda: lines(document))


@click.command("disable")
@click.argument("client_id")
@as_json
def disable(client_id: str, json_: bool) -> None:
    """Switch an application off: nobody comes in, and no token of it counts."""
    _switch(client_id, json_, on=False)


@click.command("enable")
@click.argument("client_id")
@as_json
def enable(client_id: str, json_: bool) -> None:
    """Switch an application on again."""
    _switch(client_id, json_, on=True)


def _switch(client_id: str, json_: bool, *, on: bool) -> None:
    with opened() as gate:
        changes = _changes(gate)
        changes.switch(client_id, on=on, actor=actor())
        status = changes.find(client_id).status
    document = {"client_id": client_id, "status": status}
    show(document, json_, lambda: click.echo(f"{client_id} is {status}."))


COMMANDS = (show_, change, rotate_secret, grant, disable, enable)
