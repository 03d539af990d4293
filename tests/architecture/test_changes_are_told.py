"""Whoever writes the roster tells applications of it in the same transaction (attack F9, ADR 17)."""

from __future__ import annotations

import ast

from gateway.store.rosters.shapes import SHAPES
from tests.architecture.source import calls, imports, python_files

_ROSTER = {shape.table.name for shape in SHAPES.values()}
_WRITES = {"insert", "update", "insert_or_ignore", "insert_into"}
# `tell` beside the write, or lines by set.
_TELLS = {"gateway.store.events.telling.tell", "gateway.store.tables.roster_changes"}


def _written(call: ast.Call) -> set[str]:
    return {each.id for each in call.args if isinstance(each, ast.Name)} & _ROSTER


def test_what_writes_a_row_of_the_roster_tells_of_it() -> None:
    """A new one that fails here: call `gateway.store.events.telling.tell` with the rows' ids, in the transaction."""
    writers = {
        path
        for path in python_files("gateway/store")
        if "migrations" not in path.parts
        for name, call in calls(path)
        if name.rpartition(".")[2] in _WRITES and _written(call)
    }
    assert len(writers) > 3
    assert sorted(str(path) for path in writers if not imports(path) & _TELLS) == []
