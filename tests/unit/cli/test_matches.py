"""`schoolgate matches` and `schoolgate links`, as an operator types them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providers.contract import Misconfigured
from tests.unit.cli.test_integrations import SETTINGS
from tests.unit.cli.test_pairs import ROSTER

Call = Callable[..., Any]


@pytest.fixture
def both(read: Call, org: str) -> tuple[str, str]:
    """An LMS's integration and a roster's."""
    lms = read("integrations", "add", "lti", "--org", org, "--set", *SETTINGS)
    roster = read("integrations", "add", "oneroster", "--org", org, "--set", *ROSTER)
    return lms["id"], roster["id"]


def test_a_search_says_what_came_of_it(run: Call, read: Call, both: tuple[str, str]) -> None:
    assert read("matches", "find", both[1])["joined"] == {"classes": 0, "users": 0}
    assert "For you to decide: 0" in run("matches", "find", both[1])
    assert read("matches", "list", "--unmatched", "--integration", both[1]) == {"unmatched": []}


def test_a_preview_pairs_nobody(run: Call, read: Call, both: tuple[str, str]) -> None:
    assert "Would join 0 people and 0 classes" in run("integrations", "pair", *both, "--preview")
    assert read("integrations", "pairs") == {"pairs": []}


def test_nothing_yet(run: Call) -> None:
    assert run("links", "list") == run("matches", "list") == "Nothing here yet.\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("matches", "confirm"), "match.which"),
        (("matches", "reject", "1", "--all"), "match.which"),
        (("matches", "confirm", "1"), "match.unknown"),
        (("matches", "show", "1"), "match.unknown"),
        (("matches", "list", "--unmatched"), "match.integration_needed"),
        (("links", "undo", "1"), "link.unknown"),
    ],
)
def test_what_cannot_be_done_says_why(run: Call, words: tuple[str, ...], code: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        run(*words)
    assert refused.value.code == code


def test_a_file_that_holds_something_else_is_named_with_its_line(run: Call, tmp_path: Path) -> None:
    file = tmp_path / "ids.txt"
    file.write_text("1\nannie\n")
    with pytest.raises(Misconfigured, match=r"Line 2 of ids\.txt") as refused:
        run("matches", "confirm", "--file", str(file))
    assert refused.value.code == "match.file_invalid"
