"""What every room with course groups must do; runs on each one's own simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import providers
from providers.contract import ClassGroups, Failure, Members
from providers.kit.lti import claims as names
from providers.kit.lti.registration import GROUP_SCOPE
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.conformance.service_room import ServiceRoom, service_room


@pytest.fixture(scope="module", params=sorted(key for key, room in providers.rooms().items() if room.groups))
def room(request: pytest.FixtureRequest) -> Iterator[ServiceRoom]:
    with service_room(providers.room(request.param)) as running:
        running.platform.switch(groups=True)
        yield running


def _read(room: ServiceRoom) -> ClassGroups:
    assert room.plate.groups is not None
    claim = room.platform.launch_claims("tia")[names.GROUPS]
    return room.plate.groups.read_groups(
        room.context, room.service, claim["context_groups_url"], claim["context_group_sets_url"]
    )


def test_the_scope_is_asked_for_when_it_registers(room: ServiceRoom) -> None:
    assert room.plate.registration is not None
    assert GROUP_SCOPE in room.plate.registration.wants.scopes


def test_groups_and_sets_are_read_page_by_page(room: ServiceRoom) -> None:
    room.platform.switch(groups_page=1)
    found = _read(room)
    room.platform.switch(groups_page=50)
    assert [(group.id, group.name, group.set_id) for group in found.groups] == [
        ("group-1", "Red", "set-1"),
        ("group-2", "Blue", None),
    ]
    assert [(one.id, one.name) for one in found.sets] == [("set-1", "Project")]


def test_members_say_which_groups_they_are_in_when_asked(room: ServiceRoom) -> None:
    assert room.plate.members is not None
    room.platform.services.classes.only(ALGEBRA, [PEOPLE["sam"], PEOPLE["tia"]])
    for groups, told in ((True, [("group-1",), ()]), (False, [None, None])):
        pages = room.plate.members.read_class(room.context, room.service, room.lms.members_url, groups=groups)
        found = [member.group_ids for page in pages if isinstance(page, Members) for member in page.members]
        assert found == told


@pytest.mark.parametrize("place", ["groups", "group_sets"])
@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500])
def test_a_page_that_fails_fails_the_reading(room: ServiceRoom, place: str, status: int) -> None:  # F1
    room.platform.services.faults.plan(place, [Fault(status)] * 2)
    with pytest.raises(Failure):
        _read(room)
    room.platform.services.faults.up(place)
