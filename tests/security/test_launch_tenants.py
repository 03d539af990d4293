"""Who may come in, and into which school: deployments, tenants and everything that can be switched off (A17-A19)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table

from gateway.store.orgs import add_org, find_org
from gateway.store.registrations import list_deployments
from gateway.store.tables import deployments, identities, integrations, launches, orgs, registrations, users
from providers.contract import Misconfigured
from providers.kit.lti import claims as names
from tests.support.launching import Launching, Outcome, a_config


def _end(outcome: Outcome) -> tuple[int, str]:
    return outcome.status, outcome.code


def _launch_from(world: Launching, deployment: str) -> Outcome:
    login = world.login(lti_deployment_id=None)
    return world.post(login, world.token(login, put={names.DEPLOYMENT_ID: deployment}))


def test_an_unknown_deployment_waits_until_an_operator_accepts_it_once(gate: Launching) -> None:  # A17
    assert _end(_launch_from(gate, "new")) == (403, "lti.deployment_pending")
    assert _end(_launch_from(gate, "new")) == (403, "lti.deployment_pending")
    (pending,) = list_deployments(gate.store, status="pending")
    gate.gate.integrations.accept(pending.id, org_id=None, actor="test")
    assert _launch_from(gate, "new").code == "accepted"


def test_a_pending_deployment_makes_no_person_and_keeps_no_personal_data(gate: Launching) -> None:  # A17
    platform = {"guid": "g", "name": "School", "contact_email": "head@school.example", "url": 7}
    login = gate.login(lti_deployment_id=None)
    gate.post(login, gate.token(login, put={names.DEPLOYMENT_ID: "new", names.TOOL_PLATFORM: platform}))
    assert gate.count(users) == 0
    (pending,) = list_deployments(gate.store, status="pending")
    assert pending.evidence == {"guid": "g", "name": "School"}


def test_a_disabled_deployment_is_refused(gate: Launching) -> None:  # A17
    gate.change(deployments, status="disabled")
    assert _end(gate.launch()) == (403, "lti.deployment_disabled")


def test_a_deployment_of_another_tenant_is_no_way_in(gate: Launching) -> None:  # A17
    gate.join(a_config(deployment_id="deployment-2"))
    login = gate.login()
    outcome = gate.post(login, gate.token(login, put={names.DEPLOYMENT_ID: "deployment-2"}))
    assert _end(outcome) == (401, "lti.deployment_mismatch")


def test_two_deployments_of_one_registration_are_two_tenants(gate: Launching) -> None:  # A17
    gate.join(a_config(deployment_id="deployment-2"))
    assert _launch_from(gate, "deployment-1").code == _launch_from(gate, "deployment-2").code == "accepted"
    assert gate.count(registrations) == 1
    assert len({row["tenant_id"] for row in gate.rows(users)}) == 2


def test_a_deployment_can_not_be_taken_by_another_integration(gate: Launching) -> None:  # A17
    with pytest.raises(Misconfigured) as refused:
        gate.join(a_config())
    assert refused.value.code == "deployment.taken"
    assert gate.count(integrations) == 1


def test_swapped_client_ids_of_one_issuer_never_cross(gate: Launching) -> None:  # A18
    other = gate.join(a_config(client_id="client-2", deployment_id="deployment-2"))
    login = gate.login()
    assert _end(gate.post(login, gate.token(login, platform=other))) == (401, "lti.audience_mismatch")
    login = gate.login(platform=other)
    assert _end(gate.post(login, gate.token(login))) == (401, "lti.audience_mismatch")


def test_a_deployment_id_is_looked_up_under_its_own_client_id(gate: Launching) -> None:  # A18
    other = gate.join(a_config(client_id="client-2", deployment_id="deployment-2"))
    login = gate.login(platform=other, lti_deployment_id=None)
    outcome = gate.post(login, gate.token(login, platform=other, put={names.DEPLOYMENT_ID: "deployment-1"}))
    assert _end(outcome) == (403, "lti.deployment_pending")


def test_the_same_subject_at_two_tenants_is_two_people(gate: Launching) -> None:  # A18
    other = gate.join(a_config(client_id="client-2"), key=0)
    assert gate.launch().code == gate.launch(platform=other).code == "accepted"
    assert gate.count(users) == gate.count(identities) == 2
    first, second = gate.rows(launches)
    assert {first["tenant_id"], first["user_sourced_id"]}.isdisjoint({second["tenant_id"], second["user_sourced_id"]})


def test_one_client_id_with_two_key_sets_needs_a_login_address_of_its_own(gate: Launching) -> None:  # A18
    twin = gate.join(a_config(base_url="https://twin.example", deployment_id="deployment-2"), key=1)
    assert _end(gate.refused_login(lti_deployment_id=None)) == (400, "lti.registration_ambiguous")
    login = gate.login(platform=twin)
    assert gate.post(login, gate.token(login, platform=twin)).code == "accepted"
    login = gate.login(platform=twin)
    assert _end(gate.post(login, gate.token(login))) == (401, "lti.kid_unknown")


_SWITCHES: list[tuple[Table, dict[str, Any], str]] = [
    (registrations, {"status": "disabled"}, "lti.registration_disabled"),
    (integrations, {"status": "disabled"}, "lti.registration_disabled"),
    (users, {"enabled_user": False}, "account.user_suspended"),
    (users, {"status": "tobedeleted"}, "account.user_suspended"),
]


@pytest.mark.parametrize(("table", "values", "code"), _SWITCHES)
def test_what_is_switched_off_is_refused_at_the_next_launch(
    gate: Launching, table: Table, values: dict[str, Any], code: str
) -> None:  # A19
    assert gate.launch().code == "accepted"
    login = gate.login()
    gate.change(table, **values)
    assert _end(gate.post(login, gate.token(login))) == (403, code)


@pytest.mark.parametrize("column", ["suspended_at", "licence_ends_at"])
@pytest.mark.parametrize("level", ["tenant", "school"])
def test_a_suspended_or_unlicensed_org_is_refused(gate: Launching, column: str, level: str) -> None:  # A19
    district = find_org(gate.store, gate.org_id)
    at = gate.clock()
    school = add_org(gate.store, name="Hill", type="school", parent=district, actor="test", at=at)
    below = gate.join(a_config(client_id="below"), org_id=school.sourced_id)
    shut = gate.org_id if level == "school" else school.tenant_id
    assert gate.launch(platform=below).code == "accepted"
    with gate.store.statements() as connection:
        connection.execute(orgs.update().where(orgs.c.sourced_id == shut).values({column: at}))
    code = "account.tenant_suspended" if column == "suspended_at" else "account.licence_ended"
    assert _end(gate.launch(platform=below)) == (403, code)


def test_a_licence_that_ends_tomorrow_still_lets_in(gate: Launching) -> None:  # A19
    gate.change(orgs, licence_ends_at=gate.clock() + timedelta(days=1), suspended_at=gate.clock() + timedelta(days=1))
    assert gate.launch().code == "accepted"
    gate.clock.move(days=1)
    assert gate.launch().status == 403


def test_an_anonymous_launch_of_a_suspended_school_is_refused(gate: Launching) -> None:  # A19
    guests = gate.join(a_config(client_id="guests"), allow_anonymous="yes")
    assert gate.launch("guest", platform=guests).code == "accepted"
    gate.change(orgs, suspended_at=gate.clock())
    assert _end(gate.launch("guest", platform=guests)) == (403, "account.tenant_suspended")


def test_a_disabled_integration_is_refused_at_the_login(gate: Launching) -> None:  # A19
    gate.gate.integrations.switch(gate.integration_id, "disabled", actor="test")
    assert _end(gate.refused_login()) == (403, "lti.registration_disabled")
    gate.gate.integrations.switch(gate.integration_id, "active", actor="test")
    gate.clock.move(seconds=6)
    assert gate.launch().code == "accepted"


def test_a_refusal_of_a_proven_launch_uses_up_its_nonce(gate: Launching) -> None:  # A19
    gate.change(integrations, status="disabled")
    login = gate.login()
    cookie, token = gate.cookie_of(login), gate.token(login)
    assert gate.post(login, token).code == "lti.registration_disabled"
    gate.change(integrations, status="active")
    gate.plant(login.browser, login, cookie)
    assert _end(gate.post(login, token)) == (401, "lti.replayed")
