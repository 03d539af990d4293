"""`schoolgate notices` on a gate that was told of a copy."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from gateway.cli import schoolgate
from tests.support.launching import GATE, SECRET_KEY, launching
from tests.support.noticing import copied, send, work


def test_a_notice_is_listed_with_what_came_of_it(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE_URL": sqlite_url, "PUBLIC_URL": GATE, "SECRET_KEY": SECRET_KEY}.items():
        monkeypatch.setenv(f"SCHOOLGATE_{name}", value)
    with launching(sqlite_url) as world:
        send(world, copied(world))
        work(world)
    shown = CliRunner().invoke(schoolgate, ["notices", "list"], catch_exceptions=False)
    assert "LtiContextCopyNotice" in shown.output
    told = CliRunner().invoke(schoolgate, ["notices", "list", "--json"], catch_exceptions=False).output
    (notice,) = json.loads(told)["notices"]
    assert (notice["state"], notice["told"]) == ("kept", {"context": "course-102", "origins": ["course-101"]})
    assert {"check": "signature", "outcome": "ok", "note": ""} in notice["checks"]
