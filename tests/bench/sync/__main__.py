"""``python -m tests.bench.sync``: first sync, next day and unchanged, on both databases, beside the floors."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.sync.floors import parse, postgresql_bulk, sqlite_bulk, timed
from tests.support.postgres import running_server

_STEPS = ("first", "nextday", "unchanged")


def _schoolgate(environment: dict[str, str], *arguments: str) -> Any:
    command = [str(Path(sys.executable).with_name("schoolgate")), *arguments, "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr or done.stdout}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**json.loads(done.stdout), "cpu": spent}


def _generate(folder: Path, students: int) -> tuple[Path, Path]:
    days = folder / "day1", folder / "day2"
    common = ["demo-data", "--students", str(students), "--seed", "1"]
    for day, more in zip(days, ([], ["--day", "2", "--change", "1%"]), strict=True):
        command = [str(Path(sys.executable).with_name("schoolgate")), *common, *more, "--out", str(day)]
        subprocess.run(command, check=True, capture_output=True)
    return days


def _ours(folder: Path, address: str, days: tuple[Path, Path]) -> list[dict[str, Any]]:
    """Sync day one, day two and day two again, each in a process of its own."""
    current = folder / "current"
    var = folder / f"var-{len(list(folder.iterdir()))}"
    environment = {**os.environ, "SCHOOLGATE_DATABASE_URL": address, "SCHOOLGATE_VAR": str(var)}
    org = _schoolgate(environment, "orgs", "add", "Northfield", "--type", "district")["id"]
    added = _schoolgate(environment, "integrations", "add", "oneroster_csv", "--org", org, "--set", f"path={current}")
    found = []
    for day in (days[0], days[1], days[1]):
        current.unlink(missing_ok=True)
        current.symlink_to(day)
        found.append(_schoolgate(environment, "syncs", "run", added["id"]))
    return found


def _row(*cells: Any) -> None:
    print(" | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells), flush=True)  # noqa: T201


def main() -> None:
    """Measure and print; the last line is for machines: the worse of the two databases."""
    parser = argparse.ArgumentParser(prog="make bench-sync")
    parser.add_argument("--students", type=int, nargs="+", default=[100_000], help="one district for each number")
    for students in parser.parse_args().students:
        folder = Path(tempfile.mkdtemp(prefix="schoolgate-bench-sync-"))
        try:
            _measure(folder, students)
        finally:
            shutil.rmtree(folder)


def _rows_of(day: Path) -> int:
    """Return how many records a day's files hold."""
    return sum(path.read_bytes().count(b"\n") - 1 for path in day.glob("*.csv") if path.name != "manifest.csv")


def _measure(folder: Path, students: int) -> None:
    days = _generate(folder, students)
    parse(days[0])  # so that the files are in memory for everybody
    parsing = timed(lambda: parse(days[0]))
    rows = _rows_of(days[0])
    _row(f"{students} students, {rows} records: csv parsing", parsing, "s")
    ratios: dict[str, list[float]] = {step: [] for step in _STEPS}
    peaks: list[float] = []
    with running_server() as server:
        server.execute("CREATE DATABASE naive")
        server.execute("CREATE DATABASE ours")
        naive_address = f"postgresql://postgres@/naive?host={server.folder}"
        databases = {
            "sqlite": (f"sqlite:///{folder}/ours.db", lambda day: sqlite_bulk(day, folder / "naive.db")),
            "postgresql": (server.url("ours"), lambda day: postgresql_bulk(day, naive_address)),
        }
        for name, (address, naive) in databases.items():
            naive_first = timed(lambda naive=naive: naive(days[0]))  # type: ignore[misc]
            naive_again = timed(lambda naive=naive: naive(days[1]))  # type: ignore[misc]
            floors = dict(zip(_STEPS, (naive_first, naive_again, parsing), strict=True))
            for step, done in zip(_STEPS, _ours(folder, address, days), strict=True):
                ratios[step].append(done["seconds"] / floors[step])
                peaks.append(done["peak_rss_mb"])
                _tell(name, step, done, floors[step], rows)
    told = " ".join(f"{step}_ratio={max(found):.2f}" for step, found in ratios.items())
    print(f"bench sync {told} peak_mb={max(peaks):.0f}")  # noqa: T201


def _tell(name: str, step: str, done: dict[str, Any], floor: float, rows: int) -> None:
    """Print one sync. CPU seconds are the command's own, its start included; PostgreSQL's server is not in them."""
    each = 1e6 * done["seconds"] / rows
    _row(name, step, done["status"], done["seconds"], "s; floor", floor, "s; CPU", done["cpu"], "s; us a record", each)
    _row("", "rows written", done["rows_written"], "peak MB", done["peak_rss_mb"])


if __name__ == "__main__":
    main()
