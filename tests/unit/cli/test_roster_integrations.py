"""Integrations that bring rosters, as an operator adds and checks them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providers.kit.oneroster.district import District, write_district

Call = Callable[..., Any]


@pytest.fixture
def added(read: Call, org: str, command_folder: Path) -> dict[str, Any]:
    """An integration whose package is there."""
    write_district(District(20), command_folder / "package")
    path = f"path={command_folder / 'package'}"
    document = read("integrations", "add", "oneroster_csv", "--org", org, "--set", path)
    assert isinstance(document, dict)
    return document


def test_nothing_is_to_be_entered_in_an_lms(added: dict[str, Any], run: Call, org: str) -> None:
    assert (added["provider"], added["registration"]) == ("oneroster_csv", None)
    assert "lms_settings" not in added
    assert "Enter these" not in run("integrations", "add", "oneroster_csv", "--org", org, "--set", "path=/nowhere")


def test_check_looks_at_the_package(read: Call, added: dict[str, Any]) -> None:
    document = read("integrations", "check", added["id"])
    assert document["ok"]
    assert {"check": "roster: package", "ok": True, "is_news": False, "advice": ""} in document["checks"]


def test_check_says_what_to_change(read: Call, added: dict[str, Any], command_folder: Path) -> None:
    (command_folder / "package" / "users.csv").write_text("no,header\n")
    document = read("integrations", "check", added["id"], code=1)
    assert [each["check"] for each in document["checks"] if not each["ok"]] == ["roster: users.csv"]


def test_a_setting_that_no_longer_fits_is_a_finding(read: Call, added: dict[str, Any], command_folder: Path) -> None:
    for file in (command_folder / "package").iterdir():
        file.unlink()
    (command_folder / "package").rmdir()
    document = read("integrations", "check", added["id"], code=1)
    (wrong,) = [each for each in document["checks"] if not each["ok"]]
    assert "compare the setting path" in wrong["advice"]
