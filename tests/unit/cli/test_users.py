"""`schoolgate users`: administrators are made from the command line alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.store.native.accounts import add_account, add_person
from providers.contract import Misconfigured
from tests.support.databases import opened
from tests.support.key_stores import Clock


def test_somebody_is_promoted_and_demoted(
    run: Callable[..., str], read: Callable[..., Any], command_folder: Path
) -> None:
    district = read("orgs", "add", "Elm District", "--type", "district")["id"]
    at = Clock()()
    with opened(f"sqlite:///{command_folder / 'gate.db'}") as store, store.transaction() as connection:
        user = add_person(connection, tenant_id=district, org_id=district, role="teacher", profile={}, at=at)
        more: dict[str, Any] = {"password_hash": "", "must_change": False, "at": at}
        add_account(connection, tenant_id=district, user_id=user, username="Ann", username_key="ann", **more)
    to = ("--to", "districtAdministrator", "--org", district)
    assert read("users", "promote", "ann", *to)["user"] == user
    assert "Ann is districtAdministrator no more." in run("users", "demote", "ann", *to)
    assert read("users", "close", "Ann")["state"] == "closed"
    assert "The account Ann is open." in run("users", "reopen", "ann")
    for nobody in (("promote", "bob", *to), ("close", "bob")):
        with pytest.raises(Misconfigured, match=r"account\.unknown"):
            run("users", *nobody)
