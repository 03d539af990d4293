"""Reads the package that the settings name, with the kit's reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, cast

from providers.contract import Batch, Context, Failure, Finished, Health, Recall
from providers.kit.oneroster.csv.check import check_package
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import open_package
from providers.kit.oneroster.csv.reader import Reading
from providers.oneroster_csv.settings import OneRosterCsvSettings

_MEGABYTE = 1_000_000


def is_set_up(_settings: object) -> bool:
    """Say yes: the room has nothing but its roster."""
    return True


def check(context: Context[Any]) -> Sequence[Health]:
    """Open the package and look at its manifest and the first row of each file."""
    settings: OneRosterCsvSettings = context.settings
    try:
        with open_package(Path(settings.path), settings.max_megabytes * _MEGABYTE) as package:
            return [Health("package", True), *check_package(package, _options(settings))]
    except Failure as failure:
        return [Health("package", False, failure.sentence)]


def read(
    context: Context[Any],
    *,
    since: str | None = None,  # noqa: ARG001 - a package says itself whether it holds changes or everything
    resume: str | None = None,
    recall: Recall | None = None,
) -> Iterator[Batch | Finished]:
    """Read the package. Raises Misconfigured (``csv.path_*``), BadData (``csv.refused``, ``zip.*``) and Unavailable."""
    settings: OneRosterCsvSettings = context.settings
    with open_package(Path(settings.path), settings.max_megabytes * _MEGABYTE) as package:
        yield from Reading(package, _options(settings), recall, resume)


def _options(settings: OneRosterCsvSettings) -> Options:
    return Options(
        mode=cast("Literal['strict', 'liberal']", settings.mode),
        on_bad_rows=cast("Literal['skip', 'refuse']", settings.on_bad_rows),
        without_manifest=cast("Literal['bulk', 'delta']", settings.without_manifest),
    )
