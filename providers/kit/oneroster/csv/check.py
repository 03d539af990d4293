"""Looks at a package without reading it: is everything there that makes a roster, and can each file be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from providers.contract import Fault, Health
from providers.kit.oneroster.csv.look import look_at
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import Package
from providers.kit.oneroster.csv.plan import plan_of

_NEEDED: Final = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments")


def check_package(package: Package, options: Options) -> Iterator[Health]:
    """Yield what was looked at: manifest, files, and each file's first row."""
    plan = plan_of(package, options)
    yield _health("manifest and files", plan.faults)
    there = {file.name for file in plan.files} | plan.absent  # what is left out on purpose is not missing
    missing = [f"{name}.csv" for name in _NEEDED if name not in there]
    is_whole = not missing or any(file.is_delta for file in plan.files)
    yield Health("all files", is_whole, f"A whole roster has {', '.join(missing)} too.")
    for file in plan.files:
        yield _health(f"{file.name}.csv", look_at(package, file, plan.version, options).faults)


def _health(check: str, faults: list[Fault] | tuple[Fault, ...]) -> Health:
    fatal = [fault for fault in faults if fault.is_skipped]
    told = "; ".join(f"{fault.file}{f' ({fault.column})' if fault.column else ''}: {fault.message}" for fault in fatal)
    return Health(check, not fatal, told)
