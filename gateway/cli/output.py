"""What every command shares: the open gate, `--json`, and who is acting."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from gateway.settings import load_settings
from gateway.store import is_current, upgrade
from gateway.wiring import Gate, open_gate
from providers.contract import Misconfigured

as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON document.")


def actor() -> str:
    """Return who is acting, for the audit log: the system's user name."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"


@contextmanager
def opened() -> Iterator[Gate]:
    """Open the gate with the environment's settings. Raises Misconfigured when the database lacks our tables."""
    settings = load_settings(os.environ)
    gate = open_gate(settings)
    try:
        if not settings.is_production:
            upgrade(gate.store)
        elif not is_current(gate.store):
            raise Misconfigured("database.old", "The database lacks this version's tables: run schoolgate db upgrade.")
        gate.keyring.ensure()
        yield gate
    finally:
        gate.close()


def show(document: Any, json_: bool, plain: Callable[[], None]) -> None:
    """Print `document` as JSON, or let `plain` print it for a person."""
    if json_:
        click.echo(json.dumps(document, indent=2, default=_plain))
    else:
        plain()


def table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print a table, or one sentence when there is nothing in it."""
    lines = [[_cell(value) for value in row] for row in rows]
    if not lines:
        click.echo("Nothing here yet.")
        return
    drawn = Table(*columns, box=None, pad_edge=False)
    for line in lines:
        drawn.add_row(*line)
    Console(width=None if os.isatty(1) else 200).print(drawn)


def lines(document: Mapping[str, Any]) -> None:
    """Print name: value lines."""
    for name, value in document.items():
        click.echo(f"{name}: {_cell(value)}")


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    return "" if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    raise TypeError(type(value).__name__)
