"""What every room with class members must do; runs on each one's own simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import providers
from providers.contract import Failure, Member, Members, MembersFinished
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.conformance.service_room import ServiceRoom, service_room
from tests.support.lti_services import many_people


@pytest.fixture(scope="module", params=sorted(key for key, room in providers.rooms().items() if room.members))
def room(request: pytest.FixtureRequest) -> Iterator[ServiceRoom]:
    with service_room(providers.room(request.param)) as running:
        yield running


def _read(room: ServiceRoom, resource_link_id: str | None = None) -> list[Member]:
    assert room.plate.members is not None
    reading = room.plate.members.read_class(
        room.context, room.service, room.lms.members_url, resource_link_id=resource_link_id
    )
    *pages, end = reading
    assert isinstance(end, MembersFinished)
    assert end.mode == "full"
    return [member for page in pages if isinstance(page, Members) for member in page.members]


def _link(room: ServiceRoom) -> str:
    return str(room.platform.resource_link(ALGEBRA)["id"])


def test_members_have_the_subjects_of_their_launches(room: ServiceRoom) -> None:
    room.platform.services.classes.only(ALGEBRA, [PEOPLE["sam"], PEOPLE["tia"]])
    launched = {room.platform.launch_claims(name)["sub"] for name in ("sam", "tia")}
    assert {member.subject for member in _read(room)} == launched


def test_members_have_the_roles_and_the_school_id_of_their_launches(room: ServiceRoom) -> None:
    room.platform.services.classes.only(ALGEBRA, [PEOPLE["tia"]])
    (tia,) = _read(room, _link(room))
    assert [str(role) for role in tia.roles.enrollment] == ["teacher"]
    assert tia.person.sourced_id in {None, "NF-2012"}


def test_people_who_share_nothing_are_members_too(room: ServiceRoom) -> None:
    room.platform.services.classes.only(ALGEBRA, [PEOPLE["pat"]])
    (pat,) = _read(room, _link(room))
    assert (pat.person.name, pat.person.email) == (None, None)


def test_the_students_preview_is_marked(room: ServiceRoom) -> None:
    room.platform.services.classes.only(ALGEBRA, [PEOPLE["preview"]])
    assert [member.roles.is_test_user for member in _read(room)] == [True]


def test_every_page_is_read(room: ServiceRoom) -> None:
    room.platform.services.classes.only(ALGEBRA, many_people(230))
    room.platform.requests.clear()
    assert len({member.subject for member in _read(room)}) == 230
    assert room.platform.requests["members"] > 1


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500])
def test_a_later_page_that_fails_ends_no_reading(room: ServiceRoom, status: int) -> None:  # F1
    room.platform.services.classes.only(ALGEBRA, many_people(230))
    room.platform.services.faults.plan("members", [None, *[Fault(status)] * 9])
    with pytest.raises(Failure):
        _read(room)
    room.platform.services.faults.up("members")
