"""What every room with notices must do; runs on each one's own simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import providers
from providers.contract import Failure, Misconfigured, Refused, Unavailable
from providers.kit.lti import claims as names
from providers.kit.lti.registration import NOTICE_SCOPE
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, ROBOTICS
from tests.conformance.service_room import ServiceRoom, service_room

COPY = names.CONTEXT_COPY_NOTICE


@pytest.fixture(scope="module", params=sorted(key for key, room in providers.rooms().items() if room.notices))
def room(request: pytest.FixtureRequest) -> Iterator[ServiceRoom]:
    with service_room(providers.room(request.param)) as running:
        running.platform.switch(notices=True)
        yield running


def _register(room: ServiceRoom, handler: str = "") -> None:
    assert room.plate.notices is not None
    claim = room.platform.launch_claims("tia")[names.NOTICES]
    url = claim["platform_notification_service_url"]
    handler = handler or _handler(room)
    room.plate.notices.register(room.context, room.service, url, notice_type=COPY, handler=handler, most=2)


def _handler(room: ServiceRoom, path: str = "/lti/notices/1") -> str:
    return room.platform.config.tool_login_url.removesuffix("/no") + path


def test_the_scope_is_asked_for_when_it_registers(room: ServiceRoom) -> None:
    assert room.plate.registration is not None
    assert NOTICE_SCOPE in room.plate.registration.wants.scopes


def test_a_handler_is_registered_and_notices_go_there_in_small_batches(room: ServiceRoom) -> None:
    _register(room)
    told = [room.platform.notices.copied(ALGEBRA, ROBOTICS) for _ in range(3)]
    sent = room.platform.notices.deliveries(told)
    assert [(each.url, len(each.body["notices"])) for each in sent] == [(_handler(room), 2), (_handler(room), 1)]


def test_another_handler_takes_the_place_of_the_first(room: ServiceRoom) -> None:
    _register(room)
    _register(room, _handler(room, "/lti/notices/2"))
    assert room.platform.notices.handlers[COPY].url.endswith("/2")


def test_a_launch_says_where_the_service_is(room: ServiceRoom) -> None:
    claim = room.platform.launch_claims("tia", None)[names.NOTICES]
    assert COPY in claim["notice_types_supported"]


def test_a_type_that_the_platform_does_not_know_is_a_matter_for_a_person(room: ServiceRoom) -> None:
    room.platform.switch(notice_types=("LtiHelloWorldNotice",))
    with pytest.raises(Misconfigured, match=r"notices\.handler_refused"):
        _register(room)
    room.platform.switch(notice_types=("LtiHelloWorldNotice", COPY))


def test_an_address_on_another_domain_is_not_taken(room: ServiceRoom) -> None:
    with pytest.raises(Misconfigured, match=r"notices\.handler_refused"):
        _register(room, "https://elsewhere.example/lti/notices/1")


@pytest.mark.parametrize(
    ("status", "family"), [(401, Refused), (403, Refused), (404, Refused), (429, Unavailable), (500, Unavailable)]
)
def test_a_refusal_says_what_to_do_next(room: ServiceRoom, status: int, family: type[Failure]) -> None:
    room.platform.services.faults.plan("notice_handlers", [Fault(status)] * 2)
    with pytest.raises(family):
        _register(room)
    room.platform.services.faults.up("notice_handlers")


def test_a_handler_can_be_read_and_taken_away_and_says_hello(room: ServiceRoom) -> None:
    notices = room.platform.notices
    notices.put({"notice_type": "LtiHelloWorldNotice", "handler": _handler(room)})
    assert notices.sent[-1].url == _handler(room)
    listed = {each["notice_type"]: each["handler"] for each in notices.catalogue()["notice_handlers"]}
    assert listed["LtiHelloWorldNotice"] == _handler(room)
    notices.put({"notice_type": "LtiHelloWorldNotice", "handler": ""})
    assert "LtiHelloWorldNotice" not in notices.handlers
