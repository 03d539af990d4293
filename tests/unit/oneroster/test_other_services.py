"""Resources, whose lists are empty but true, and OneRoster 1.1's face for older clients."""

from __future__ import annotations

import re

import pytest

from gateway.services.oneroster.resources import BASE as RESOURCES
from gateway.services.oneroster.resources import RESOURCES as SERVICE
from gateway.services.oneroster.version_1_1 import BASE, VERSION_1_1
from tests.support.booking import Book
from tests.support.oneroster_schema import references
from tests.support.providing import GATE, SCOPES, Providing, said

_OLD = "https://purl.imsglobal.org/spec/or/v1p1/scope/"


def test_resources_are_empty_lists(world: Providing) -> None:  # P04, P07, P09
    klass, user = world.id_of("s0-c0", "classes"), world.id_of("odd")
    token = world.token(" ".join(SERVICE.scopes))
    for path in ("/resources", f"/classes/{klass}/resources", f"/users/{user}/resources?sort=title"):
        answer = world.get(f"{GATE}{RESOURCES}{path}", token)
        assert (answer.get_json(), answer.headers["X-Total-Count"]) == ({"resources": []}, "0")
    for path in ("/resources/x", "/classes/x/resources", f"/courses/{klass}/resources"):
        assert said(world.get(f"{GATE}{RESOURCES}{path}", token)) == (404, "unknownobject")
    assert said(world.get(f"{GATE}{RESOURCES}/resources?filter=nosuch='x'", token)) == (400, "invalid_filter_field")


def test_resources_want_their_scope(world: Providing) -> None:  # P03, P21
    core = world.token(f"{SCOPES}resource-core.readonly")
    assert world.get(f"{GATE}{RESOURCES}/resources", core).status_code == 200
    klass = world.id_of("s0-c0", "classes")
    assert said(world.get(f"{GATE}{RESOURCES}/classes/{klass}/resources", core)) == (403, "forbidden")
    told = world.client.get(f"{RESOURCES}/discovery/{SERVICE.names[0]}").get_json()
    assert {*told["paths"]} == {each.path for each in SERVICE.operations}


@pytest.fixture
def old(world: Providing) -> str:
    return world.token(" ".join(VERSION_1_1.scopes))


def test_1_1_has_one_root_and_can_only_be_read(world: Providing, old: str) -> None:
    assert len(VERSION_1_1.operations) == 41 + 4 + 10
    for operation in VERSION_1_1.operations:
        path = re.sub(r"\{\w+\}", "no-such", operation.path)
        answer = world.get(f"{GATE}{BASE}{path}", old)
        assert answer.status_code == (404 if "{" in operation.path else 200), operation
    assert said(world.client.put(f"{BASE}/results/r", json={})) == (405, None)
    assert said(world.get(f"{GATE}{BASE}/scoreScales", old)) == (404, "unknownobject")


def test_1_1_says_a_persons_role_and_orgs(world: Providing, old: str) -> None:
    kid = world.get(f"{GATE}{BASE}/users/{world.id_of('kid')}", old).get_json()["user"]
    assert (kid["role"], [each["sourcedId"] for each in kid["orgs"]]) == ("student", [world.id_of("s1", "orgs")])
    assert not {"roles", "primaryOrg", "preferredFirstName"} & {*kid}
    assert (kid["username"], kid["enabledUser"]) == ("", "false")
    assert all(href.startswith(f"{GATE}{BASE}/") for href in references(kid))
    assert world.get(references(kid)[0], old).status_code == 200


def test_1_1_selects_its_own_members(world: Providing, old: str) -> None:
    page = world.get(f"{GATE}{BASE}/teachers?fields=role,orgs&filter=role='teacher'", old).get_json()["users"]
    assert {frozenset(each) for each in page} == {frozenset({"role", "orgs"})}
    assert said(world.get(f"{GATE}{BASE}/users?fields=roles", old)) == (400, "invalid_selection_field")


def test_1_1_takes_its_own_scopes(world: Providing) -> None:
    core = world.token(f"{_OLD}roster-core.readonly")
    assert world.get(f"{GATE}{BASE}/users", core).status_code == 200
    assert said(world.get(f"{GATE}{BASE}/demographics", core)) == (403, "forbidden")
    assert said(world.get("/users", core)) == (403, "forbidden")


def test_1_1_shows_the_gradebook(world: Providing, old: str) -> None:
    book = Book(world, "app")
    book.item()
    book.result(textScore="A", late="true")
    item = world.get(f"{GATE}{BASE}/lineItems/quiz", old).get_json()["lineItem"]
    assert ("school" in item, item["resultValueMin"], item["resultValueMax"]) == (False, 0, 10)
    result = world.get(f"{GATE}{BASE}/classes/{book.klass}/results", old).get_json()["results"][0]
    assert (result["score"], {"late", "textScore", "class"} & {*result}) == (8, set())
