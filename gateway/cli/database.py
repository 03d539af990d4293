"""`schoolgate db`: bring the database to this version's tables."""

from __future__ import annotations

import os
from pathlib import Path

import click

from gateway.cli.output import as_json, show
from gateway.jobs import Queue
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
    settings = load_settings(os.environ)
    store, queue = open_store(settings.database_url), Queue(settings.database_url, Path(settings.var))
    try:
        upgrade(store)
        queue.prepare()
    finally:
        queue.close()
        store.close()
    document = {"database": store.dialect, "revision": newest_revision()}
    show(document, json_, lambda: click.echo(f"The {store.dialect} database is at revision {document['revision']}."))
