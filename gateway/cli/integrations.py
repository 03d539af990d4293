"""`schoolgate integrations`: join an org to a provider, look at it, check it, switch it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from gateway.cli.invites import invite_options, make_invite
from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.cli.schedules import pause, resume, schedule, watch
from gateway.cli.upload import upload
from gateway.store.integrations import Integration, deployments_of, list_integrations
from gateway.store.rosters.sources import pauses
from gateway.wiring import Gate
from providers.contract import Misconfigured, declared


@click.group()
def integrations() -> None:
    """Schools' live links through their providers."""


@integrations.command("add")
@click.argument("provider")
@click.option("--org", required=True, metavar="ID", help="The district or school.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting; VALUE may be @file or env:NAME, so that secrets stay off the command line.",
)
@click.option("--app", "application", metavar="CLIENT_ID", help="The application its launches go to, if not the only.")
@click.argument("more", nargs=-1, metavar="[KEY=VALUE]...")
@as_json
def add(
    provider: str, org: str, settings: tuple[str, ...], application: str | None, more: tuple[str, ...], json_: bool
) -> None:
    """Join an org to PROVIDER. Give its settings as --set key=value, any number of times or all after one --set."""
    values = dict(_setting(text) for text in (*settings, *more))
    with opened() as gate:
        added = gate.integrations.add(provider, org_id=org, values=values, actor=actor(), application_id=application)
        document = _document(gate, gate.integrations.find(added.integration_id))
        base, signs_in = gate.settings.public_url, gate.rooms.room(provider).sign_in is not None
    if added.registration_id is not None and signs_in:
        document["portal_settings"] = {
            "redirect_url": f"{base}/sso/{added.registration_id}/callback",
            "start_url_of_this_school": f"{base}/sso/{added.integration_id}/start",
        }
    elif added.registration_id is not None:
        document["lms_settings"] = {
            "login_url": f"{base}/lti/login",
            "redirect_url": f"{base}/lti/launch",
            "key_set_url": f"{base}/.well-known/jwks.json",
            "login_url_of_this_registration": f"{base}/lti/login/{added.registration_id}",
        }
    show(document, json_, lambda: _print_added(document))


@integrations.command("change")
@click.argument("integration")
@click.option(
    "--set", "settings", multiple=True, required=True, metavar="KEY=VALUE", help="As for add; blank: default."
)
@click.argument("more", nargs=-1, metavar="[KEY=VALUE]...")
@as_json
def change(integration: str, settings: tuple[str, ...], more: tuple[str, ...], json_: bool) -> None:
    """Set settings of a running integration, for example the credentials of its roster. Who may come in stays."""
    values = dict(_setting(text) for text in (*settings, *more))
    with opened() as gate:
        names = gate.integration_changes.change(integration, values, actor=actor())
    said = (
        f"Changed: {', '.join(names)}. Now see schoolgate integrations check {integration}."
        if names
        else "Nothing new."
    )
    show({"id": integration, "changed": names}, json_, lambda: click.echo(said))


@integrations.command("invite")
@invite_options
@as_json
def invite(org: str, provider: str | None, application: str | None, expires: timedelta, json_: bool) -> None:
    """Make a link with which the administrator of an org connects it alone."""
    make_invite(org, provider, application, expires, json_)


@integrations.command("list")
@as_json
def list_(json_: bool) -> None:
    """List all integrations."""
    with opened() as gate:
        found = [_document(gate, each) for each in list_integrations(gate.store)]
    columns = ("id", "provider", "org_name", "status", "paused", "deployments")
    rows = [[each[name] for name in columns] for each in found]
    show({"integrations": found}, json_, lambda: table(columns, rows))


@integrations.command("show")
@click.argument("integration")
@as_json
def show_(integration: str, json_: bool) -> None:
    """Show one integration; secrets stay hidden."""
    with opened() as gate:
        document = _document(gate, gate.integrations.find(integration))
    show(document, json_, lambda: lines(document))


@integrations.command("check")
@click.argument("integration")
@as_json
def check(integration: str, json_: bool) -> None:
    """Say what of an integration is well and which setting to change. Exit code 1 when something is not."""
    with opened() as gate:
        findings = gate.integrations.check(integration)
    document = {
        "ok": all(finding.ok for finding in findings),
        "checks": [{"check": f.check, "ok": f.ok, "is_news": f.is_news, "advice": f.told} for f in findings],
    }
    rows = [("note" if f.is_news else "ok" if f.ok else "NOT OK", f.check, f.told) for f in findings]
    show(document, json_, lambda: table(("", "check", "what to do"), rows))
    if not document["ok"]:
        raise SystemExit(1)


@integrations.command("disable")
@click.argument("integration")
@as_json
def disable(integration: str, json_: bool) -> None:
    """Switch an integration off: its launches are refused at once."""
    _switch(integration, "disabled", json_)


@integrations.command("enable")
@click.argument("integration")
@as_json
def enable(integration: str, json_: bool) -> None:
    """Switch an integration on again."""
    _switch(integration, "active", json_)


def _print_added(document: dict[str, Any]) -> None:
    """Print what was added and, apart from it, what to enter in the LMS."""
    apart = {"lms_settings": "the LMS", "portal_settings": "the portal"}
    lines({name: value for name, value in document.items() if name not in {*apart, "settings"}})
    for name in apart.keys() & document.keys():
        click.echo(f"\nEnter these in {apart[name]}:")
        lines(document[name])


def _switch(integration: str, status: str, json_: bool) -> None:
    with opened() as gate:
        gate.integrations.switch(integration, status, actor=actor())
    show({"id": integration, "status": status}, json_, lambda: click.echo(f"{integration} is {status}."))


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Misconfigured("settings.invalid", f"{text!r} is not of the form key=value.")
    if value.startswith("@"):
        try:
            return name, Path(value[1:]).read_text().strip()
        except OSError as fault:
            raise Misconfigured("settings.invalid", f"{name}: {value[1:]} can't be read ({fault.strerror}).") from fault
    if value.startswith("env:"):
        if value[4:] not in os.environ:
            raise Misconfigured("settings.invalid", f"{name}: the environment has no {value[4:]}.")
        return name, os.environ[value[4:]]
    return name, value


def _pause(gate: Gate, integration: Integration) -> str | None:
    """Return why nothing is synced by itself: what a sync failed of, or that a person said so."""
    failed = pauses(gate.store).get(integration.id)
    if failed is not None:
        return failed[1]
    by_hand = gate.schedules.find(integration.id).paused_at
    return None if by_hand is None else f"By hand, until schoolgate integrations resume {integration.id}."


def _document(gate: Gate, integration: Integration) -> dict[str, Any]:
    secret = {field.name for field in declared(gate.rooms.room(integration.provider).settings) if field.secret}
    return {
        "id": integration.id,
        "provider": integration.provider,
        "org": integration.org_sourced_id,
        "org_name": integration.org_name,
        "status": integration.status,
        "paused": _pause(gate, integration),
        "registration": integration.registration_id,
        "application": integration.application_id,
        "settings": {name: "(hidden)" if name in secret else value for name, value in integration.settings.items()},
        "deployments": [f"{name} ({status})" for name, status in deployments_of(gate.store, integration.id)],
    }


for _command in (schedule, pause, resume, watch, upload):
    integrations.add_command(_command)
