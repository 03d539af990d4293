"""What an operator does with integrations and deployments, and what is refused whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import providers
from gateway.services.integrations import Integrations
from gateway.store.registrations import find_deployment, list_deployments
from gateway.store.rosters.sources import source_of
from gateway.store.tables import audit, deployments, integrations, launches, registrations, roster_sources
from providers.contract import Misconfigured, declared
from providers.kit.lti import claims as names
from providers.kit.simulator import Switches
from tests.support.launching import LMS, Launching, a_config, launching

ROSTERING = next(key for key, room in sorted(providers.rooms().items()) if room.launch and room.roster)
OF_ROSTER = next(
    field for field in declared(providers.room(ROSTERING).settings) if field.secret and "roster" in field.label
)


def _settings(**changes: Any) -> dict[str, Any]:
    own = {
        "issuer": "https://other.example",
        "client_id": "other",
        "auth_login_url": "https://other.example/auth",
        "key_set_url": "https://other.example/keys",
    }
    return {**own, **changes}


def _add(world: Launching, provider: str = "lti", org_id: str = "", **changes: Any) -> str:
    org_id = org_id or world.org_id
    return _service(world).add(provider, org_id=org_id, values=_settings(**changes), actor="test").integration_id


def _service(world: Launching) -> Integrations:
    return world.gate.integrations


def _pending(world: Launching, name: str = "new") -> str:
    login = world.login(lti_deployment_id=None)
    world.post(login, world.token(login, put={names.DEPLOYMENT_ID: name}))
    (row,) = list_deployments(world.store, status="pending")
    return row.id


def _refused(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(Misconfigured) as refused:
        call(*arguments, **options)
    return refused.value.code


def _sizes(world: Launching) -> list[int]:
    return [world.count(table) for table in (integrations, registrations, deployments, audit)]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"key_set_url": "keys"}, "settings.invalid"),
        ({"issuer": ""}, "settings.invalid"),
        ({"colour": "blue"}, "settings.invalid"),
        ({"org_id": "nobody"}, "org.unknown"),
        ({"provider": "nobody"}, "provider.unknown"),
    ],
)
def test_add_writes_nothing_when_something_is_wrong(quick_world: Launching, options: Any, code: str) -> None:
    before = _sizes(quick_world)
    assert _refused(_add, quick_world, **options) == code
    assert _sizes(quick_world) == before


def test_add_writes_nothing_when_the_second_deployment_is_taken(world: Launching) -> None:
    own = _settings(issuer=LMS, client_id="client-1", key_set_url=world.platforms[0][0])
    before = _sizes(world)
    taken = {**own, "deployment_ids": "free,deployment-1"}
    code = _refused(_service(world).add, "lti", org_id=world.add_org(), values=taken, actor="test")
    assert code == "deployment.taken"
    assert _sizes(world)[:3] == before[:3]


def test_add_takes_over_a_deployment_that_waits(world: Launching) -> None:
    row_id = _pending(world)
    world.join(a_config(deployment_id="new"))
    waited = find_deployment(world.store, row_id)
    assert waited is not None
    assert (waited.status, waited.integration_id) == ("active", world.integration_id)


def test_accept_finds_the_only_integration(world: Launching) -> None:
    accepted = _service(world).accept(_pending(world), org_id=None, actor="test")
    assert (accepted.status, accepted.integration_id) == ("active", world.integration_id)
    assert "deployment.accepted" in [row["action"] for row in world.rows(audit)]


def test_accept_asks_for_the_org_when_several_share_the_registration(world: Launching) -> None:
    row_id = _pending(world)
    world.join(a_config(deployment_id="deployment-2"))
    assert _refused(_service(world).accept, row_id, org_id=None, actor="test") == "deployment.org_needed"
    accepted = _service(world).accept(row_id, org_id=world.org_id, actor="test")
    assert accepted.integration_id == world.integration_id


def test_accept_makes_an_integration_for_a_new_org(world: Launching) -> None:
    row_id, org_id = _pending(world), world.add_org()
    accepted = _service(world).accept(row_id, org_id=org_id, actor="test")
    made = _service(world).find(str(accepted.integration_id))
    assert made.id != world.integration_id
    assert (made.org_sourced_id, made.tenant_id, made.provider) == (org_id, org_id, "lti")
    assert made.settings == _service(world).find(world.integration_id).settings


def test_accept_knows_neither_other_deployments_nor_other_orgs(quick_world: Launching) -> None:
    accept = _service(quick_world).accept
    assert _refused(accept, "nobody", org_id=None, actor="test") == "deployment.unknown"
    assert _refused(accept, _pending(quick_world), org_id="nobody", actor="test") == "org.unknown"


def test_accept_into_another_org_is_refused_and_makes_nothing(world: Launching) -> None:
    (owned,) = list_deployments(world.store)
    other = world.add_org()
    before = _sizes(world)
    assert _refused(_service(world).accept, owned.id, org_id=other, actor="test") == "deployment.taken"
    assert _sizes(world) == before


def test_accept_is_refused_when_another_operator_was_quicker(
    quick_world: Launching, monkeypatch: pytest.MonkeyPatch
) -> None:
    row_id = _pending(quick_world)
    monkeypatch.setattr("gateway.services.integrations.accept_deployment", lambda *_, **__: False)
    assert _refused(_service(quick_world).accept, row_id, org_id=None, actor="test") == "deployment.taken"


def test_a_disabled_deployment_comes_back_where_it_was(world: Launching) -> None:
    (owned,) = list_deployments(world.store)
    home = world.integration_id
    world.join(a_config(deployment_id="deployment-2"))
    assert _service(world).disable_deployment(owned.id, actor="test").status == "disabled"
    assert world.launch().code == "lti.deployment_disabled"
    assert _service(world).accept(owned.id, org_id=None, actor="test").integration_id == home
    assert world.launch().code == "accepted"


def test_disabling_an_unknown_deployment_is_refused(quick_world: Launching) -> None:
    assert _refused(_service(quick_world).disable_deployment, "nobody", actor="test") == "deployment.unknown"


def test_a_registration_stays_on_while_another_school_uses_it(world: Launching) -> None:
    first = world.integration_id
    world.join(a_config(deployment_id="deployment-2"))
    _service(world).switch(first, "disabled", actor="test")
    assert [row["status"] for row in world.rows(registrations)] == ["active"]
    _service(world).switch(world.integration_id, "disabled", actor="test")
    assert [row["status"] for row in world.rows(registrations)] == ["disabled"]


def test_switching_an_unknown_integration_is_refused(quick_world: Launching) -> None:
    assert _refused(_service(quick_world).switch, "nobody", "active", actor="test") == "integration.unknown"


def _findings(world: Launching) -> dict[str, bool]:
    return {finding.check: finding.ok for finding in _service(world).check(world.integration_id)}


def test_check_finds_everything_well(quick_world: Launching) -> None:
    assert _findings(quick_world) == {"switched on": True, "key set": True, "deployment": True, "deep linking": True}


def test_check_says_how_to_try_deep_linking_until_somebody_chose_content(quick_world: Launching) -> None:
    before = _service(quick_world).check(quick_world.integration_id)[-1]
    quick_world.launch("robin", 101)
    untold = _service(quick_world).check(quick_world.integration_id)[-1]
    quick_world.change(launches, message_type="LtiDeepLinkingRequest")
    after = _service(quick_world).check(quick_world.integration_id)[-1]
    assert (before.check, before.ok, before.is_news) == ("deep linking", True, True)
    assert before.told == untold.told
    assert "Not tried yet" in before.told
    assert "Placements seen" in after.told


def test_check_names_the_setting_of_a_key_set_that_is_not_there(quick_world: Launching) -> None:
    quick_world.platform.switches = Switches(key_set="down")
    finding = _service(quick_world).check(quick_world.integration_id)[1]
    assert not finding.ok
    assert "key_set_url" in finding.advice


def test_check_finds_a_missing_deployment_and_a_switched_off_integration(quick_world: Launching) -> None:
    quick_world.change(deployments, status="disabled")
    _service(quick_world).switch(quick_world.integration_id, "disabled", actor="test")
    assert _findings(quick_world) == {"switched on": False, "key set": True, "deployment": False, "deep linking": True}


def test_check_of_a_link_without_lti_looks_at_its_switch_alone(quick_world: Launching) -> None:
    quick_world.change(integrations, registration_id=None)
    assert _findings(quick_world) == {"switched on": True}


def _changes(world: Launching, values: dict[str, str]) -> list[str]:
    return world.gate.integration_changes.change(world.integration_id, values, actor="tia")


def _stored(world: Launching) -> dict[str, Any]:
    (row,) = world.rows(integrations)
    return dict(row["settings"])


@pytest.fixture
def rostering(sqlite_url: str) -> Iterator[Launching]:
    """A school whose launches come in, and whose roster is not set up."""
    with launching(sqlite_url, joined=False) as world:
        world.join(provider=ROSTERING)
        yield world


def test_credentials_of_a_roster_are_added_to_what_runs_sealed_and_audited(rostering: Launching) -> None:
    before = _stored(rostering)
    assert _changes(rostering, {OF_ROSTER.name: "a secret of theirs"}) == [OF_ROSTER.name]
    stored = _stored(rostering)
    assert {name: value for name, value in stored.items() if name in before} == before
    assert "a secret of theirs" not in str(stored)
    (line,) = [row for row in rostering.rows(audit) if row["action"] == "integration.changed"]
    assert (line["actor"], line["detail"]) == ("tia", {"settings": [OF_ROSTER.name]})


def test_a_blank_setting_is_its_default_again_and_the_same_is_no_change(rostering: Launching) -> None:
    _changes(rostering, {OF_ROSTER.name: "a secret of theirs"})
    assert _changes(rostering, {OF_ROSTER.name: "a secret of theirs"}) == []
    assert _changes(rostering, {OF_ROSTER.name: ""}) == [OF_ROSTER.name]
    assert OF_ROSTER.name not in _stored(rostering)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"client_id": "another"}, "integration.registration_fixed"),  # B5
        ({"key_set_url": "https://evil.example/keys"}, "integration.registration_fixed"),
        ({"colour": "blue"}, "settings.invalid"),
        ({"client_id": ""}, "settings.invalid"),
    ],
)
def test_who_may_come_in_is_not_changed_like_this(rostering: Launching, values: dict[str, str], code: str) -> None:
    before = _stored(rostering), rostering.count(audit)
    assert _refused(_changes, rostering, {OF_ROSTER.name: "secret", **values}) == code
    assert (_stored(rostering), rostering.count(audit)) == before


def test_other_settings_let_the_whole_roster_be_read_anew(rostering: Launching) -> None:
    found = rostering.gate.integrations.find(rostering.integration_id)
    source_of(rostering.store, found)
    rostering.change(roster_sources, digest="of the old one", since="yesterday")
    _changes(rostering, {OF_ROSTER.name: "another secret"})
    (row,) = rostering.rows(roster_sources)
    assert (row["digest"], row["since"]) == (None, None)
