"""Rooms are found by looking, and a plate names the capabilities it has."""

from __future__ import annotations

import pytest

import providers
from providers.contract import Misconfigured, Provider


def test_rooms_are_found_under_their_keys() -> None:
    assert {"lti", "canvas"} <= set(providers.rooms())
    assert all(plate.key == key for key, plate in providers.rooms().items())


def test_parts_of_the_house_are_no_rooms() -> None:
    assert not {"contract", "kit"} & set(providers.rooms())


def test_unknown_room_is_named_with_those_there_are() -> None:
    with pytest.raises(Misconfigured, match="canvas") as refused:
        providers.room("abacus")
    assert refused.value.code == "provider.unknown"


def test_capabilities_are_those_that_are_not_none() -> None:
    bare = Provider("x", "X", dict, "Somebody", "experimental")
    assert bare.capabilities == ()
    assert providers.room("lti").capabilities == ("launch", "members", "groups", "grades", "notices", "registration")
