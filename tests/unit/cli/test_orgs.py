"""`schoolgate orgs`, as an operator types it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from providers.contract import Misconfigured

Call = Callable[..., Any]


def test_a_school_without_parent_is_a_tenant(read: Call) -> None:
    school = read("orgs", "add", "Hill", "--type", "school")
    assert school["tenant"] == school["id"]
    assert (school["name"], school["type"], school["parent"]) == ("Hill", "school", None)


def test_a_school_below_a_district_is_of_its_tenant(read: Call) -> None:
    district = read("orgs", "add", "Valley", "--type", "district")
    school = read("orgs", "add", "Hill", "--type", "school", "--parent", district["id"])
    assert (school["parent"], school["tenant"]) == (district["id"], district["id"])


def test_list_shows_districts_first(read: Call, run: Call) -> None:
    assert read("orgs", "list") == {"orgs": []}
    assert run("orgs", "list") == "Nothing here yet.\n"
    district = read("orgs", "add", "Valley", "--type", "district")
    run("orgs", "add", "Hill", "--type", "school", "--parent", district["id"])
    assert [each["name"] for each in read("orgs", "list")["orgs"]] == ["Valley", "Hill"]
    assert "Valley" in run("orgs", "list")


def test_suspend_and_resume_turn_a_school_off_and_on(read: Call, org: str) -> None:
    assert read("orgs", "suspend", org)["suspended_at"]
    assert read("orgs", "list")["orgs"][0]["suspended_at"]
    assert read("orgs", "resume", org)["suspended_at"] is None


def test_licence_ends_at_midnight_utc_or_never(read: Call, run: Call, org: str) -> None:
    assert read("orgs", "licence", org, "--ends", "2027-07-01")["licence_ends_at"] == "2027-07-01T00:00:00+00:00"
    assert "licence_ends_at: 2027-07-01 00:00:00" in run("orgs", "licence", org, "--ends", "2027-07-01")
    assert read("orgs", "licence", org)["licence_ends_at"] is None


def test_a_change_is_said_in_lines_too(run: Call, org: str) -> None:
    assert f"id: {org}" in run("orgs", "resume", org)
    assert "name: Second" in run("orgs", "add", "Second", "--type", "district")


@pytest.mark.parametrize("words", [["suspend", "nobody"], ["add", "Hill", "--type", "school", "--parent", "nobody"]])
def test_an_unknown_org_is_named(run: Call, words: list[str]) -> None:
    with pytest.raises(Misconfigured, match="There is no org 'nobody'"):
        run("orgs", *words)
