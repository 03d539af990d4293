"""`schoolgate providers`: the rooms there are, a new one, and what one still lacks."""

from __future__ import annotations

from pathlib import Path

import click

import providers as rooms_folder
from gateway.cli.output import as_json, show, table
from providers import rooms
from providers.kit.room_check import check_room
from providers.kit.scaffold import new_room


@click.group()
def providers() -> None:
    """Kinds of systems that schools use: one room each."""


@providers.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the providers and what each can do."""
    found = [
        {
            "key": plate.key,
            "label": plate.label,
            "capabilities": list(plate.capabilities),
            "maturity": plate.maturity,
            "maintainer": plate.maintainer,
        }
        for plate in rooms().values()
    ]
    columns = ("key", "label", "capabilities", "maturity")
    rows = [[plate[name] for name in columns] for plate in found]
    show({"providers": found}, json_, lambda: table(columns, rows))


@providers.command("new")
@click.argument("name")
@click.option("--signs-in", is_flag=True, help="Its people come by signing in through a portal, not by LTI launches.")
@as_json
def new(name: str, signs_in: bool, json_: bool) -> None:
    """Make the room NAME from the template; it says what has to be filled in."""
    folder = Path(str(rooms_folder.__file__)).parent
    made = [str(path) for path in new_room(folder, name, "sign_in" if signs_in else "launch")]
    show({"provider": name, "files": made}, json_, lambda: click.echo("\n".join(made)))


@providers.command("check")
@click.argument("name")
@as_json
def check(name: str, json_: bool) -> None:
    """Say what the room NAME still lacks. Exit code 1 when something does."""
    findings = check_room(name)
    document = {
        "provider": name,
        "ok": not findings,
        "findings": [{"place": each.place, "problem": each.sentence} for each in findings],
    }
    plain = [(each.place, each.sentence) for each in findings]
    show(document, json_, lambda: table(("place", "what is missing"), plain) if plain else click.echo("Complete."))
    if findings:
        raise SystemExit(1)
