"""`schoolgate orders`: kept, shown, made anew and ended from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from providers.contract import Misconfigured


def test_an_order_from_its_first_day_to_its_last(run: Callable[..., str], read: Callable[..., Any], org: str) -> None:
    more = ("--entitlement", "maths", "--seats", "3", "--reference", "A-1")
    made = read("orders", "add", "office@elm.example", "--org", org, *more)
    assert (made["state"], made["entitlements"], made["seats"]) == ("open", ["maths"], 3)
    assert made["access_code"] not in run("orders", "show", made["id"])
    assert read("orders", "resend", made["id"])["access_code"] is None
    assert read("orders", "reissue", made["id"], "--no-mail")["access_code"] != made["access_code"]
    assert len(read("orders", "show", made["id"])["codes"]) == 3
    assert "A-1" in run("orders", "list", "--org", org)
    run("orders", "revoke", made["id"])
    assert read("orders", "list")["orders"][0]["state"] == "revoked"


def test_a_new_customer_is_made_with_its_first_order(run: Callable[..., str], read: Callable[..., Any]) -> None:
    told = run("orders", "add", "office@elm.example", "--customer", "4711", "--name", "Oak School", "--no-mail")
    assert "This is the access code. It is not shown again." in told
    assert [each["name"] for each in read("orgs", "list")["orgs"]] == ["Oak School"]


def test_an_order_names_its_org_in_one_way(run: Callable[..., str]) -> None:
    with pytest.raises(Misconfigured, match=r"order\.org_missing"):
        run("orders", "add", "office@elm.example")
