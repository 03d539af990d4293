"""Documents say what the code does: nothing promised that isn't there, nothing there that isn't told."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from gateway.lti.catalogue import REASONS
from gateway.settings import Settings
from tests.architecture.codes import mentioned, raised
from tests.architecture.source import ROOT
from tests.architecture.written import ADDRESSES, PAGES, addresses, commands

_LINK = re.compile(r"\]\(([^)\s]+)\)")


@cache
def _documents() -> tuple[Path, ...]:
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "providers").rglob("*.md")]
    return tuple(sorted(path.relative_to(ROOT) for path in found))


@pytest.mark.parametrize("page", PAGES)
def test_a_written_page_says_what_the_code_says(page: str) -> None:
    assert (ROOT / page).read_text() == PAGES[page](), "run `make format` to write it anew"


def test_the_example_holds_every_setting() -> None:
    text = (ROOT / "config" / "schoolgate.example.toml").read_text()
    offered = tomllib.loads(re.sub(r'^# (\w+ = "")$', r"\1", text, flags=re.MULTILINE))
    assert set(offered) == {switch.name for switch in fields(Settings)}


def test_every_command_is_in_the_reference() -> None:
    told = set(re.findall(r"^### `(schoolgate [a-z -]+?)(?: [A-Z\[{<(].*)?`$", _reference(), re.MULTILINE))
    assert told == {context.command_path for _, context in commands()}


def test_every_address_is_in_the_reference() -> None:
    assert set(addresses()) == set(ADDRESSES)


def test_every_code_is_explained() -> None:
    text = (ROOT / "docs" / "troubleshooting.md").read_text()
    told = set(re.findall(r"^(?:### |\| )`([a-z_*]+(?:\.[a-z0-9_*]+)+)`", text, re.MULTILINE))
    assert told == {*REASONS, *(each.code for each in raised())}


def test_every_code_in_the_code_is_one_that_is_explained() -> None:
    told = {*REASONS, *(each.code for each in raised())}
    assert [text for text in sorted(mentioned()) if not any(fnmatch(text, code) for code in told)] == []


@pytest.mark.parametrize("document", _documents(), ids=str)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    broken = [link for link in _LINK.findall((ROOT / document).read_text()) if not _leads_somewhere(document, link)]
    assert broken == []


def _leads_somewhere(document: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    name, _, anchor = link.partition("#")
    target = (ROOT / document.parent / name) if name else ROOT / document
    return target.exists() and (not anchor or anchor in _anchors(target))


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _reference() -> str:
    return (ROOT / "docs" / "reference.md").read_text()
