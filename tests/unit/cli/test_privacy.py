"""`schoolgate privacy`, as an operator types it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from gateway.cli import schoolgate
from gateway.store.tables import users
from providers.contract import Misconfigured
from tests.support.databases import opened

Call = Callable[..., Any]


@pytest.fixture
def annie(org: str, command_folder: Path) -> str:
    """A person of the school."""
    row = {"sourced_id": "annie", "tenant_id": org, "given_name": "Annie", "family_name": "Quill", "username": "aq"}
    with opened(os.environ["SCHOOLGATE_DATABASE_URL"]) as store, store.transaction() as connection:
        connection.execute(insert(users), {**row, "date_last_modified": datetime.now(UTC)})
    return "annie"


def test_a_person_is_found_and_told_in_a_file_for_one_reader(run: Call, read: Call, annie: str, tmp_path: Path) -> None:
    assert [each["id"] for each in read("privacy", "find", "quill")["people"]] == [annie]
    out = tmp_path / "annie.json"
    assert "rows" in run("privacy", "export", annie, "--out", str(out))
    assert json.loads(out.read_text())["about"]["users"][0]["family_name"] == "Quill"
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_stays_as_it_is(run: Call, annie: str, tmp_path: Path) -> None:
    out = tmp_path / "mine.json"
    out.write_text("mine")
    with pytest.raises(Misconfigured) as refused:
        run("privacy", "export", annie, "--out", str(out))
    assert (refused.value.code, out.read_text()) == ("privacy.file_exists", "mine")


def test_an_erasure_says_who_and_asks_first(run: Call, annie: str) -> None:
    asked = CliRunner().invoke(schoolgate, ["privacy", "erase", annie], input="n\n")
    assert (asked.exit_code, "Annie Quill: 1 in users." in asked.output) == (1, True)
    assert "Quill" in run("privacy", "export", annie)
    assert "Erased: 1 in users." in run("privacy", "erase", annie, "--yes")
    assert "Quill" not in run("privacy", "export", annie)
