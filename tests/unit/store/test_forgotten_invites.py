"""Invites, what was asked through them, and unknown deployments are forgotten when their days are over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.housekeeper import keep_house
from gateway.services.connecting.connections import Origin
from gateway.services.joining import prepare
from gateway.store.integrations import set_status
from gateway.store.tables import (
    api_answers,
    approvals,
    audit,
    deployments,
    integrations,
    invites,
    operator_sessions,
    operator_sign_ins,
    registrations,
)
from tests.support.calling import Calling
from tests.support.connecting import inviting
from tests.support.consoling import Consoling
from tests.support.launching import LMS
from tests.unit.connecting.test_connections import launch, put_up_platform


@pytest.fixture
def console(database_url: str) -> Iterator[Consoling]:
    with inviting(database_url) as school:
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


def _take_back(console: Consoling, provider: str = "lti", **values: str) -> str:
    """Connect by a link, start over, and connect otherwise; return the integration that was left behind."""
    school = console.school
    made = school.invite()
    console.ask(made, key_set_url=f"{LMS}/jwks", **values)
    left = str(school.now(made).integration_id)
    school.desk.connections.start_over(school.now(made))
    if provider != "lti":
        prepared = prepare(school.desk.rooms, provider, {"path": "roster"})
        school.desk.connections.connect(school.now(made), prepared, Origin("manual"))
        assert school.now(made).integration_id != left
    return left


def _left(console: Consoling) -> set[str]:
    keep_house(console.school.world.gate)
    return {str(row["id"]) for row in console.school.world.rows(integrations)}


def test_what_was_taken_back_and_replaced_goes_after_the_invites_days(console: Consoling) -> None:
    left = _take_back(console, "oneroster_csv", deployment_ids="d-1")
    bystander = console.school.desk.approvals.integrations.add(
        "oneroster_csv", org_id=console.school.world.add_org(), values={"path": "roster"}, actor="operator"
    ).integration_id
    console.school.desk.approvals.integrations.switch(bystander, "disabled", actor="operator")
    console.school.world.clock.move(days=89)
    assert left in _left(console)
    console.school.world.clock.move(days=2)
    kept = _left(console)
    assert (left in kept, bystander in kept, len(kept)) == (False, True, 2)
    assert [console.school.world.count(table) for table in (registrations, deployments)] == [0, 0]
    (line,) = [row for row in console.school.world.rows(audit) if row["action"] == "integration.forgotten"]
    assert (line["subject"], line["actor"], line["tenant_id"]) == (left, "housekeeper", console.school.org_id)


def test_what_its_link_may_still_correct_goes_with_the_link(console: Consoling) -> None:
    left = _take_back(console)
    console.school.world.clock.move(days=90)
    assert left in _left(console)
    console.school.world.clock.move(days=2)
    assert left not in _left(console)


@pytest.mark.parametrize("use", ["launch", "operator"])
def test_what_was_used_or_switched_by_an_operator_stays(console: Consoling, use: str) -> None:
    school = console.school
    left = _take_back(console, "oneroster_csv", deployment_ids="d-1")
    desk = school.desk.approvals.integrations
    desk.switch(left, "active", actor="operator")
    if use == "launch":
        platform = put_up_platform(school)
        assert launch(school.world, platform, "d-1") == "accepted"
        integration = desk.find(left)
        set_status(school.world.store, integration, "disabled", actor="invite:x", at=school.world.clock())
    else:
        desk.switch(left, "disabled", actor="operator")
    school.world.clock.move(days=91)
    assert left in _left(console)


def test_answers_links_and_sessions_go_a_day_after_their_end(console: Consoling) -> None:
    calling = Calling(console.school)
    calling.call("POST", "/invites", calling.key(), {"orgSourcedId": console.school.org_id}, Idempotency_Key="1")
    console.enter()
    console.school.world.clock.move(hours=49)
    _keep(console)
    tables = (api_answers, operator_sign_ins, operator_sessions)
    assert [console.school.world.count(table) for table in tables] == [0, 0, 0]
