"""The Rostering service case by case (P01-P24 of the conformance list) and attacked (H1-H5, J1)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from gateway.services.oneroster.operations import BASE, CORE, DEMOGRAPHICS, OPERATIONS, ROSTERING, WHOLE
from gateway.services.oneroster.service import Operation
from tests.support.oneroster_schema import IS_VALID, references
from tests.support.providing import GATE, SCOPES, Providing, said

COLLECTIONS = [each for each in OPERATIONS if not each.is_single]
TOP = [each for each in COLLECTIONS if len(each.segments) == 1]


@cache
def address(world: Providing, operation: Operation) -> str:
    """Return the operation's path with ids that exist, so that every collection has something."""
    ids = {
        "classSourcedId": world.id_of("s0-c0", "classes"),
        "courseSourcedId": world.id_of("course", "courses"),
        "schoolSourcedId": world.id_of("s0", "orgs"),
        "studentSourcedId": world.id_of("s0-p0"),
        "userSourcedId": world.id_of("s0-p0"),
        "teacherSourcedId": world.id_of("odd"),
        "termSourcedId": world.id_of("t1", "academicSessions"),
        "sourcedId": "" if not operation.is_single else (world.ids(f"/{operation.collection}") or ["none"])[0],
    }
    return operation.path.format(**ids)


def test_there_are_41_operations() -> None:
    assert (len(OPERATIONS), len({each.path for each in OPERATIONS}), len(COLLECTIONS)) == (41, 41, 29)


def test_tokens(world: Providing) -> None:  # P01
    for scope in (CORE, WHOLE, DEMOGRAPHICS):
        assert world.ask_token(scope).get_json()["scope"] == scope
    assert world.ask_token(f"{CORE} {WHOLE} openid").get_json()["scope"] == f"{CORE} {WHOLE}"
    body = world.ask_token(None).get_json()
    assert ({CORE, WHOLE, DEMOGRAPHICS} <= {*body["scope"].split()}, body["token_type"]) == (True, "Bearer")
    unknown = world.ask_token(f"{SCOPES}everything")
    assert (unknown.status_code, unknown.get_json()["error"]) == (400, "invalid_scope")
    wrong = world.ask_token(CORE, secret="wrong")
    assert (wrong.status_code, wrong.get_json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("token", ["", "garbage"])
def test_without_a_token_nothing_is_told(world: Providing, token: str) -> None:  # P02
    assert [said(world.get(address(world, each), token)) for each in OPERATIONS] == [(401, "unauthorisedrequest")] * 41


def test_an_old_token_counts_no_more(world: Providing) -> None:  # P02
    token = world.token()
    world.clock.move(seconds=3601)
    try:
        assert said(world.get("/users", token)) == (401, "unauthorisedrequest")
    finally:
        world.clock.move(seconds=-3601)


def test_each_operation_wants_its_scope(world: Providing) -> None:  # P03, H3
    address_of = {
        each: f"{address(world, each)}?{'fields=status' if each.is_single else 'limit=1'}" for each in OPERATIONS
    }
    tokens = {scope: world.token(scope) for scope in (CORE, WHOLE, DEMOGRAPHICS, f"{SCOPES}gradebook.readonly")}
    for operation in OPERATIONS:
        is_nested = operation.path.count("/") > 2 or (operation.path.count("/") == 3 and not operation.is_single)
        wanted = {CORE, WHOLE} - ({CORE} if is_nested else set())
        if "demographics" in operation.path:
            wanted = {DEMOGRAPHICS}
        for scope, token in tokens.items():
            answer = world.get(address_of[operation], token)
            refused = answer.status_code == 403 and said(answer) == (403, "forbidden")
            assert refused is (scope not in wanted), (operation, scope)


def test_every_collection_has_its_envelope_count_and_valid_objects(world: Providing) -> None:  # P04, P05
    for operation in COLLECTIONS:
        answer = world.get(address(world, operation), limit="10000")
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert list(answer.get_json()) == [operation.envelope]
        items = answer.get_json()[operation.envelope]
        assert int(answer.headers["X-Total-Count"]) == len(items)
        assert items or operation.collection == "demographics", operation
        for each in items:
            assert IS_VALID[{"classes": "class"}.get(operation.kind, operation.kind[:-1])](each), each


def test_every_object_is_there_by_its_id(world: Providing) -> None:  # P06
    for operation in OPERATIONS:
        if operation.is_single and operation.kind != "demographics":
            items = world.items(f"/{operation.collection}")
            answer = world.get(f"/{operation.collection}/{items[-1]['sourcedId']}")
            assert answer.get_json() == {operation.envelope: items[-1]}
            few = world.get(f"/{operation.collection}/{items[-1]['sourcedId']}", fields="sourcedId,status").get_json()
            assert {*few[operation.envelope]} == {"sourcedId", "status"}


def test_unknown_ids_are_unknown_objects(world: Providing) -> None:  # P07
    for operation in OPERATIONS:
        if "{" in operation.path:
            path = re.sub(r"\{\w+\}", "no-such", operation.path)
            answer = world.get(path)
            assert said(answer) == (404, "unknownobject")
            assert "Unknown Object" in answer.get_json()["imsx_description"]
    other = f"/schools/{world.id_of('s1', 'orgs')}/classes/{world.id_of('s0-c0', 'classes')}/students"
    assert said(world.get(other)) == (404, "unknownobject")


def test_narrower_collections_hold_their_type_alone(world: Providing) -> None:  # P08
    assert {each["type"] for each in world.items("/terms")} == {"term"}
    assert {each["type"] for each in world.items("/gradingPeriods")} == {"gradingPeriod"}
    assert {each["type"] for each in world.items("/schools")} == {"school"}
    for collection, role in (("students", "student"), ("teachers", "teacher")):
        assert all(role in [held["role"] for held in each["roles"]] for each in world.items(f"/{collection}"))
    teacher, term = world.id_of("odd"), world.id_of("t1", "academicSessions")
    for path in (f"/students/{teacher}", f"/students/{teacher}/classes", f"/gradingPeriods/{term}", f"/orgs/{teacher}"):
        assert said(world.get(path)) == (404, "unknownobject")


def test_pages_have_a_hundred_unless_asked_otherwise(world: Providing) -> None:  # P09
    assert len(world.get("/enrollments").get_json()["enrollments"]) == 100
    assert len(world.get("/users", limit="1").get_json()["users"]) == 1
    assert world.get("/users", limit="99999999").status_code == 200


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", ["-1", "abc", "1e3", "", "1.5", "٣", "1" * 30])
def test_pages_that_are_no_numbers_are_refused(world: Providing, name: str, value: str) -> None:  # P09, H4
    assert said(world.get("/users", **{name: value})) == (400, "invaliddata")


def test_odd_pages_are_refused_or_empty(world: Providing) -> None:  # P10, H4
    assert said(world.get("/users", limit="0")) == (400, "invaliddata")
    assert said(world.get("/users?limit=1&limit=2")) == (400, "invaliddata")
    beyond = world.get("/users", offset="1000000000")
    assert (beyond.status_code, beyond.get_json()) == (200, {"users": []})
    assert 'rel="next"' not in beyond.headers["Link"]


def links(answer: Any) -> dict[str, str]:
    """Return a page's links by relation."""
    found = re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers["Link"])
    return {relation: address for address, relation in found}


@pytest.mark.parametrize("query", [{}, {"sort": "givenName", "orderBy": "desc"}, {"sort": "enabledUser"}])
@pytest.mark.parametrize("collection", ["users", "students"])
def test_all_ways_through_a_collection_see_the_same(world: Providing, collection: str, query: Any) -> None:  # P10
    whole = world.ids(f"/{collection}", **query)
    assert len(set(whole)) == len(whole)
    by_link, by_offset, answer = [], [], world.get(f"/{collection}", limit="7", **query)
    while True:
        by_link += [each["sourcedId"] for each in answer.get_json()["users"]]
        assert answer.headers["X-Total-Count"] == str(len(whole))
        if "next" not in links(answer):
            break
        answer = world.get(links(answer)["next"])
    for offset in range(0, len(whole) + 7, 7):
        page = world.get(f"/{collection}", limit="7", offset=str(offset), **query)
        by_offset += [each["sourcedId"] for each in page.get_json()["users"]]
    assert (by_link, by_offset) == (whole, whole)


def test_links_are_whole_and_keep_what_was_asked(world: Providing) -> None:  # P11
    query = {
        "filter": "familyName!='a & b+c'",
        "sort": "familyName",
        "orderBy": "desc",
        "fields": "sourcedId,familyName",
    }
    first = world.get("/users", limit="5", **query)
    assert {*links(first)} == {"first", "next", "last"}
    second = world.get(links(first)["next"])
    assert {*links(second)} == {"first", "next", "last", "prev"}
    assert all(each.startswith(f"{GATE}{BASE}/users?") for each in links(second).values())
    names = [each["familyName"] for page in (first, second) for each in page.get_json()["users"]]
    assert names == sorted(names, reverse=True)
    assert {*second.get_json()["users"][0]} == {"sourcedId", "familyName"}
    last = world.get(links(second)["last"])
    assert "next" not in links(last)
    assert len(last.get_json()["users"]) == (int(last.headers["X-Total-Count"]) - 1) % 5 + 1


def test_a_made_up_place_is_no_way_in(world: Providing) -> None:  # H1
    whole = [each["sourcedId"] for each in world.get("/users", limit="3", offset="3").get_json()["users"]]
    for after in ("x", "W10", "WzMsMV0", "AAAA", "é"):
        page = world.get("/users", limit="3", offset="3", after=after)
        assert [each["sourcedId"] for each in page.get_json()["users"]] == whole


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/users", "familyName"),
        ("/users", "dateLastModified"),
        ("/academicSessions", "startDate"),
        ("/enrollments", "beginDate"),
        ("/orgs", "sourcedId"),
    ],
)
def test_sorting(world: Providing, path: str, field: str) -> None:  # P12
    up = world.items(path, sort=field)
    values = [each.get(field, "") for each in up]
    assert values == sorted(values)
    assert world.items(path, sort=field, orderBy="desc") == up[::-1]


def test_an_unknown_sort_sorts_nothing(world: Providing) -> None:  # P12
    for field in ("nosuch", "grades", "role", "metadata.x"):
        assert world.ids("/users", sort=field) == world.ids("/users")
    assert said(world.get("/users", sort="familyName", orderBy="up")) == (400, "invaliddata")


def test_changes_since_then_are_found_with_who_left(world: Providing) -> None:  # P14
    leaver = next(each for each in world.items("/users") if each["givenName"] == "Lea")
    assert leaver["status"] == "tobedeleted"
    before = world.items("/students", sort="dateLastModified")[0]["dateLastModified"]
    changed = world.items("/students", filter=f"dateLastModified>'{before}' AND familyName='Ver'")
    assert changed == [leaver]
    assert leaver["sourcedId"] not in world.ids("/users", filter="status='active'")
    assert leaver["sourcedId"] not in world.ids("/users", filter=f"dateLastModified>'{leaver['dateLastModified']}'")


def test_fields(world: Providing) -> None:  # P17
    for query in ("fields=sourcedId,givenName", "fields=sourcedId&fields=givenName"):
        page = world.get(f"/users?{query}").get_json()["users"]
        assert {frozenset(each) for each in page} == {frozenset({"sourcedId", "givenName"})}
    assert {*world.items("/users", fields="givenName")[0]} == {"givenName"}
    for wrong in ("nosuch", "", "sourcedId,nosuch", "sourcedId,"):
        assert said(world.get("/users", fields=wrong)) == (400, "invalid_selection_field")
        assert said(world.get(f"/users/{world.id_of('odd')}", fields=wrong)) == (400, "invalid_selection_field")


def test_no_filter_leaves_what_was_granted(world: Providing) -> None:  # P18, H1, J1
    tenant = world.south.org.tenant_id
    token = world.application(f"south-{world.gate.store.dialect}", all_tenants=False, tenants=frozenset({tenant}))
    own = world.ids("/users", token)
    assert len(own) == 4
    for filter in ("status='active' OR status!='x'", "(sourcedId!='') OR (1='1')", "familyName~'' OR role='student'"):
        answer = world.get("/users", token, filter=filter, limit="1000")
        found = [each["sourcedId"] for each in answer.get_json().get("users", [])]
        assert set(found) <= set(own), filter
    for operation in OPERATIONS:
        answer = world.get(address(world, operation), token, limit="10000")
        if "{" in operation.path:
            assert said(answer) == (404, "unknownobject"), operation
        else:
            theirs = {each["sourcedId"] for each in answer.get_json()[operation.envelope]}
            assert not theirs & set(world.ids(f"/{operation.collection}", filter="status!='x'")) - set(
                world.ids(f"/{operation.collection}", token)
            )
    place = links(world.get("/users", limit="1"))["next"]
    assert {each["sourcedId"] for each in world.get(place, token).get_json()["users"]} <= set(own)


def test_an_application_without_a_grant_sees_nothing(world: Providing) -> None:  # H2
    token = world.application(f"none-{world.gate.store.dialect}", all_tenants=False)
    assert [world.ids(each.path, token) for each in TOP] == [[]] * len(TOP)


def test_it_can_only_be_read(world: Providing) -> None:  # P19
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = world.client.open(f"{BASE}/users", method=method, json={})
        assert (said(answer), answer.headers["Allow"]) == ((405, None), "GET, HEAD")
    for path in ("/nosuch", "/classes/x/enrollments", "/orgs/x/classes", "/users/", "/users/a/b", "/a/b/c/d/e/f/g"):
        assert said(world.get(path)) == (404, "unknownobject")


@pytest.mark.parametrize("name", ROSTERING.names)
def test_discovery_lists_what_there_is(world: Providing, name: str) -> None:  # P21
    told = world.client.get(f"{BASE}/discovery/{name}").get_json()
    assert told["servers"] == [{"url": f"{GATE}{BASE}"}]
    flow = told["components"]["securitySchemes"]["OAuth2CC"]["flows"]["clientCredentials"]
    assert (flow["tokenUrl"], {*flow["scopes"]}) == (f"{GATE}/oauth2/token", {CORE, WHOLE, DEMOGRAPHICS})
    for path, verbs in told["paths"].items():
        operation = next(each for each in OPERATIONS if each.id == verbs["get"]["operationId"])
        assert world.get(address(world, operation)).status_code in {200, 404 if "demographics" in path else 200}
    assert len(told["paths"]) == 41


def test_every_reference_leads_somewhere(world: Providing) -> None:  # P22, H5
    token = world.token(CORE)
    found = {each for top in TOP if top.kind != "demographics" for each in references(world.items(top.path))}
    assert len(found) > 70
    for href in found:
        answer = world.get(href, token)
        ((_, one),) = answer.get_json().items()
        assert one["sourcedId"] == href.rpartition("/")[2]
    kid = world.get(f"/users/{world.id_of('kid')}").get_json()["user"]
    assert [each["sourcedId"] for each in kid["agents"]] == [world.id_of("mum")]


@pytest.mark.parametrize("id", ["a%2Fb", "a@b.c_d-e", "%27%20OR%201", "%E6%9D%8E", "a/../b", "%00"])
def test_odd_ids_are_unknown_objects(world: Providing, id: str) -> None:  # P23, H1
    status, minor = said(world.get(f"/users/{id}"))
    assert (status, minor) in {(404, "unknownobject"), (400, "invaliddata")}
    assert status == 404 or id == "%00"


def test_conditional_and_head_requests_do_no_harm(world: Providing) -> None:  # P24
    headers = {"Authorization": f"Bearer {world.token()}", "If-None-Match": '"x"', "Accept-Encoding": "gzip"}
    head = world.client.head(f"{BASE}/users", headers=headers)
    assert (head.status_code, head.data, int(head.headers["X-Total-Count"]) > 0) == (200, b"", True)
    assert world.client.get(f"{BASE}/users", headers=headers).get_json()["users"]


def test_a_large_page_is_streamed_and_the_same(world: Providing) -> None:
    small, large = world.get("/users", limit="1000"), world.get("/users", limit="10000")
    assert ("Content-Length" in small.headers, "Content-Length" in large.headers) == (True, False)
    assert small.get_json() == large.get_json()


def test_what_goes_wrong_on_our_side_is_a_status_too(world: Providing, monkeypatch: pytest.MonkeyPatch) -> None:
    token = world.token()

    def broken(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("gateway.services.oneroster.counts.count", broken)
    assert said(world.get("/users", token)) == (500, "internal_server_error")
