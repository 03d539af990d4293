"""`schoolgate check-roster`: judge OneRoster CSV packages without an integration, and write nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import click

from gateway.cli.output import as_json, show
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.report import Report, report_on

_LARGEST = 4_000_000_000
_SHOWN = 50


@click.command("check-roster")
@click.argument("packages", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE_OR_FOLDER...")
@click.option(
    "--mode",
    type=click.Choice(["strict", "liberal"]),
    default="strict",
    show_default=True,
    help="Judge by every rule of the specification, or as a sync reads it unless told otherwise.",
)
@as_json
def check_roster(packages: Sequence[Path], mode: Literal["strict", "liberal"], json_: bool) -> None:
    """Say of each OneRoster CSV package what was read, and every fault. Exit code 1 when one has lost a record."""
    reports = [(path, report_on(path, Options(mode=mode), _LARGEST)) for path in packages]
    documents = [_document(path, report) for path, report in reports]
    show({"mode": mode, "packages": documents}, json_, lambda: _print(reports))
    if not all(report.is_good for _, report in reports):
        raise SystemExit(1)


def _document(path: Path, report: Report) -> dict[str, Any]:
    return {
        "package": path.name,
        "date": datetime.now(UTC),
        "ok": report.is_good,
        "records": dict(report.records),
        "faults_by_code": dict(report.codes),
        "files_with_lost_records": dict(report.lost),
        "refused": report.refused,
        "sentence": report.sentence,
        "faults": [fault._asdict() for fault in report.faults],
    }


def _print(reports: Sequence[tuple[Path, Report]]) -> None:
    for path, report in reports:
        counted = ", ".join(f"{number:,} {kind}" for kind, number in report.records.items()) or "nothing"
        click.echo(f"{path.name}: {'good' if report.is_good else 'NOT GOOD'}. Read: {counted}.")
        if report.refused:
            click.echo(f"  refused ({report.refused}): {report.sentence}")
        for fault in report.faults[:_SHOWN]:
            place = ":".join(str(part) for part in (fault.file, fault.row, fault.column) if part)
            click.echo(f"  {'lost' if fault.is_skipped else 'warning'}  {place}: {fault.message} ({fault.code})")
        if (more := report.codes.total() - _SHOWN) > 0:
            click.echo(f"  {more:,} more; --json lists up to ten thousand.")
