"""Registering applications."""

from __future__ import annotations

import pytest

from gateway.services.applications import Registered, Wanted, register_application
from gateway.services.oidc.client import Client
from gateway.store.applications import load_applications
from gateway.store.tables import audit
from providers.contract import Misconfigured
from tests.support.oidc_world import CALLBACK, NOON, World

LOGIN = "https://app.example/login"


def register(world: World, wanted: Wanted, *, allow_http: bool = True) -> Registered:
    return register_application(world.store, wanted, allow_http=allow_http, actor="test", now=NOON)


def test_an_application_gets_an_id_and_a_secret_that_is_kept_as_a_hash(both: World) -> None:
    told = register(both, Wanted("Maths", [CALLBACK, CALLBACK], LOGIN))
    kept = both.application(told.application.id)
    assert told.client_secret
    assert Client(kept, both.house).check_client_secret(told.client_secret)
    assert told.client_secret not in repr(kept)
    assert (kept.name, kept.redirect_uris, kept.login_uri, kept.all_tenants) == ("Maths", (CALLBACK,), LOGIN, True)


def test_a_public_application_has_no_secret(world: World) -> None:
    told = register(world, Wanted("Page", [CALLBACK], LOGIN, is_public=True))
    assert told.client_secret is None
    assert world.application(told.application.id).is_public


def test_an_application_can_be_granted_some_districts_only(both: World) -> None:  # G4
    told = register(both, Wanted("Maths", [CALLBACK], LOGIN, tenants=[both.tenant_id]))
    (kept,) = [each for each in load_applications(both.store) if each.id == told.application.id]
    assert kept == both.application(kept.id)
    assert kept.may_see(both.tenant_id)
    assert not kept.may_see("another")


def test_a_school_below_a_district_can_not_be_granted(world: World) -> None:
    with pytest.raises(Misconfigured) as caught:
        register(world, Wanted("Maths", [CALLBACK], LOGIN, tenants=[world.school_id]))
    assert caught.value.code == "application.org_unknown"


def test_registering_is_audited(world: World) -> None:
    register(world, Wanted("Maths", [CALLBACK], LOGIN))
    with world.store.statements() as connection:
        assert ("test", "application.added") in [(row.actor, row.action) for row in connection.execute(audit.select())]


@pytest.mark.parametrize(
    "address",
    [
        "/callback",
        "app.example/callback",
        "ftp://app.example/",
        "https:///callback",
        "https://app.example/#x",
        "https://app.example/#",
        "https://u:p@app.example/",
        "https://*.app.example/",
        "https://app.example/a b",
        "https://app.example\\x",
        "https://äpp.example/",
        "javascript:alert(1)",
        "com.example.app:/callback",
    ],
)
def test_an_address_that_browsers_or_attackers_could_bend_is_refused(world: World, address: str) -> None:  # G1
    for wanted in (Wanted("x", [CALLBACK, address], LOGIN), Wanted("x", [CALLBACK], address)):
        with pytest.raises(Misconfigured):
            register(world, wanted)


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1:5000", "[::1]:5000", "app.localhost"])
def test_plain_http_is_fine_on_this_machine(world: World, host: str) -> None:
    wanted = Wanted("x", [f"http://{host}/cb"], f"http://{host}/login")
    assert register(world, wanted, allow_http=False).client_secret


@pytest.mark.parametrize("host", ["app.example", "localhost.example", "10.0.0.1"])
def test_plain_http_elsewhere_is_for_development_only(world: World, host: str) -> None:
    wanted = Wanted("x", [f"http://{host}/cb"], LOGIN)
    with pytest.raises(Misconfigured, match="https"):
        register(world, wanted, allow_http=False)
    assert register(world, wanted)


@pytest.mark.parametrize("wanted", [Wanted(" ", [CALLBACK], LOGIN), Wanted("x", [], LOGIN)])
def test_a_name_and_an_address_are_needed(world: World, wanted: Wanted) -> None:
    with pytest.raises(Misconfigured):
        register(world, wanted)
