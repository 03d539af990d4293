"""`schoolgate matches`: people who may be a roster's, for a person to decide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.services.matches import Decided, Wish
from gateway.store.matching.proposals import OPEN, STATES, Proposal
from gateway.store.matching.proposing import REASONS
from providers.contract import Misconfigured

_COLUMNS = ("id", "reasons", "user", "roster_user", "roster_id", "integration", "state")
_PERSON = ("sourced_id", "given_name", "family_name", "name", "username", "email", "identifier")


@click.group()
def matches() -> None:
    """People whom no roster owns and who may be somebody in one; nothing here joins by itself."""


_of_integration = click.option("--integration", metavar="ID", help="Only this roster's.")
_for_reason = click.option("--reason", type=click.Choice(REASONS), help="Only those with this reason.")


@matches.command("find")
@click.argument("integration")
@as_json
def find(integration: str, json_: bool) -> None:
    """Look for matches with INTEGRATION's roster now, as every applied sync does."""
    with opened() as gate:
        met = gate.matches.find(integration, actor=actor())
    document = {"joined": {"classes": met.joined.classes, "users": met.joined.users}, **met.doubtful._asdict()}
    show(document, json_, lambda: click.echo(summary(document)))


def summary(document: dict[str, Any]) -> str:
    """Return what came of a search, in one sentence."""
    joined = document["joined"]
    said = f"Joined by their signed ids: {joined['users']} people, {joined['classes']} classes."
    return f"{said} For you to decide: {document['open']} (schoolgate matches list)."


@matches.command("list")
@_of_integration
@_for_reason
@click.option("--state", type=click.Choice([*STATES, "any"]), default=OPEN, show_default=True)
@click.option("--unmatched", is_flag=True, help="People of whom nothing is proposed; needs --integration.")
@click.option("--limit", default=50, show_default=True, help="How many, from the oldest.")
@as_json
def list_(integration: str | None, reason: str | None, state: str, unmatched: bool, limit: int, json_: bool) -> None:
    """List matches with their reasons; ids only. `matches show` has the names."""
    if unmatched:
        _list_unmatched(integration, limit, json_)
        return
    wish = Wish(integration, reason, None if state == "any" else state)
    with opened() as gate:
        found = [_document(each) for each in gate.matches.newest(wish, limit)]
    rows = [[each[name] for name in _COLUMNS] for each in found]
    show({"matches": found}, json_, lambda: table(_COLUMNS, rows))


def _list_unmatched(integration: str | None, limit: int, json_: bool) -> None:
    if integration is None:
        raise Misconfigured("match.integration_needed", "Name the roster's integration with --integration.")
    with opened() as gate:
        found = gate.matches.unmatched(integration, limit)
    show({"unmatched": found}, json_, lambda: table(("user",), [[each] for each in found]))


@matches.command("show")
@click.argument("match", type=int)
@as_json
def show_(match: int, json_: bool) -> None:
    """Show MATCH with both people side by side. It holds names: treat it as personal data."""
    with opened() as gate:
        found = gate.matches.show(match)
    people = {"user": found.user, "roster_user": found.rostered_user}
    rows = [[name, found.user[name], found.rostered_user[name]] for name in _PERSON]
    document = _document(found.proposal)

    def plain() -> None:
        lines(document)
        table(("", "user", "roster_user"), rows)

    show({**document, "people": people}, json_, plain)


def _choice(command: Callable[..., None]) -> Callable[..., None]:
    """Add what says which matches a decision is about."""
    for option in (
        as_json,
        _for_reason,
        _of_integration,
        click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A match id a line."),
        click.option("--all", "all_", is_flag=True, help="All open ones, of --integration and --reason if given."),
        click.argument("ids", nargs=-1, type=int, metavar="[MATCH]..."),
    ):
        command = option(command)
    return command


@matches.command("confirm")
@_choice
def confirm(ids: tuple[int, ...], json_: bool, **choice: Any) -> None:
    """Say that the two people of each MATCH are one. The id that applications saw first stays."""
    with opened() as gate:
        done = _decide(ids, gate.matches.confirm, gate.matches.confirm_all, choice)
    _tell(done, "Confirmed", json_)


@matches.command("reject")
@_choice
def reject(ids: tuple[int, ...], json_: bool, **choice: Any) -> None:
    """Say that the two people of each MATCH are two. They are not proposed again."""
    with opened() as gate:
        done = _decide(ids, gate.matches.reject, gate.matches.reject_all, choice)
    _tell(done, "Rejected", json_)


def _decide(
    ids: tuple[int, ...],
    some: Callable[..., Decided],
    every: Callable[..., Decided],
    choice: dict[str, Any],
) -> Decided:
    named = [*ids, *_ids_in(choice["file"])]
    if bool(named) == bool(choice["all_"]):
        raise Misconfigured("match.which", "Name matches by their ids or with --file, or all with --all.")
    if choice["all_"]:
        return every(Wish(choice["integration"], choice["reason"]), actor=actor())
    return some(named, actor=actor())


def _ids_in(path: Path | None) -> list[int]:
    if path is None:
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
        text = line.strip()
        if text and not text.isdecimal():
            raise Misconfigured("match.file_invalid", f"Line {number} of {path.name} is not a match's id.")
        if text:
            found.append(int(text))
    return found


def _tell(done: Decided, said: str, json_: bool) -> None:
    def plain() -> None:
        click.echo(f"{said}: {done.done}.")
        if done.left:
            click.echo(
                f"Left for one decision each: {', '.join(map(str, done.left[:20]))}{' …' * (len(done.left) > 20)}"
            )

    show(done._asdict(), json_, plain)


def _document(found: Proposal) -> dict[str, Any]:
    return {
        "id": found.id,
        "reasons": found.reasons,
        "state": found.state,
        "user": found.user_id,
        "roster_user": found.rostered_user_id,
        "roster_id": found.source_id,
        "integration": found.integration_id,
        "link": found.link_id,
        "decided_by": found.decided_by,
        "decided_at": found.decided_at,
        "created_at": found.created_at,
    }
