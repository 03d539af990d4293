"""Invites, what was asked through them, and unknown deployments are forgotten when their days are over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.housekeeper import keep_house
from gateway.store.tables import api_answers, approvals, deployments, invites, operator_sessions, operator_sign_ins
from tests.support.calling import Calling
from tests.support.connecting import inviting
from tests.support.consoling import Consoling
from tests.support.databases import KINDS
from tests.support.launching import LMS
from tests.unit.connecting.test_connections import launch, put_up_platform


@pytest.fixture(params=KINDS)
def console(request: pytest.FixtureRequest) -> Iterator[Consoling]:
    kind = "sqlite_url" if request.param == "sqlite" else "emptied_postgresql_url"
    with inviting(request.getfixturevalue(kind)) as school:
        yield Consoling(school)


def _keep(console: Consoling) -> list[int]:
    keep_house(console.school.world.gate)
    return [console.school.world.count(table) for table in (invites, approvals)]


def test_an_invite_stays_for_its_days_after_its_end_and_goes_with_what_waits(console: Consoling) -> None:
    console.ask()
    console.school.world.clock.move(days=90)
    assert _keep(console) == [1, 1]
    console.school.world.clock.move(days=2)
    assert _keep(console) == [0, 0]


def test_what_an_invite_led_to_stays(console: Consoling) -> None:
    console.ask(key_set_url=f"{LMS}/jwks")
    console.school.world.clock.move(days=200)
    assert _keep(console) == [0, 0]
    assert console.school.homes() == [(console.school.org_id, "active")]


def test_an_unknown_deployment_that_nobody_decided_on_goes_and_an_accepted_one_stays(console: Consoling) -> None:
    platform = put_up_platform(console.school)
    console.ask(
        **{name: platform.settings()[name] for name in ("issuer", "client_id", "auth_login_url", "key_set_url")}
    )
    launch(console.school.world, platform)
    launch(console.school.world, platform, "second")
    console.school.world.clock.move(days=91)
    _keep(console)
    assert [row["deployment_id"] for row in console.school.world.rows(deployments)] == ["first"]


def test_answers_links_and_sessions_go_a_day_after_their_end(console: Consoling) -> None:
    calling = Calling(console.school)
    calling.call("POST", "/invites", calling.key(), {"orgSourcedId": console.school.org_id}, Idempotency_Key="1")
    console.enter()
    console.school.world.clock.move(hours=49)
    _keep(console)
    tables = (api_answers, operator_sign_ins, operator_sessions)
    assert [console.school.world.count(table) for table in tables] == [0, 0, 0]
