"""`schoolgate integrations pair`, as an operator types it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.test_integrations import SETTINGS

Call = Callable[..., Any]
ROSTER = ("base_url=https://sis.example", "client_secret=hush", "auth=bearer")


@pytest.fixture
def both(read: Call, org: str) -> tuple[str, str]:
    """An LMS's integration and a roster's."""
    lms = read("integrations", "add", "lti", "--org", org, "--set", *SETTINGS)
    roster = read("integrations", "add", "oneroster", "--org", org, "--set", *ROSTER)
    return lms["id"], roster["id"]


def test_two_integrations_are_paired_listed_and_parted(run: Call, read: Call, both: tuple[str, str]) -> None:
    assert read("integrations", "pair", *both, "--match", "identifier")["match"] == "identifier"
    assert [each["roster_integration_id"] for each in read("integrations", "pairs")["pairs"]] == [both[1]]
    assert both[0] in run("integrations", "pairs")
    assert run("integrations", "unpair", *both) == "No longer paired.\n"
    assert run("integrations", "pairs") == "Nothing here yet.\n"


def test_pairing_says_what_happens_next(run: Call, both: tuple[str, str]) -> None:
    assert "joined from now on" in run("integrations", "pair", *both)
