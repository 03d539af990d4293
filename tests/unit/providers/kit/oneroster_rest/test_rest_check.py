"""Checking a provider says which setting to change."""

from __future__ import annotations

from typing import Any

import pytest

from providers.kit.oneroster.rest import Bearer
from providers.kit.oneroster.rest.root import candidates
from tests.support.rostering import RosterWorld


def test_a_provider_that_is_well_has_no_advice(world: RosterWorld) -> None:
    assert world.check() == {}


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"client_secret": "wrong"}, "client_secret"),
        ({"url": "/nowhere"}, "token_url"),
        ({"scope": "other"}, "scope"),
    ],
)
def test_wrong_credentials_name_their_setting(world: RosterWorld, changes: dict[str, str], setting: str) -> None:
    world.switch(scope="roster.readonly")
    changes = {name: f"{world.base}{value}" if name == "url" else value for name, value in changes.items()}
    world.auth = lambda: world.oauth2(**{"scope": "roster.readonly", **changes})
    assert setting in world.check()["address and credentials"]


def test_the_wrong_kind_of_credentials_names_auth(world: RosterWorld) -> None:
    world.auth = lambda: Bearer("x")
    assert "auth" in world.check()["address and credentials"]


@pytest.mark.parametrize(
    "base", ["{base}/elsewhere/v1p2", "http://127.0.0.1:1/v1p2", "ftp://x/v1p1", "http://school.example"]
)
def test_a_wrong_address_names_base_url(world: RosterWorld, base: str) -> None:
    assert "base_url" in world.check(base_url=base.format(base=world.base))["address and credentials"]


def test_what_is_withheld_or_missing_is_told_for_each_kind(world: RosterWorld) -> None:
    nested = "schools/*/classes/*/enrollments"
    world.switch(forbidden=frozenset({"enrollments", nested, "courses"}), missing={"users": 404})
    found = world.check()
    assert set(found) == {"enrollments", "users"}
    assert "scope" in found["enrollments"]
    assert "user_endpoints" in found["users"]


def test_an_empty_collection_is_told(world: RosterWorld) -> None:
    world.provider.roster["classes"].clear()
    assert "share its schools" in world.check()["classes"]


@pytest.mark.parametrize(
    ("base", "version", "first"),
    [
        ("https://x", "auto", "https://x/ims/oneroster/rostering/v1p2"),
        ("https://x/", "1.1", "https://x/ims/oneroster/v1p1"),
        ("https://x/campus/api?app=a", "1.2", "https://x/campus/api/ims/oneroster/rostering/v1p2?app=a"),
        ("https://x/learningdata/v1", "1.2", "https://x/learningdata/v1"),
        ("https://x/%2Fid%3D/ims/oneroster/v1p1/", "auto", "https://x/%2Fid%3D/ims/oneroster/v1p1/"),
    ],
)
def test_the_address_is_completed_only_where_it_names_no_version(
    world: RosterWorld, base: str, version: Any, first: str
) -> None:
    from dataclasses import replace

    assert candidates(replace(world.source, base_url=base, version=version))[0] == first


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_version_is_found_by_asking(world: RosterWorld, version: str) -> None:
    world.switch(version=version)
    assert "enrollments" in world.read(base_url=world.base).complete
