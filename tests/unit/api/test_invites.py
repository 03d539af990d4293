"""`/api/v1/invites`: what applications and operators' programs do with invite links, and what they can't."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.store.tables import invites
from tests.support.calling import Calling, said
from tests.support.launching import GATE


def test_an_application_makes_a_link_that_opens_the_wizard(calling: Calling) -> None:
    answer = calling.invite(calling.token(), expiresInDays=3)
    made = answer.get_json()["invite"]
    assert (answer.status_code, made["state"], made["applicationId"]) == (201, "open", "reader")
    assert answer.headers["Location"] == f"{GATE}/api/v1/invites/{made['id']}"
    opened = calling.school.browser().get(made["link"].removeprefix(GATE), base_url=GATE)
    assert opened.location == "/connect"
    assert calling.audited("invite.added") == [("application:reader", made["id"])]


def test_the_link_is_told_once(quick: Calling) -> None:
    token = quick.token()
    made = quick.invite(token).get_json()["invite"]
    for path in ("/invites", f"/invites/{made['id']}"):
        shown = quick.call("GET", path, token)
        assert made["id"] in shown.text
        assert made["link"].rpartition("/")[2] not in shown.text


def test_a_revoked_link_opens_nothing(calling: Calling) -> None:
    token = calling.token()
    made = calling.invite(token).get_json()["invite"]
    for _ in range(2):
        answer = calling.call("POST", f"/invites/{made['id']}/revoke", token)
        assert (answer.status_code, answer.get_json()["invite"]["state"]) == (200, "revoked")
    assert calling.school.browser().get(made["link"].removeprefix(GATE), base_url=GATE).status_code == 403
    assert calling.audited("invite.revoked") == [("application:reader", made["id"])]


def test_lists_come_newest_first_and_in_pages(calling: Calling) -> None:
    token = calling.token()
    made = [calling.invite(token).get_json()["invite"]["id"] for _ in range(3)]
    first = calling.call("GET", "/invites?limit=2", token).get_json()
    assert [each["id"] for each in first["invites"]] == made[:0:-1]
    second = calling.call("GET", f"/invites?limit=2&before={first['before']}", token).get_json()
    assert ([each["id"] for each in second["invites"]], "before" in second) == ([made[0]], False)


def test_an_application_is_told_nothing_of_a_district_that_it_was_not_granted(calling: Calling) -> None:  # G4, J1
    elsewhere = calling.school.world.add_org()
    stranger = calling.token("stranger", all_tenants=False, tenants=frozenset({elsewhere}))
    assert said(calling.invite(stranger)) == (400, "org.unknown")
    words = calling.invite(stranger).get_json()["detail"]
    assert calling.invite(stranger, orgSourcedId="nobody").get_json()["detail"] == words
    assert calling.school.world.count(invites) == 0


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/revoke")])
def test_another_applications_invite_is_not_there(calling: Calling, method: str, path: str) -> None:  # G4, J1
    made = calling.invite(calling.token()).get_json()["invite"]
    other = calling.token("other")
    assert said(calling.call(method, f"/invites/{made['id']}{path}", other)) == (404, "invite.unknown_id")
    assert calling.call("GET", "/invites", other).get_json() == {"invites": []}
    assert calling.school.world.rows(invites)[0]["revoked_at"] is None


def test_an_application_makes_invites_for_itself_only(quick: Calling) -> None:
    quick.token("other")
    assert said(quick.invite(quick.token(), applicationId="other")) == (403, "invite.other_application")


def test_an_operators_key_sees_them_all_and_chooses_the_application(calling: Calling) -> None:
    calling.invite(calling.token())
    key = calling.key()
    assert calling.invite(key, applicationId="reader", provider="lti").status_code == 201
    found = calling.call("GET", f"/invites?orgSourcedId={calling.school.org_id}", key).get_json()["invites"]
    assert [each["provider"] for each in found] == ["lti", None]
    assert said(calling.invite(key, applicationId="nobody")) == (400, "application.unknown")


def test_an_invite_for_an_application_needs_its_grant(quick: Calling) -> None:
    quick.token(all_tenants=False, tenants=frozenset({quick.school.world.add_org()}))
    assert said(quick.invite(quick.key(), applicationId="reader")) == (400, "application.not_granted")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "orgSourcedId"),
        ({"orgSourcedId": 7}, "$.orgSourcedId"),
        ({"orgSourcedId": "x", "expiresInDays": 91}, "$.expiresInDays"),
        ({"orgSourcedId": "x", "expiresInDays": 10**30}, "$.expiresInDays"),
        ({"orgSourcedId": "x", "link": "mine"}, "link"),
        ([], "object"),
        (None, "no JSON"),
    ],
)
def test_a_body_that_can_not_be_read_is_told_where(quick: Calling, body: Any, where: str) -> None:
    answer = quick.call("POST", "/invites", quick.key(), body)
    assert said(answer) == (400, "api.body_invalid")
    assert where in answer.get_json()["where"]


@pytest.mark.parametrize("query", ["limit=0", "limit=1e3", "limit=101", "limit=1&limit=2", "offset=3", "limit=-1"])
def test_a_query_that_can_not_be_read_is_refused(quick: Calling, query: str) -> None:
    assert said(quick.call("GET", f"/invites?{query}", quick.key())) == (400, "api.query_invalid")


def test_what_no_database_takes_is_refused_as_the_rest(calling: Calling) -> None:
    assert said(calling.invite(calling.key(), orgSourcedId="\0")) in {(400, "org.unknown"), (400, "http.400")}
