"""The wall stands where an org, or one above it, has an active integration; nowhere else, and no longer than that."""

from __future__ import annotations

import pytest

from gateway.store.tables import accounts, integrations, users
from providers.contract import Refused
from tests.support.natives import NativeWorld


@pytest.mark.parametrize("above", [False, True], ids=["at the school", "at its district"])
def test_nobody_is_added_where_a_provider_rosters(native: NativeWorld, above: bool) -> None:
    native.add()
    native.world.join(org_id=(native.district if above else native.school).sourced_id)
    with pytest.raises(Refused, match=r"native\.integrated") as refused:
        native.add("bob")
    assert "Its people and classes come from there by themselves" in refused.value.sentence
    assert native.world.count(accounts) == native.world.count(users) == 1


def test_the_wall_goes_with_the_integration(quick: NativeWorld) -> None:
    quick.world.join(org_id=quick.school.sourced_id)
    quick.world.change(integrations, status="disabled")
    assert quick.native.wall.native_allowed(quick.school.tenant_id, quick.school.sourced_id)
    quick.add()


def test_an_integration_elsewhere_is_no_wall(quick: NativeWorld) -> None:
    sibling = quick.add_school("Oak School", parent=quick.district)
    quick.world.join(org_id=sibling.sourced_id)
    assert quick.native.wall.native_allowed(quick.school.tenant_id, quick.school.sourced_id)
    assert not quick.native.wall.native_allowed(sibling.tenant_id, sibling.sourced_id)
    quick.add()


def test_another_tenants_org_is_looked_at_by_nobody(quick: NativeWorld) -> None:  # J1
    far = quick.add_school("Far School")
    quick.world.join(org_id=far.sourced_id)
    assert quick.native.wall.rostering(quick.school.tenant_id, far.sourced_id) is None
