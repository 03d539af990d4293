"""`schoolgate integrations invite`, `invites` and `approvals`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from providers.contract import Misconfigured
from tests.unit.cli.conftest import Run

Read = Callable[..., Any]


def test_invite_prints_a_link_once(read: Read, run: Run, org: str) -> None:
    made = read("integrations", "invite", "--org", org, "--provider", "lti", "--expires", "2w")
    assert made["link"].startswith("https://gate.example/connect/")
    listed = read("invites", "list")["invites"]
    assert [(each["id"], each["provider"], each["used"]) for each in listed] == [(made["id"], "lti", None)]
    assert made["link"] not in json.dumps(listed)


def test_invite_says_what_to_do_with_the_link(run: Run, org: str) -> None:
    told = run("integrations", "invite", "--org", org)
    assert told.startswith("https://gate.example/connect/")
    assert "Send this link" in told


@pytest.mark.parametrize("span", ["", "14", "d", "1y", "14 days", "-1d"])
def test_a_span_of_another_form_is_refused(run: Run, org: str, span: str) -> None:
    assert "write a number and m, h, d or w" in run("integrations", "invite", "--org", org, "--expires", span, code=2)


def test_revoke_makes_a_link_worthless(read: Read, org: str) -> None:
    made = read("integrations", "invite", "--org", org)
    read("invites", "revoke", made["id"])
    assert read("invites", "list")["invites"][0]["revoked"]


def test_revoke_of_nothing_says_so(run: Run) -> None:
    with pytest.raises(Misconfigured, match="There is no invite"):
        run("invites", "revoke", "nobody")


def test_nothing_waits_at_first(run: Run, read: Read) -> None:
    assert run("approvals", "list") == "Nothing waits.\n"
    assert read("approvals", "list") == {"approvals": []}
