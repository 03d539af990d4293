"""How far a sync is, on a terminal that somebody looks at: rows, rows in a second, and the time left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from gateway.services.sync_reading import Progress as OnProgress
from gateway.store import Store
from gateway.store.rosters.runs import Run, list_runs

_SEEN: Final = ("added", "changed", "returned", "untouched")


def expected_rows(store: Store, integration_id: str) -> int | None:
    """Return how many rows the last sync with counts has read: about as many as will come now."""
    for run in list_runs(store, integration_id=integration_id, limit=5):
        if rows := _rows(run):
            return rows
    return None


def _rows(run: Run) -> int:
    return sum(counts.get(name, 0) for counts in run.types.values() for name in _SEEN)


@contextmanager
def progress(is_quiet: bool, expected: int | None = None) -> Iterator[OnProgress]:
    """Yield what is told the rows read so far; it shows nothing when quiet or when nobody looks."""
    console = Console(stderr=True)
    if is_quiet or not console.is_terminal:
        yield lambda _rows: None
        return
    left = (BarColumn(), TimeRemainingColumn()) if expected else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), *left, TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=expected)

        def on_progress(rows: Mapping[Any, int]) -> None:
            number = sum(rows.values())
            seconds = bar.tasks[0].elapsed or 0
            rate = f", {number / seconds:,.0f} rows/s" if seconds > 1 else ""
            about = "comparing and writing" if expected and number >= expected else "reading"
            bar.update(task, completed=number, description=f"{about}: {number:,} rows{rate}")

        yield on_progress
