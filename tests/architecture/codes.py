"""Every error code in the code, with the sentence that goes with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.lti.catalogue import REASONS
from providers import contract
from tests.architecture.source import HOUSE, calls, python_files, tree

FAMILIES = {name for name in contract.__all__ if isinstance(getattr(contract, name), type)} & {
    each.__name__ for each in contract.Failure.__subclasses__()
}
_FILES = (".py", ".html", ".md", ".svg", ".css")
_CODE = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True, slots=True)
class Raised:
    """A failure that some line raises by itself, outside the catalogue of launches. `*` stands for what varies."""

    code: str
    family: str
    sentence: str


def raised() -> list[Raised]:
    """Return the failures raised with a code of their own, each code once, in order."""
    found = {each.code: each for each in _raised() if each.code not in REASONS}
    return [found[code] for code in sorted(found)]


def _raised() -> Iterator[Raised]:
    for path in python_files(*HOUSE):
        for name, call in calls(path):
            family = name.rpartition(".")[2]
            if family in FAMILIES and call.args and (code := _text(call.args[0])):
                sentence = _text(call.args[1]) if len(call.args) > 1 else ""
                yield Raised(code, family, sentence.replace("*", "…"))


def _text(node: ast.expr) -> str:
    """Return a literal's text with `*` where a value is put in; nothing for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "*" for part in node.values)
    return ""


def mentioned() -> set[str]:
    """Return every text in the code that looks like a code of the catalogue: its first part is one of theirs."""
    known = {code.partition(".")[0] for code in REASONS}
    texts = {text for path in python_files(*HOUSE) for text in _dotted_texts(path) if not text.endswith(_FILES)}
    return {text for text in texts if text.partition(".")[0] in known}


def _dotted_texts(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
            yield node.value
