"""`schoolgate integrations` and `deployments`, as an operator types them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.integrations import _setting
from gateway.store.registrations import note_pending
from providers.contract import Misconfigured
from tests.support.databases import opened

Call = Callable[..., Any]
SETTINGS = (
    "issuer=https://lms.example",
    "client_id=client-1",
    "auth_login_url=https://lms.example/auth",
    "key_set_url=https://lms.example/keys",
)


@pytest.fixture
def added(read: Call, org: str) -> dict[str, Any]:
    """An integration with one deployment."""
    document = read("integrations", "add", "lti", "--org", org, "--set", *SETTINGS, "deployment_ids=d-1")
    assert isinstance(document, dict)
    return document


def _wait(folder: Path, added: dict[str, Any]) -> None:
    with opened(f"sqlite:///{folder / 'gate.db'}") as store:
        note_pending(
            store,
            registration_id=added["registration"],
            deployment_id="d-2",
            evidence={"name": "Hill School"},
            at=datetime(2026, 1, 5, tzinfo=UTC),
            most=9,
        )


def test_add_says_what_to_enter_in_the_lms(added: dict[str, Any], org: str) -> None:
    assert (added["provider"], added["org"], added["org_name"]) == ("lti", org, "Northfield")
    assert (added["status"], added["deployments"]) == ("active", ["d-1 (active)"])
    assert added["lms_settings"]["login_url"] == "https://gate.example/lti/login"
    assert added["lms_settings"]["login_url_of_this_registration"].endswith(added["registration"])


def test_add_says_it_in_lines_without_the_settings(run: Call, org: str) -> None:
    text = run("integrations", "add", "lti", "--org", org, *[part for one in SETTINGS for part in ("--set", one)])
    assert "Enter these in the LMS:\nlogin_url: https://gate.example/lti/login\n" in text
    assert "settings:" not in text


def test_add_with_a_wrong_setting_adds_nothing(run: Call, read: Call, org: str) -> None:
    with pytest.raises(Misconfigured, match="auth_login_url"):
        run("integrations", "add", "lti", "--org", org, "--set", "issuer=https://lms.example")
    assert read("integrations", "list") == {"integrations": []}


def test_list_and_show_tell_of_it(run: Call, read: Call, added: dict[str, Any]) -> None:
    own = {name: value for name, value in added.items() if name != "lms_settings"}
    assert read("integrations", "list") == {"integrations": [own]}
    assert read("integrations", "show", added["id"]) == own
    assert "d-1 (active)" in run("integrations", "list")
    assert "org_name: Northfield" in run("integrations", "show", added["id"])


def test_secret_settings_stay_hidden(read: Call, added: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class _Secret:
        name, secret = "client_id", True

    monkeypatch.setattr(import_module("gateway.cli.integrations"), "declared", lambda _settings: [_Secret])
    assert read("integrations", "show", added["id"])["settings"]["client_id"] == "(hidden)"


def test_disable_and_enable_switch_it(run: Call, read: Call, added: dict[str, Any]) -> None:
    assert run("integrations", "disable", added["id"]) == f"{added['id']} is disabled.\n"
    assert read("integrations", "show", added["id"])["status"] == "disabled"
    assert read("integrations", "enable", added["id"]) == {"id": added["id"], "status": "active"}


def test_check_exits_with_1_and_advice_when_something_is_wrong(run: Call, read: Call, added: dict[str, Any]) -> None:
    run("integrations", "disable", added["id"])
    document = read("integrations", "check", added["id"], code=1)
    advice = {each["check"]: each["advice"] for each in document["checks"]}
    assert not document["ok"]
    assert f"schoolgate integrations enable {added['id']}" in advice["switched on"]
    assert advice["deployment"] == ""
    assert "NOT OK" in run("integrations", "check", added["id"], code=1)


def test_check_exits_with_0_when_all_is_well(run: Call, added: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keys.remote.RemoteKeySets.refresh", lambda _self, _url: ("kid",))
    assert "NOT OK" not in run("integrations", "check", added["id"])


def test_a_roster_is_added_without_a_word_about_an_lms_and_checked(run: Call, read: Call, org: str) -> None:
    values = ("base_url=https://127.0.0.1/v1p2", "auth=bearer", "client_secret=hush")
    added = read("integrations", "add", "oneroster", "--org", org, "--set", *values)
    assert "lms_settings" not in added
    assert added["settings"]["client_secret"] == "(hidden)"
    document = read("integrations", "check", added["id"], code=1)
    advice = {each["check"]: each["advice"] for each in document["checks"]}
    assert "use https and a public name" in advice["roster: address and credentials"]


def test_a_roster_with_a_setting_missing_says_which(run: Call, read: Call, org: str) -> None:
    values = ("base_url=https://sis.example", "client_secret=hush")
    text = run("integrations", "add", "oneroster", "--org", org, "--set", *values)
    assert "LMS" not in text
    found = read("integrations", "check", text.split()[1], code=1)
    assert found["checks"][-1]["advice"] == "client_id is missing: oauth2 needs it."


@pytest.mark.parametrize("command", ["show", "check", "disable", "enable"])
def test_an_unknown_integration_is_named(run: Call, command: str) -> None:
    with pytest.raises(Misconfigured, match="There is no integration 'nobody'"):
        run("integrations", command, "nobody")


def test_a_setting_may_come_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("LMS_SECRET", "from the environment")
    assert _setting(f"key=@{tmp_path / 'secret'}") == ("key", "from the file")
    assert _setting("key=env:LMS_SECRET") == ("key", "from the environment")
    assert _setting("key=a=b") == ("key", "a=b")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("key", "not of the form"), ("key=@/not/there", "can't be read"), ("key=env:NOT_THERE", "has no NOT_THERE")],
)
def test_a_setting_that_can_not_be_read_is_named(text: str, sentence: str) -> None:
    with pytest.raises(Misconfigured, match=sentence):
        _setting(text)


def test_a_waiting_deployment_is_listed_with_its_evidence(
    run: Call, read: Call, added: dict[str, Any], command_folder: Path
) -> None:
    _wait(command_folder, added)
    (waiting,) = read("deployments", "list", "--status", "pending")["deployments"]
    assert (waiting["deployment_id"], waiting["evidence"]) == ("d-2", {"name": "Hill School"})
    assert "Hill School" in run("deployments", "list")


def test_a_waiting_deployment_is_accepted_and_disabled(
    run: Call, read: Call, added: dict[str, Any], command_folder: Path
) -> None:
    _wait(command_folder, added)
    (waiting,) = read("deployments", "list", "--status", "pending")["deployments"]
    accepted = read("deployments", "accept", waiting["id"])
    assert (accepted["status"], accepted["integration"]) == ("active", added["id"])
    assert "status: disabled" in run("deployments", "disable", waiting["id"])
    assert "status: active" in run("deployments", "accept", waiting["id"], "--org", added["org"])
    assert read("deployments", "disable", waiting["id"])["status"] == "disabled"


def test_change_sets_what_is_named_and_says_what_comes_next(run: Call, read: Call, added: dict[str, Any]) -> None:
    text = run("integrations", "change", added["id"], "--set", "legacy_consumer_key=key", "legacy_shared_secret=hidden")
    assert text.startswith("Changed: legacy_consumer_key, legacy_shared_secret. Now see schoolgate integrations check")
    assert read("integrations", "show", added["id"])["settings"]["legacy_shared_secret"] == "(hidden)"
    assert run("integrations", "change", added["id"], "--set", "legacy_consumer_key=key") == "Nothing new.\n"
