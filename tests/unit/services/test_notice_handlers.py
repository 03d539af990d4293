"""Having an LMS on a real socket send us its notices: once, again after a fault, anew when an address changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.services.integrations import Finding
from gateway.store.tables import deployments, integrations, jobs, notices
from providers.kit.lti import claims as names
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, ROBOTICS
from tests.support.classes import Classroom, classroom
from tests.support.launching import GATE
from tests.support.noticing import address_of, history

PLACE = "notice_handlers"


def _open(address: str) -> Iterator[Classroom]:
    with classroom(address) as running:
        running.platform.switch(notices=True, names_roles=False)
        yield running


@pytest.fixture
def room(database_url: str) -> Iterator[Classroom]:
    """A school whose LMS offers notices."""
    yield from _open(database_url)


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Classroom]:
    yield from _open(sqlite_url)


def _work(room: Classroom, **later: float) -> int:
    room.world.clock.move(**(later or {"seconds": 31}))
    return room.work()


def _row(room: Classroom) -> dict[str, Any]:
    return next(row for row in room.world.rows(deployments) if row["notices_asked"])


def _found(room: Classroom) -> list[Finding]:
    (row,) = [row for row in room.world.rows(integrations) if row["id"] == _row(room)["integration_id"]]
    return [each for each in room.world.gate.integrations.check(row["id"]) if each.check.startswith("notices")]


def test_a_launch_has_a_job_register_our_address_and_notices_then_come(room: Classroom) -> None:
    room.launch()
    assert (room.queued(), room.platform.requests[PLACE]) == (["notices.register"], 0)
    assert [each.ok for each in _found(room)] == [False]
    assert _work(room) == 1
    handler = room.platform.notices.handlers[names.CONTEXT_COPY_NOTICE]
    assert handler == (GATE + address_of(room.world, room.platform), 50)
    assert [each.ok for each in _found(room)] == [True]
    (delivery,) = room.platform.notices.deliveries([room.platform.notices.copied(ALGEBRA, ROBOTICS)])
    answer = room.world.browser().post(delivery.url, json=delivery.body)
    assert answer.get_json()["notices"][0]["outcome"] == "accepted"
    _work(room)
    copy = room.world.launch("tia", 102, platform=room.platform)
    assert history(room.world, copy) == room.class_id
    assert room.world.count(notices) == 1


def test_it_is_asked_for_once_for_a_deployment(room: Classroom) -> None:
    for person in ("tia", "sam", "sam"):
        room.launch(person)
    assert len(room.world.rows(jobs)) == 1
    _work(room)
    room.world.clock.move(days=40)
    room.launch()
    assert (room.queued(), room.platform.requests[PLACE]) == ([], 1)


def test_a_new_address_of_ours_is_registered_anew(quick: Classroom) -> None:
    quick.launch()
    _work(quick)
    gate = quick.world.gate
    moved = replace(gate.notice_handlers, public_url="http://localhost:8000/moved")
    quick.world.gate = replace(gate, notice_handlers=moved)
    launches = replace(gate.launches, entry=replace(gate.launches.entry, notice_handlers=moved))
    quick.world.gate = replace(quick.world.gate, launches=launches)
    del quick.world.app  # made of the old ones
    quick.launch("sam")
    _work(quick)
    assert "/moved/lti/notices/" in quick.platform.notices.handlers[names.CONTEXT_COPY_NOTICE].url
    assert _row(quick)["notices_fault"] is None


def test_a_new_address_of_the_service_is_asked_anew(quick: Classroom) -> None:
    quick.launch()
    _work(quick)
    before = _row(quick)["notices_asked"]
    claim = quick.platform.notices.claims()[names.NOTICES] | {
        "platform_notification_service_url": "https://x.example/n"
    }
    quick.launch(put={names.NOTICES: claim})
    assert _row(quick)["notices_asked"] == before.replace(quick.platform.notices.url, "https://x.example/n")
    assert quick.queued() == ["notices.register"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(403), "notices.refused"),
        (Fault(404), "notices.refused"),
        (Fault(400), "notices.handler_refused"),
        (Fault(200, text="[]"), "notices.handler_unreadable"),
        (Fault(200, text='{"notice_type": "LtiContextCopyNotice", "handler": ""}'), "notices.handler_unreadable"),
        (Fault(200, text="<html>"), "http.not_json"),
    ],
)
def test_a_refusal_is_shown_and_asked_about_again_a_day_later(quick: Classroom, fault: Fault, code: str) -> None:
    quick.platform.services.faults.plan(PLACE, [fault])
    quick.launch()
    _work(quick)
    assert (_row(quick)["notices_fault"], quick.queued()) == (code, [])
    (finding,) = _found(quick)
    assert (finding.ok, code in finding.advice) == (False, True)
    quick.launch()
    assert quick.queued() == []
    quick.world.clock.move(days=1)
    quick.launch()
    _work(quick)
    assert (_row(quick)["notices_fault"], [each.ok for each in _found(quick)]) == (None, [True])


def test_a_scope_that_was_not_granted_is_named(quick: Classroom) -> None:
    quick.platform.switch(access_scopes=("something",))
    quick.launch()
    _work(quick)
    assert _row(quick)["notices_fault"] == "token.scope_refused"


def test_an_lms_that_is_down_is_asked_again_with_growing_pauses(quick: Classroom) -> None:
    quick.platform.services.faults.plan(PLACE, [Fault(503), Fault(503, retry_after="600")])
    quick.launch()
    _work(quick)
    assert _row(quick)["notices_fault"] == "notices.unavailable"
    _work(quick)
    (job,) = quick.world.rows(jobs)
    assert job["due_at"] - quick.world.clock() == timedelta(seconds=600)
    assert _work(quick, seconds=600) == 1
    assert (_row(quick)["notices_fault"], quick.queued()) == (None, [])


@pytest.mark.parametrize(
    "claim",
    [
        None,
        "nonsense",
        {"notice_types_supported": ["LtiContextCopyNotice"]},
        {
            "platform_notification_service_url": "https://a b.example",
            "notice_types_supported": ["LtiContextCopyNotice"],
        },
        {"platform_notification_service_url": "https://x.example", "notice_types_supported": ["LtiHelloWorldNotice"]},
        {"platform_notification_service_url": "https://x.example", "notice_types_supported": "LtiContextCopyNotice"},
    ],
)
def test_a_service_that_tells_no_copies_is_left_alone(quick: Classroom, claim: Any) -> None:
    quick.launch(put={names.NOTICES: claim})
    assert quick.queued() == []


@pytest.mark.parametrize(("table", "status"), [(integrations, "disabled"), (deployments, "disabled")])
def test_what_is_switched_off_meanwhile_is_not_registered(quick: Classroom, table: Any, status: str) -> None:
    quick.launch()
    quick.world.change(table, status=status)
    _work(quick)
    assert quick.platform.requests[PLACE] == 0


def test_it_can_be_switched_off(sqlite_url: str) -> None:
    with classroom(sqlite_url, lti_notices="off") as room:
        room.platform.switch(notices=True, names_roles=False)
        room.launch()
        assert room.queued() == []


def test_a_launch_goes_on_when_nobody_can_be_asked(quick: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.services.notice_handlers.ask_handler", lambda *_args, **_named: 1 / 0)
    quick.launch()
    assert quick.queued() == []
