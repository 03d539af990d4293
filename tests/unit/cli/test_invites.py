"""`schoolgate integrations invite`, `invites` and `approvals`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.services.connecting.connections import Origin
from gateway.services.joining import prepare
from gateway.settings import load_settings
from gateway.wiring import open_gate
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


def _asked(command_folder: Path, org: str, *, elsewhere: str) -> str:
    """Let an invited administrator fill in values that an operator must look at; return the id of what waits."""
    values = {
        "issuer": "https://lms.example",
        "client_id": elsewhere,
        "auth_login_url": "https://lms.example/auth",
        "key_set_url": f"https://{elsewhere}/keys",
    }
    gate = open_gate(load_settings(os.environ))
    try:
        links = gate.desk.links
        made = links.invite(org_id=org, provider=None, expires_in=timedelta(days=1), actor="test")
        prepared = prepare(gate.rooms, "lti", values)
        return str(gate.desk.connections.connect(made.invite, prepared, Origin("manual")).approval_id)
    finally:
        gate.close()


def test_what_waits_is_listed_with_its_evidence_and_approved_in_one_step(
    read: Read, run: Run, org: str, command_folder: Path
) -> None:
    waiting = _asked(command_folder, org, elsewhere="keys.example")
    told = run("approvals", "list")
    assert "! The key set address is at keys.example, not at lms.example." in told
    assert "issuer: https://lms.example" in told
    assert [each["id"] for each in read("approvals", "list")["approvals"]] == [waiting]
    assert run("approvals", "approve", waiting).startswith("Approved. Integration ")
    assert [each["status"] for each in read("integrations", "list")["integrations"]] == ["active"]


def test_what_is_rejected_makes_nothing(read: Read, run: Run, org: str, command_folder: Path) -> None:
    assert run("approvals", "reject", _asked(command_folder, org, elsewhere="keys.example")) == "Rejected.\n"
    assert read("integrations", "list") == {"integrations": []}
    assert run("approvals", "list") == "Nothing waits.\n"
