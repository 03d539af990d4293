"""`schoolgate db`: bring the database to this version's tables."""

from __future__ import annotations

import os

import click

from gateway.cli.output import as_json, show
from gateway.settings import load_settings
from gateway.store import open_store, upgrade
from gateway.store.schema import newest_revision


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@as_json
def upgrade_(json_: bool) -> None:
    """Make or change the tables for this version. Safe to repeat."""
    store = open_store(load_settings(os.environ).database_url)
    try:
        upgrade(store)
    finally:
        store.close()
    document = {"database": store.dialect, "revision": newest_revision()}
    show(document, json_, lambda: click.echo(f"The {store.dialect} database is at revision {document['revision']}."))
