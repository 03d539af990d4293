"""Roster Server through the proxy and directly: whose application it is, what opens it, and what it does otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from providers.classlink.applications import Application, Server, find_application
from providers.classlink.roster import ROSTER
from providers.classlink.settings import ClassLinkSettings
from providers.classlink.simulator import (
    a_tenant,
    create_simulator,
    direct_settings_for,
    serving,
    settings_for,
    truth_about,
)
from providers.classlink.simulator_classlink import PARTNER_TOKEN, SimulatedClassLink
from providers.classlink.simulator_switches import ODDITIES, ClassLinkSwitches
from providers.classlink.simulator_tenant import Tenant
from providers.contract import KINDS, Context, Failure, read_settings
from tests.support.rostering import Read, gather, plain_context

WHOLE = frozenset(KINDS)


class World:
    """A served ClassLink with two tenants of the same people; ours is the first."""

    def __init__(self, classlink: SimulatedClassLink, tenant: Tenant, context: Any) -> None:
        self.classlink, self.tenant, self._context = classlink, tenant, context

    def context(self, **settings: Any) -> Context[Any]:
        is_direct = settings.get("roster_access") == "direct"
        values = (direct_settings_for if is_direct else settings_for)(self.classlink, self.tenant)
        context: Context[Any] = self._context(read_settings(ClassLinkSettings, {**values, **settings}))
        return replace(context, sleep=lambda _: None)

    def read(self, since: str | None = None, **settings: Any) -> Read:
        return gather(ROSTER.read(self.context(**settings), since=since))

    def refusal(self, **settings: Any) -> str:
        with pytest.raises(Failure) as failed:
            self.read(**settings)
        return failed.value.code

    def check(self, **settings: Any) -> dict[str, str]:
        return {each.check: each.advice for each in ROSTER.check(self.context(**settings)) if not each.ok}

    def assert_true(self, read: Read) -> None:
        for kind, records in truth_about(self.tenant).items():
            told = {each.source_id: each for each in read.records[kind]}
            assert told == {each.source_id: each for each in records}, kind
        assert read.complete == WHOLE


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    classlink = SimulatedClassLink(switches=ClassLinkSwitches(**getattr(request, "param", {})))
    tenant, _ = a_tenant(classlink), a_tenant(classlink, name="Southfield District")
    with serving(classlink), plain_context() as context:
        yield World(classlink, tenant, context)


def switched(*each: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("world", each, indirect=True, ids=lambda value: "-".join(map(str, value)))


DIRECT: dict[str, Any] = {"roster_access": "direct"}
LOOKED_UP: dict[str, Any] = {**DIRECT, "endpoint_url": "", "partner_token": PARTNER_TOKEN}
SHA1: dict[str, Any] = {**DIRECT, "signature_method": "HMAC-SHA1"}


@pytest.mark.parametrize(
    "settings",
    [{}, {"proxy_path": "short"}, {"proxy_path": "published"}, DIRECT, LOOKED_UP, SHA1],
    ids=["auto", "short", "published", "direct", "looked-up", "sha1"],
)
def test_every_access_reads_the_truth_and_the_check_is_content(world: World, settings: dict[str, Any]) -> None:
    world.assert_true(world.read(**settings))
    assert world.check(**settings) == {}


@switched({"signature_methods": ("HMAC-SHA1",)}, {"signature_methods": ("HMAC-SHA256",)})
def test_a_server_that_knows_one_signature_is_read(world: World) -> None:
    world.assert_true(world.read(**DIRECT))


@switched({"prefixes": ("published",)}, {"prefixes": ("short",)})
def test_a_proxy_with_one_of_both_paths_is_found(world: World) -> None:
    world.assert_true(world.read())
    wrong = "short" if world.classlink.switches.prefixes == ("published",) else "published"
    assert world.refusal(proxy_path=wrong) == "oneroster.base_url_wrong"
    assert "proxy_path" in world.check(proxy_path=wrong)["address and credentials"]


def test_the_id_goes_into_the_path_as_it_was_encoded(world: World) -> None:
    assert "%2F" in world.tenant.application
    assert "%3D" in world.tenant.application
    world.read(proxy_path="short")
    browser = create_simulator(world.classlink).test_client()
    again = f"/{world.tenant.application.replace('%', '%25')}/ims/oneroster/v1p1/orgs"
    assert browser.get(again, headers={"Authorization": f"Bearer {world.tenant.bearer}"}).status_code == 404


@switched({"other_rows": 250}, {"other_rows": 0})
def test_the_list_of_applications_is_read_to_its_end(world: World) -> None:
    world.assert_true(world.read())
    assert world.refusal(tenant_id="31337") == "classlink.tenant_not_listed"


@switched({"other_rows": 5, "page_honoured": False})
def test_a_list_that_ignores_its_pages_ends(world: World) -> None:
    assert world.refusal(tenant_id="31337") == "classlink.tenant_not_listed"


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({"is_enabled": False}, "classlink.application_disabled", "Enabled"),
        ({"status": "Inactive"}, "classlink.tenant_inactive", "inactive"),
    ],
)
def test_a_disabled_or_inactive_tenant_is_told_and_proves_nobody_gone(  # F1
    world: World, change: dict[str, Any], code: str, word: str
) -> None:
    for name, value in change.items():
        setattr(world.tenant, name, value)
    assert world.refusal() == code
    assert word in world.check()["application"]


@pytest.mark.parametrize(
    ("settings", "code", "name"),
    [
        ({"tenant_id": ""}, "classlink.tenant_unknown", "tenant_id"),
        ({"tenant_id": "22"}, "classlink.tenant_not_listed", "tenant_id"),
        ({"partner_token": ""}, "classlink.partner_token_missing", "partner_token"),
        ({"partner_token": "wrong"}, "classlink.partner_token_refused", "partner_token"),
        ({**DIRECT, "roster_key": ""}, "classlink.key_missing", "roster_key"),
        ({**DIRECT, "roster_secret": "wrong"}, "rest.unauthorized", "roster_secret"),
    ],
)
def test_a_check_names_the_setting(world: World, settings: dict[str, Any], code: str, name: str) -> None:
    assert world.refusal(**settings) == code
    assert name in "".join(world.check(**settings).values())


@switched({"server_told": False})
def test_a_server_that_nobody_names_is_to_be_filled_in(world: World) -> None:
    assert world.refusal(**LOOKED_UP) == "classlink.server_untold"
    assert "endpoint_url" in world.check(**LOOKED_UP)["application"]


def test_what_opens_one_tenant_opens_no_other(world: World) -> None:  # C5, D4
    other = next(each for each in world.classlink.tenants.values() if each is not world.tenant)
    assert {each["sourcedId"] for _, each in other.people()} == {each["sourcedId"] for _, each in world.tenant.people()}
    crossed = direct_settings_for(world.classlink, other)["endpoint_url"]
    assert world.refusal(**DIRECT, endpoint_url=crossed) == "rest.unauthorized"
    browser = create_simulator(world.classlink).test_client()
    answer = browser.get(
        f"/{other.application}/ims/oneroster/v1p1/users", headers={"Authorization": f"Bearer {world.tenant.bearer}"}
    )
    assert answer.status_code == 401
    before = len(other.server.requests)
    world.read()
    assert len(other.server.requests) == before


@switched({"bearer_from": 4})
def test_a_refused_bearer_is_looked_up_once(world: World) -> None:
    world.assert_true(world.read())


@switched({"refuses_from": 4})
def test_the_same_bearer_is_not_tried_again(world: World) -> None:  # F1
    assert world.refusal() == "rest.unauthorized"
    assert len(world.tenant.server.requests) == 4


@switched({"moves_at": 5, "page_cap": 20})
def test_a_roster_that_moves_is_read_anew(world: World) -> None:
    read = world.read()
    assert read.restarts == 1
    world.assert_true(read)
    assert "Renamed" in {each.given_name for each in read.records["users"]}


@switched({"perm_rev": "changes", "page_cap": 20})
def test_a_roster_that_never_rests_proves_nobody_gone(world: World) -> None:  # F1
    read = world.read()
    assert read.restarts == 3
    assert read.complete == frozenset()
    assert len(read.ids("users")) == len(truth_about(world.tenant)["users"])


@switched({"bad_gateway_above": 200}, {"busy": ((429, "2"), (502, ""), (429, ""))}, {"perm_rev": "absent"})
def test_load_and_absent_headers_cost_nothing(world: World) -> None:
    world.assert_true(world.read())


@switched({"totals": False, "page_cap": 20})
def test_the_count_of_a_page_is_not_the_count_of_all(world: World) -> None:  # F1
    world.assert_true(world.read())
    world.classlink.switch(page="empty")
    assert "enrollments" not in world.read().complete


@switched(
    {"booleans": "text"}, {"booleans": "json"}, {"booleans": "upper"}, {"booleans": "digit"}, {"references": "ids"}
)
def test_values_are_read_however_they_are_written(world: World) -> None:
    world.tenant.server.roster["users"][0]["enabledUser"] = "false"
    users = {each.source_id: each for each in world.read().records["users"]}
    assert (users["p-0"].enabled_user, users["p-1"].enabled_user) == (False, True)
    assert {each.primary for each in world.read().records["enrollments"]} == {True, False}


@switched({"page": "bare_list"}, {"page": "status_beside"}, {"page": "marked"})
def test_an_answer_in_another_shape_is_read(world: World) -> None:
    world.assert_true(world.read())


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("error", "oneroster.error_answer"),
        ("html", "oneroster.not_json"),
        ("torn", "oneroster.not_json"),
        ("empty_object", "oneroster.envelope_missing"),
    ],
)
def test_a_wrong_answer_with_status_200_ends_the_reading(world: World, page: Any, code: str) -> None:  # F1
    world.classlink.switch(page=page)
    assert world.refusal() == code


@switched({"unenrolled": False})
def test_people_without_a_class_are_left_out_until_the_district_shares_them(world: World) -> None:
    assert {"a-1", "a-2"}.isdisjoint(world.read().ids("users"))
    world.classlink.switch(unenrolled=True)
    assert {"a-1", "a-2"} <= set(world.read().ids("users"))


@switched({"teachers_in_students": True})
def test_teachers_among_students_stay_teachers(world: World) -> None:
    browser = create_simulator(world.classlink).test_client()
    path = f"/{world.tenant.application}/ims/oneroster/v1p1/students?limit=1000"
    told = browser.get(path, headers={"Authorization": f"Bearer {world.tenant.bearer}"}).json
    assert told is not None
    assert {each["role"] for each in told["users"]} == {"student", "teacher"}
    roles = {each.user_id: each.role for each in world.read().records["roles"]}
    assert (roles["t-1"], roles["p-0"]) == ("teacher", "student")


@switched({"odd": frozenset(ODDITIES)})
def test_odd_people_and_classes_are_what_they_are(world: World) -> None:
    read = world.read()
    users = {each.source_id: each for each in read.records["users"]}
    assert {f"{world.tenant.id}|7/15 53", "Ab-1", "aB-1", "00098765", "98765"} <= set(users)
    assert users["left-in-june"].status == "tobedeleted"
    classes = {each.source_id: each for each in read.records["classes"]}
    assert classes["k-homeroom"].class_type == "homeroom"
    assert classes["k-sci-1"].title == classes["k-sci-2"].title
    assert classes["k-sci-1"].location != classes["k-sci-2"].location
    assert read.complete == WHOLE


def test_what_was_purged_is_in_no_change_and_gone_from_the_next_full_reading(world: World) -> None:
    whole = world.read().finished
    assert whole is not None
    since = whole.since
    assert since is not None
    gone = world.tenant.server.roster["users"].pop(3)["sourcedId"]
    delta = world.read(since=since)
    assert delta.finished is not None
    assert (delta.finished.mode, delta.complete) == ("delta", frozenset())
    assert gone not in world.read().ids("users")


@switched({"filter": "ignored"}, {"filter": "refused"})
def test_a_server_that_tells_no_changes_is_read_whole(world: World) -> None:
    read = world.read(since="2026-09-01T00:00:00.000Z")
    assert read.finished is not None
    assert read.finished.mode == "full"


@pytest.mark.parametrize("id_", ["..", ".", "", "a/b", "a?b", "%2", "a b", "a#b"])
def test_an_id_that_leads_elsewhere_is_none(world: World, id_: str) -> None:
    world.tenant.application = id_
    with pytest.raises(Failure, match=r"classlink\.answer_invalid"):
        find_application(world.context(), world.context().settings)


def test_what_opens_a_roster_shows_in_nothing_printed(world: World) -> None:
    assert "b-1" not in repr(Application("id", "b-1"))
    assert "s-1" not in repr(Server("https://x.example", "k", "s-1"))
    assert PARTNER_TOKEN not in repr(world.context().settings)


@pytest.mark.parametrize(
    ("settings", "is_set_up"),
    [
        ({}, True),
        ({"partner_token": ""}, False),
        ({"tenant_id": ""}, False),
        (DIRECT, True),
        ({**DIRECT, "endpoint_url": ""}, False),
        (LOOKED_UP, True),
    ],
)
def test_sign_ins_alone_bring_no_roster(world: World, settings: dict[str, Any], is_set_up: bool) -> None:
    assert ROSTER.is_set_up(world.context(**settings).settings) is is_set_up


@switched({"odd": frozenset({"duplicate_titles", "to_be_deleted"})})
def test_classes_of_one_title_and_people_who_left_in_june_come_as_they_are(world: World) -> None:
    read = world.read()
    twins = [each.location for each in read.records["classes"] if each.title == "Sci5 (Sci5)"]
    assert twins == ["Room 12", "Room 14"]
    assert {each.status for each in read.records["users"] if each.source_id == "left-in-june"} == {"tobedeleted"}


@switched({"page": "error", "fault_in": "users"}, {"page": "error", "fault_in": "classes"})
def test_an_errors_body_in_any_list_proves_nobody_gone(world: World) -> None:  # F1
    with pytest.raises(Failure, match=r"oneroster\."):
        world.read()
