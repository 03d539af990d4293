"""`schoolgate invites`: links with which a school's administrator connects it alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.cli.spans import Span
from gateway.store.invites import Invite, find_invite, list_invites, revoke_invite
from providers.contract import Misconfigured


def invite_options(command: Any) -> Any:
    """Add what an invite needs to a command."""
    for option in (
        click.option("--expires", type=Span(), default="14d", show_default=True, help="How long the link is good."),
        click.option("--app", "application", metavar="CLIENT_ID", help="The application its launches go to."),
        click.option("--provider", metavar="KEY", help="The only system it may be used for; else they choose."),
        click.option("--org", required=True, metavar="ID", help="The district or school."),
    ):
        command = option(command)
    return command


def make_invite(org: str, provider: str | None, application: str | None, expires: timedelta, json_: bool) -> None:
    """Make an invite and print its link, which is known now and never again."""
    with opened() as gate:
        made = gate.desk.links.invite(
            org_id=org, provider=provider, expires_in=expires, actor=actor(), application_id=application
        )
        document = {**_document(made.invite), "link": f"{gate.settings.public_url}/connect/{made.token}"}
    show(document, json_, lambda: _print(document))


@click.group()
def invites() -> None:
    """Links with which schools connect themselves (made by `schoolgate integrations invite`)."""


@invites.command("list")
@as_json
def list_(json_: bool) -> None:
    """List all invites and how far they are; a link itself can't be shown again."""
    with opened() as gate:
        found = [_document(each) for each in list_invites(gate.store)]
    columns = ("id", "org_name", "provider", "created", "expires", "used", "connected", "problem")
    show({"invites": found}, json_, lambda: table(columns, [[each[name] for name in columns] for each in found]))


@invites.command("revoke")
@click.argument("invite")
@as_json
def revoke(invite: str, json_: bool) -> None:
    """Make a link worthless from now on; what it led to stays."""
    with opened() as gate:
        found = find_invite(gate.store, invite)
        if found is None:
            raise Misconfigured("invite.unknown_id", f"There is no invite {invite!r}.")
        revoke_invite(gate.store, found, actor=actor(), at=gate.now())
    show({"id": invite, "revoked": True}, json_, lambda: click.echo(f"{invite} is revoked."))


def _print(document: dict[str, Any]) -> None:
    click.echo(document["link"])
    click.echo("\nSend this link to the school's administrator. It is shown this once.")
    lines({name: document[name] for name in ("org_name", "provider", "expires")})


def _document(invite: Invite) -> dict[str, Any]:
    return {
        "id": invite.id,
        "org": invite.org_sourced_id,
        "org_name": invite.org_name,
        "provider": invite.provider,
        "created": invite.created_at,
        "expires": invite.expires_at,
        "revoked": invite.revoked_at,
        "used": invite.used_at,
        "connected": invite.connected_at,
        "integration": invite.integration_id,
        "problem": invite.problem["code"] if invite.problem else None,
    }
