"""What the feed tells, in the words of tests."""

from __future__ import annotations

from collections import Counter

from gateway.store import Store
from gateway.store.events.lines import START, Found, Line, Place, Wanted, newest, read_lines

ALL = Wanted()


def end_of(store: Store) -> Place:
    """Return the place behind all that was told."""
    with store.statements() as connection:
        return newest(connection)


def read(store: Store, after: Place = START, *, wanted: Wanted = ALL, limit: int = 100_000) -> Found:
    """Read a piece of the order."""
    with store.statements() as connection:
        return read_lines(connection, after, wanted, limit)


def lines_after(store: Store, after: Place = START, *, wanted: Wanted = ALL) -> list[Line]:
    """Return what is told behind a place."""
    return read(store, after, wanted=wanted).lines


def counted(store: Store, after: Place = START) -> Counter[str]:
    """Count what is told behind a place, as `users.created`."""
    return Counter(f"{line.kind}.{line.action}" for line in lines_after(store, after))
