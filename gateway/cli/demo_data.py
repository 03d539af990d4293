"""`schoolgate demo-data`: a made-up district of any size, as OneRoster CSV, to try syncs on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gateway.cli.output import as_json, lines, show
from providers.kit.oneroster.district import District, write_district


class Share(click.ParamType[float]):
    """A share of the whole: `1%` or `0.01`."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the share. Raises click's BadParameter."""
        if isinstance(value, float):
            return value
        try:
            share = float(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.fail(f"{value!r} is no share, for example 1%.", param, ctx)
        return share


@click.command("demo-data")
@click.option("--students", required=True, type=click.IntRange(1, 5_000_000), help="How many students.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same district.")
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Where to write it.")
@click.option("--day", default=1, show_default=True, type=click.IntRange(1, 365), help="2 is the next day, and so on.")
@click.option("--change", default="1%", show_default=True, type=Share(), help="How much changes from day to day.")
@click.option("--zip", "zip_", is_flag=True, help="Write one file, DIR/oneroster.zip.")
@as_json
def demo_data(students: int, seed: int, out: Path, day: int, change: float, zip_: bool, json_: bool) -> None:
    """Write a made-up district as OneRoster CSV 1.2.1, bulk: a teacher for 20 students, a class for 10."""
    target = out / "oneroster.zip" if zip_ else out
    written = write_district(District(students, seed, day, change), target)
    show({"path": str(target), "rows": dict(written)}, json_, lambda: lines({"path": target, **written}))
