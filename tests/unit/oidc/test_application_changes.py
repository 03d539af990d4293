"""What a change of an application means for who is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.services.application_changes import ApplicationChanges
from gateway.store.tables import audit
from providers.contract import Misconfigured
from tests.support.oidc_world import SECRET, World, an_application


def changes(world: World) -> ApplicationChanges:
    return ApplicationChanges(world.store, lambda: world.time, allow_http=False)


def status_with(world: World, secret: str) -> int:
    return world.exchange(world.code(), client_secret=secret).status


def test_both_secrets_count_while_the_new_one_is_carried_round(both: World) -> None:
    new = changes(both).rotate_secret("app", overlap=timedelta(hours=2), actor="test")
    assert [status_with(both, secret) for secret in (SECRET, new)] == [200, 200]
    both.wait(2 * 3600)
    assert [status_with(both, secret) for secret in (SECRET, new)] == [401, 200]


def test_a_stolen_secret_ends_at_once(world: World) -> None:
    new = changes(world).rotate_secret("app", overlap=timedelta(0), actor="test")
    assert [status_with(world, secret) for secret in (SECRET, new)] == [401, 200]


def test_a_second_rotation_ends_the_oldest_secret(world: World) -> None:
    for _ in range(2):
        changes(world).rotate_secret("app", overlap=timedelta(hours=2), actor="test")
    assert status_with(world, SECRET) == 401


def test_a_public_application_has_no_secret_to_rotate(world: World) -> None:
    world.add(an_application("spa", secret_hash=None))
    with pytest.raises(Misconfigured) as none:
        changes(world).rotate_secret("spa", overlap=timedelta(0), actor="test")
    assert none.value.code == "application.public"


def test_a_disabled_applications_tokens_are_dead(both: World) -> None:  # A19
    token = both.tokens()["access_token"]
    changes(both).switch("app", on=False, actor="test")
    assert both.userinfo(token).status == 401
    changes(both).switch("app", on=True, actor="test")
    assert both.userinfo(token).status == 200


def test_a_district_taken_away_is_gone_at_once(both: World) -> None:  # G4
    token = both.tokens()["access_token"]
    changes(both).grant("app", [], actor="test")
    assert both.userinfo(token).status == 401
    changes(both).grant("app", [both.tenant_id], actor="test")
    assert both.userinfo(token).status == 200


def test_the_audit_line_names_what_changed_and_no_value(world: World) -> None:
    changes(world).change("app", {"name": "Secret plans"}, actor="test")
    with world.store.statements() as connection:
        last = connection.execute(audit.select().order_by(audit.c.id.desc())).mappings().first()
    assert last is not None
    assert (last["action"], last["detail"]) == ("application.changed", {"changed": ["name"]})


def test_nothing_named_is_nothing_changed(world: World) -> None:
    assert changes(world).change("app", {}, actor="test") == changes(world).find("app")
