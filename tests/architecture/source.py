"""The code as these tests read it: files, syntax trees and imports, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ("gateway", "providers", "keys")


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Return the Python files below these folders, a room's own tests left out, relative to the repository."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(path for path in (each.relative_to(ROOT) for each in found) if not is_room_test(path))


def is_room_test(path: Path) -> bool:
    """Return whether a path lies in `providers/<room>/tests`."""
    return path.parts[0] == "providers" and "tests" in path.parts


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse((ROOT / path).read_text())


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the full names that a file imports, wherever in the file: `from a.b import c` is `a.b.c`."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{_origin(path, node)}.{alias.name}" for alias in node.names)
    return frozenset(names)


def _origin(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = path.parts[: -node.level]
    return ".".join((*package, node.module) if node.module else package)


def is_inside(name: str, package: str) -> bool:
    """Return whether a dotted name is a package or something in it."""
    return name == package or name.startswith(f"{package}.")


def top(name: str) -> str:
    """Return the first part of a dotted name."""
    return name.partition(".")[0]


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call in a file with the dotted text of what is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def rooms() -> tuple[Path, ...]:
    """Return the folders of the rooms: every package in `providers` that is neither the contract nor the kit."""
    found = sorted(each.parent for each in (ROOT / "providers").glob("*/__init__.py"))
    return tuple(each.relative_to(ROOT) for each in found if each.name not in {"contract", "kit"})
