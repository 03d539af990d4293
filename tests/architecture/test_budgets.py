"""Size is a security property: files and functions stay small, exceptions are named with their reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median

from tests.architecture.source import HOUSE, ROOT, python_files, tree

FILE_LINES, TEST_LINES, FUNCTION_LINES = 300, 400, 40
FILE_MEDIAN, FUNCTION_MEDIAN = 100, 10
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "misc", "manager", "common"}

# path, or path::function -> why it may be longer. An entry that is no longer needed fails, too.
EXCEPTIONS: dict[str, str] = {
    "gateway/store/arrivals.py::_look_up": "one question with its joins, in their order",
    "tests/bench/platform.py::launch_claims": "one token's claims, as a platform writes them",
    "gateway/store/migrations/versions/0001_the_first_tables.py": "a step of the database's history: it never changes",
    "gateway/store/migrations/versions/0001_the_first_tables.py::upgrade": "one table after the other, in their order",
}


def _lines(path: Path) -> int:
    return len((ROOT / path).read_text().splitlines())


def _functions(*folders: str) -> dict[str, int]:
    found = {}
    for path in python_files(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{path}::{node.name}"] = (node.end_lineno or node.lineno) - node.lineno + 1
    return found


def _room_tests() -> dict[str, int]:
    found = (path.relative_to(ROOT) for path in (ROOT / "providers").glob("*/tests/**/*.py"))
    return {str(path): _lines(path) for path in found}


def _too_long() -> set[str]:
    code = {str(path): _lines(path) for path in python_files(*HOUSE)}
    tests = {str(path): _lines(path) for path in python_files("tests")} | _room_tests()
    return (
        {name for name, lines in code.items() if lines > FILE_LINES}
        | {name for name, lines in tests.items() if lines > TEST_LINES}
        | {name for name, lines in _functions(*HOUSE, "tests").items() if lines > FUNCTION_LINES}
    )


def test_files_and_functions_stay_small_or_say_why_not() -> None:
    assert _too_long() == set(EXCEPTIONS)


def test_the_median_file_is_short() -> None:
    assert median(_lines(path) for path in python_files(*HOUSE)) <= FILE_MEDIAN


def test_the_median_function_is_short() -> None:
    assert median(_functions(*HOUSE).values()) <= FUNCTION_MEDIAN


def test_modules_are_named_after_what_they_do() -> None:
    names = {(path, part) for path in python_files(*HOUSE, "tests") for part in path.with_suffix("").parts}
    assert [str(path) for path, part in names if part in FORBIDDEN_NAMES] == []


def test_a_module_says_what_it_is_in_one_sentence() -> None:
    odd = [str(path) for path in python_files(*HOUSE) if not _is_one_sentence(ast.get_docstring(tree(path)))]
    assert odd == []


def _is_one_sentence(docstring: str | None) -> bool:
    """A why may follow the sentence, after an empty line."""
    words = " ".join((docstring or "").partition("\n\n")[0].split())
    return len(words) >= 15 and len(re.findall(r"[.!?](?=\s|$)", words)) == 1 and words.endswith(".")
