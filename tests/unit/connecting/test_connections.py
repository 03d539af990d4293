"""What an invite leads to: a connection, its first launch, a correction, an approval."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway.services.connecting.connections import Connected, Origin
from gateway.services.connecting.links import Made
from gateway.services.joining import prepare
from gateway.services.room_settings import RoomSettings
from gateway.store.applications import add_application
from gateway.store.registrations import list_deployments
from gateway.store.tables import audit, integrations, registrations
from providers import room, rooms
from providers.contract import Misconfigured
from providers.kit.lti import claims as names
from providers.kit.simulator import SimulatedPlatform
from tests.support.connecting import Inviting
from tests.support.launching import Launching, a_config, platform_key
from tests.support.oidc_world import an_application


def put_up_platform(school: Inviting, **changes: str) -> SimulatedPlatform:
    """Put up a platform that launches, as the one that the invite is about."""
    platform = SimulatedPlatform(a_config(**changes), key=platform_key(0), now=school.world.clock)
    school.world.platforms.append((str(platform.settings()["key_set_url"]), platform))
    if len(school.world.platforms) == 1:
        add_application(school.world.store, an_application(), school.world.clock())
    return platform


def _connect(school: Inviting, made: Made, platform: SimulatedPlatform, **changes: Any) -> Connected:
    values = {**platform.settings(), "deployment_ids": "", **changes}
    prepared = prepare(school.desk.rooms, "lti", values)
    return school.desk.connections.connect(school.now(made), prepared, Origin("manual"))


def launch(world: Launching, platform: SimulatedPlatform, deployment: str = "first") -> str:
    login = world.login(platform=platform, lti_deployment_id=None)
    return world.post(login, world.token(login, platform=platform, put={names.DEPLOYMENT_ID: deployment})).code


def test_the_first_launch_of_an_invited_school_comes_in_by_itself(school: Inviting) -> None:  # A17
    platform = put_up_platform(school)
    _connect(school, school.invite(), platform)
    assert launch(school.world, platform) == "accepted"
    assert [each.deployment_id for each in list_deployments(school.world.store)] == ["first"]
    told = [row for row in school.world.rows(audit) if row["action"] == "deployment.accepted"]
    assert [row["detail"] for row in told] == [{"rule": "first launch"}]


def test_the_second_deployment_waits(school: Inviting) -> None:  # A17
    platform = put_up_platform(school)
    _connect(school, school.invite(), platform)
    launch(school.world, platform)
    assert launch(school.world, platform, "second") == "lti.deployment_pending"


def test_a_deployment_that_was_filled_in_is_the_only_one(school: Inviting) -> None:  # A17
    platform = put_up_platform(school)
    _connect(school, school.invite(), platform, deployment_ids="told")
    assert launch(school.world, platform, "other") == "lti.deployment_pending"
    assert launch(school.world, platform, "told") == "accepted"


def test_after_the_invites_time_a_first_launch_waits(quick: Inviting) -> None:  # A17
    platform = put_up_platform(quick)
    _connect(quick, quick.invite(hours=1), platform)
    quick.world.clock.move(hours=2)
    assert launch(quick.world, platform) == "lti.deployment_pending"


def test_an_operators_own_registration_never_accepts_by_itself(school: Inviting) -> None:  # A17
    platform = put_up_platform(school)
    values = {**platform.settings(), "deployment_ids": ""}
    school.desk.approvals.integrations.add("lti", org_id=school.org_id, values=values, actor="operator")
    school.invite()
    assert launch(school.world, platform) == "lti.deployment_pending"


def test_a_registration_that_schools_share_never_accepts_by_itself(school: Inviting) -> None:  # A17, F8
    platform = put_up_platform(school)
    other = school.world.add_org()
    values = {**platform.settings(), "deployment_ids": "theirs"}
    school.desk.approvals.integrations.add("lti", org_id=other, values=values, actor="operator")
    asked = _connect(school, school.invite(), platform)
    school.desk.approvals.approve(str(asked.approval_id), actor="operator")
    assert len(school.homes()) == 2
    assert launch(school.world, platform, "ours") == "lti.deployment_pending"


def test_what_was_filled_in_wrongly_can_be_put_right(school: Inviting) -> None:
    platform, made = put_up_platform(school), school.invite()
    _connect(school, made, platform, client_id="mistyped", deployment_ids="mistyped")
    school.desk.connections.start_over(school.now(made))
    assert school.homes() == [(school.org_id, "disabled")]
    _connect(school, made, platform)
    assert school.homes() == [(school.org_id, "active")]
    assert school.world.count(registrations) == 1
    assert launch(school.world, platform) == "accepted"


def test_the_same_values_once_more_after_starting_over_switch_it_on_again(school: Inviting) -> None:
    platform, made = put_up_platform(school), school.invite()
    for _ in range(2):
        _connect(school, made, platform)
        school.desk.connections.start_over(school.now(made))
    _connect(school, made, platform)
    assert school.homes() == [(school.org_id, "active")]
    assert launch(school.world, platform) == "accepted"


def test_starting_over_takes_a_request_back(school: Inviting) -> None:
    platform, made = put_up_platform(school), school.invite()
    asked = _connect(school, made, platform, key_set_url="https://elsewhere.example/keys")
    school.desk.connections.start_over(school.now(made))
    assert school.desk.approvals.waiting() == []
    with pytest.raises(Misconfigured) as decided:
        school.desk.approvals.approve(str(asked.approval_id), actor="operator")
    assert decided.value.code == "approval.decided"


def test_an_approved_connection_comes_in(school: Inviting) -> None:
    platform, made = put_up_platform(school), school.invite()
    other = "https://elsewhere.example/keys"
    school.world.platforms.append((other, platform))
    asked = _connect(school, made, platform, key_set_url=other)
    (waiting,) = school.desk.approvals.waiting()
    assert (waiting.kind, waiting.org, waiting.evidence["key_set_url"]) == ("connection", "Northfield", other)
    assert school.desk.approvals.approve(str(asked.approval_id), actor="operator") == school.now(made).integration_id
    assert launch(school.world, platform) == "accepted"


def test_a_pending_deployment_is_on_the_same_list(school: Inviting) -> None:
    platform = put_up_platform(school)
    _connect(school, school.invite(), platform)
    launch(school.world, platform)
    launch(school.world, platform, "second")
    launch(school.world, platform, "third")
    second, third = school.desk.approvals.waiting()
    assert (second.kind, second.evidence["deployment"]) == ("deployment", "second")
    school.desk.approvals.approve(second.id, actor="operator")
    school.desk.approvals.reject(third.id, actor="operator")
    assert school.desk.approvals.waiting() == []
    assert launch(school.world, platform, "second") == "accepted"
    assert launch(school.world, platform, "third") == "lti.deployment_disabled"


def test_nothing_of_that_name_waits(quick: Inviting) -> None:
    for decide in (quick.desk.approvals.approve, quick.desk.approvals.reject):
        with pytest.raises(Misconfigured) as refused:
            decide("nobody", actor="operator")
        assert refused.value.code == "approval.unknown"


def test_a_deployment_of_another_school_is_refused_whole(school: Inviting) -> None:
    platform, made = put_up_platform(school), school.invite()
    _connect(school, made, platform, deployment_ids="told")
    before = school.world.rows(integrations)
    other = school.invite(org_id=school.world.add_org())
    assert _connect(school, other, platform, deployment_ids="told").approval_id
    (waiting,) = school.desk.approvals.waiting()
    with pytest.raises(Misconfigured) as taken:
        school.desk.approvals.approve(waiting.id, actor="operator")
    assert taken.value.code == "deployment.taken"
    assert school.world.rows(integrations) == before
    assert len(school.desk.approvals.waiting()) == 1


def test_a_deployment_typed_in_for_a_client_that_schools_share_waits(quick: Inviting) -> None:  # A17, F8
    plate = next(each for each in rooms().values() if each.registration and each.registration.shared_client)
    values = {"client_id": "one-for-all", "deployment_ids": "perhaps-anothers"}
    with pytest.raises(Misconfigured) as refused:
        _typed(quick, plate.key, values | {"deployment_ids": ""})
    assert refused.value.code == "registration.deployment_needed"
    assert _typed(quick, plate.key, values).approval_id
    assert quick.homes() == []


def _typed(school: Inviting, provider: str, values: dict[str, str]) -> Connected:
    return school.desk.connections.connect(
        school.invite().invite, prepare(school.desk.rooms, provider, values), Origin("manual")
    )


def test_a_system_without_launches_is_connected_once_it_is_set_up(quick: Inviting) -> None:
    desk, made = quick.desk, quick.invite()
    quiet = RoomSettings(lambda key: replace(room(key), launch=None), quick.world.gate.sealer)
    platform = SimulatedPlatform(a_config(), key=platform_key(0))
    prepared = prepare(quiet, "lti", platform.settings())
    desk.connections.connect(made.invite, prepared, Origin("manual"))
    progress = replace(desk.watching, rooms=quiet).progress(quick.now(made))
    assert (progress.state, progress.checks) == ("connected", ())
    assert quick.now(made).connected_at is not None
