"""A native school on both databases, or (where the database can't matter) on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mailbox import Mailbox, mailbox
from tests.support.natives import NativeWorld, native_world


@pytest.fixture
def native(database_url: str) -> Iterator[NativeWorld]:
    """A native school on SQLite and on PostgreSQL."""
    with native_world(database_url) as world:
        yield world


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[NativeWorld]:
    """A native school on SQLite."""
    with native_world(sqlite_url) as world:
        yield world


@pytest.fixture(scope="module")
def _server() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


@pytest.fixture
def box(_server: Mailbox) -> Mailbox:
    """An empty mailbox behind a real SMTP server."""
    _server.mails.clear()
    _server.refuses = ""
    return _server


@pytest.fixture
def posted(sqlite_url: str, box: Mailbox, tmp_path: Path) -> Iterator[NativeWorld]:
    """A native school on SQLite whose mails go to the box."""
    own = {"SCHOOLGATE_SMTP_URL": box.url, "SCHOOLGATE_MAIL_TEMPLATES": str(tmp_path / "mail")}
    with native_world(sqlite_url, **own, SCHOOLGATE_PRODUCT_NAME="Reader") as world:
        yield world
