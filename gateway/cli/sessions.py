"""`schoolgate sessions`: who is signed in to an application, and how an operator ends that."""

from __future__ import annotations

import click

from gateway.cli.output import actor, as_json, opened, show, table
from gateway.services.sessions import end_session, end_sessions_of
from gateway.store.sessions import list_sessions


@click.group()
def sessions() -> None:
    """People's sessions with applications."""


@sessions.command("list")
@click.option("--user", metavar="ID", help="Only this person's.")
@click.option("--all", "ended", is_flag=True, help="Those that have ended, too.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@as_json
def list_(user: str | None, ended: bool, limit: int, json_: bool) -> None:
    """List sessions, newest first."""
    with opened() as gate:
        found = [each._asdict() for each in list_sessions(gate.store, user_id=user, alive=not ended, limit=limit)]
    columns = ("id", "application_id", "user_sourced_id", "created_at", "ended_at")
    show({"sessions": found}, json_, lambda: table(columns, [[each[name] for name in columns] for each in found]))


@sessions.command("end")
@click.argument("session", required=False)
@click.option("--user", metavar="ID", help="Every session of this person instead.")
@as_json
def end(session: str | None, user: str | None, json_: bool) -> None:
    """End a SESSION, or all of one person: their tokens stop at once, and applications that want to know are told."""
    if (session is None) == (user is None):
        raise click.UsageError("Name one session, or a person with --user.")
    with opened() as gate:
        if user is not None:
            ended = end_sessions_of(gate.store, user, now=gate.now(), actor=actor())
        else:
            ended = end_session(gate.store, str(session), now=gate.now(), actor=actor())
    show({"ended": ended}, json_, lambda: click.echo(f"{ended} ended."))
