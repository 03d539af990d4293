"""`schoolgate users`: whose native account administers a school or a district, and whose is closed."""

from __future__ import annotations

from collections.abc import Callable

import click

from gateway.cli.output import actor, as_json, opened, show
from gateway.services.native.promoting import ROLES, Promoting
from gateway.store.native.accounts import AccountRow

_role = click.option("--to", "role", type=click.Choice(list(ROLES)), required=True, help="OneRoster's word for it.")
_org = click.option("--org", metavar="ID", required=True, help="The school or district.")


@click.group()
def users() -> None:
    """People with native accounts."""


@users.command("promote")
@click.argument("username")
@_role
@_org
@as_json
def promote(username: str, role: str, org: str, json_: bool) -> None:
    """Let somebody administer a school or district. There is no other way to become one."""
    _change(lambda who: who.promote(username, role, org, actor=actor()), f"is {role} now", role, org, json_)


@users.command("demote")
@click.argument("username")
@_role
@_org
@as_json
def demote(username: str, role: str, org: str, json_: bool) -> None:
    """Take such a role back; the account stays."""
    _change(lambda who: who.demote(username, role, org, actor=actor()), f"is {role} no more", role, org, json_)


@users.command("close")
@click.argument("username")
@as_json
def close(username: str, json_: bool) -> None:
    """Close an account, and end its sessions here and in applications."""
    _switch(lambda who: who.close(username, actor=actor()), "closed", json_)


@users.command("reopen")
@click.argument("username")
@as_json
def reopen(username: str, json_: bool) -> None:
    """Open an account again that was closed, also by its owner."""
    _switch(lambda who: who.reopen(username, actor=actor()), "open", json_)


def _switch(change: Callable[[Promoting], AccountRow], state: str, json_: bool) -> None:
    with opened() as gate:
        account = change(gate.native.promoting)
    document = {"user": account.user_sourced_id, "username": account.username, "state": state}
    show(document, json_, lambda: click.echo(f"The account {account.username} is {state}."))


def _change(change: Callable[[Promoting], AccountRow], said: str, role: str, org: str, json_: bool) -> None:
    with opened() as gate:
        account = change(gate.native.promoting)
    document = {"user": account.user_sourced_id, "username": account.username, "role": role, "org": org}
    show(document, json_, lambda: click.echo(f"{account.username} {said}."))
