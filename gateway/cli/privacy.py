"""`schoolgate privacy`: what is kept about one person, told or erased."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import click

from gateway.cli.output import actor, as_json, opened, show, table
from providers.contract import Misconfigured

_COLUMNS = ("id", "name", "username", "email", "identifier", "status", "tenant_id")


@click.group()
def privacy() -> None:
    """What is kept about one person: tell it, or erase it."""


@privacy.command("find")
@click.argument("words")
@click.option("--tenant", metavar="ID", help="Only this district's or school's.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@as_json
def find(words: str, tenant: str | None, limit: int, json_: bool) -> None:
    """Find a person by a part of their name, username, e-mail or identifier."""
    with opened() as gate:
        found = [each._asdict() for each in gate.privacy.find(words, tenant_id=tenant, limit=limit)]
    show({"people": found}, json_, lambda: table(_COLUMNS, [[each[name] for name in _COLUMNS] for each in found]))


@privacy.command("export")
@click.argument("user")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A new file, for you alone to read.")
def export(user: str, out: Path | None) -> None:
    """Write everything kept about USER (an id of ours) as one JSON document."""
    with opened() as gate:
        told = gate.privacy.export(user, actor=actor())
    text = json.dumps(told, indent=2, ensure_ascii=False, default=_plain) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Misconfigured("privacy.file_exists", f"{out} is there already: name a new file with --out.") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    click.echo(f"Written to {out}: {sum(map(len, told['about'].values()))} rows.")


@privacy.command("erase")
@click.argument("user")
@click.option("--still-listed", is_flag=True, help="Erase although a roster lists them, and would bring them anew.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def erase(user: str, still_listed: bool, yes: bool, json_: bool) -> None:
    """Erase what is kept about USER (an id of ours), for ever; an empty row and the audit log's line stay."""
    with opened() as gate:
        counts, rosters = gate.privacy.extent(user)
        if not yes:
            who = gate.privacy.find(user, limit=1)
            click.echo(f"{who[0].name or 'Somebody without a name'}: {_sum(counts)}.", err=True)
            click.confirm("Erase this for ever?", abort=True, err=True)
        done = gate.privacy.erase(user, actor=actor(), still_listed=still_listed)
    files = [each.integration_id for each in rosters]
    show({"erased": user, "rows": done, "rosters": files}, json_, lambda: _say(done, files))


def _say(done: dict[str, int], rosters: list[str]) -> None:
    click.echo(f"Erased: {_sum(done)}.")
    if rosters:
        click.echo(f"Files and systems of the school may still name them: integration {', '.join(rosters)}.")
    click.echo("Backups keep what they have until they are overwritten.")


def _sum(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} in {name}" for name, count in sorted(counts.items())) or "nothing was left"


def _plain(value: Any) -> str:
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    raise TypeError(type(value).__name__)
