"""Schoology's REST interface: signatures, redirects, wobbling types, roles of each school, keys that see a part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from providers.contract import KINDS, Misconfigured, Refused, read_settings
from providers.kit.simulator.roster_data import made_up_roster, ref
from providers.kit.simulator.serving import running
from providers.schoology import roster, simulator_rows
from providers.schoology.settings import SchoologySettings
from providers.schoology.simulator import rest_settings
from providers.schoology.simulator_api import ApiSwitches, SchoologyApi, create_api
from providers.schoology.simulator_truth import truth_in_schoology
from tests.support.rostering import Read, gather, plain_context


class World:
    """A school of thirty students, and the room that reads it."""

    def __init__(self, api: SchoologyApi, base: str, context: Any) -> None:
        self.api, self._base, self._context = api, base, context

    def settings(self, **changes: Any) -> Any:
        values = {"client_id": "1", **rest_settings(self._base), **changes}
        return self._context(read_settings(SchoologySettings, values))

    def switch(self, **changes: Any) -> None:
        self.api.switches = replace(ApiSwitches(), **changes)

    def read(self, **changes: Any) -> Read:
        return gather(roster.read(self.settings(**changes)))

    def advice(self, **changes: Any) -> dict[str, str]:
        found = roster.check(self.settings(**changes))
        return {health.check: health.advice for health in found if not health.ok}

    def ids(self, kind: Any) -> set[str]:
        truth = truth_in_schoology(self.api.roster, self.api.rows.numbers)
        return {record.source_id for record in truth[kind]}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[SchoologyApi, str]]:
    api = SchoologyApi()
    with running(lambda _: create_api(api)) as base:
        yield api, base


@pytest.fixture
def world(served: tuple[SchoologyApi, str]) -> Iterator[World]:
    api, base = served
    api.roster = made_up_roster(30)
    api.switches = ApiSwitches()
    with plain_context() as context:
        yield World(api, base, context)


@pytest.mark.parametrize("method", ["HMAC-SHA1", "PLAINTEXT"])
def test_requests_are_signed_in_the_way_that_is_set(world: World, method: str) -> None:
    world.switch(signature_methods=(method,))
    assert world.read(signature_method=method).complete == frozenset(KINDS)


def test_no_nonce_comes_twice_although_a_redirect_is_followed(world: World) -> None:
    world.read()
    assert any(asked.startswith("/v1/users/me") for asked in world.api.requests)
    assert len(world.api.nonces) == len(set(world.api.nonces)) >= len(world.api.requests)


def test_a_wrong_secret_is_refused_and_the_check_says_which_settings(world: World) -> None:
    with pytest.raises(Refused, match=r"rest\.unauthorized"):
        world.read(consumer_secret="wrong")
    assert "consumer_secret" in world.advice(consumer_secret="wrong")["address and key"]


def test_numbers_may_be_text_and_nothing_null(world: World) -> None:
    as_numbers = world.read()
    world.switch(wobble=True)
    assert world.read().records == as_numbers.records


def test_roles_are_looked_up_by_the_schools_own_ids(world: World) -> None:
    before = world.read().records["roles"]
    world.switch(first_role=88_001)
    assert world.read().records["roles"] == before


def test_a_title_that_says_nothing_is_told_and_may_be_set(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulator_rows, "_ROLES", ("School Admin", "Teacher", "Cohort B", "Parent"))
    monkeypatch.setitem(simulator_rows._TITLES, "student", "Cohort B")
    world.switch()
    assert {role.role for role in world.read().records["roles"]} == {
        "teacher",
        "districtAdministrator",
        "siteAdministrator",
    }
    assert "Cohort B" in world.advice()["roles"]
    told = world.read(role_words="Cohort B=student").records["roles"]
    assert {"student"} < {role.role for role in told}


def test_a_word_that_no_role_has_is_refused(world: World) -> None:
    with pytest.raises(Misconfigured, match="role_words"):
        world.read(role_words="Substitute=boss")


def test_past_sections_are_asked_for(world: World) -> None:
    world.switch(period_over=True)
    assert set(world.read().ids("classes")) == world.ids("classes")


def test_without_past_sections_nobody_is_gone_when_all_have_hidden(world: World) -> None:
    world.switch(period_over=True)
    read = world.read(include_past="no")
    assert read.ids("classes") == []
    assert not {"classes", "enrollments"} & read.complete


def test_a_buildings_administrator_proves_nobody_gone(world: World) -> None:
    world.switch(building="s-1")
    read = world.read()
    assert 0 < len(read.ids("users")) < 34
    assert read.complete == frozenset()
    assert "one building" in world.advice()["whole school"]


def test_a_personal_key_is_named_as_what_it_is(world: World) -> None:
    world.switch(personal_key=True)
    with pytest.raises(Refused, match=r"rest\.unauthorized"):
        world.read()
    assert "personal key" in world.advice()["buildings"]


def test_an_apps_key_that_nobody_owns_will_do(world: World) -> None:
    world.switch(app_key=True)
    assert world.read().complete == frozenset(KINDS)


def test_a_list_that_ends_without_a_link_too_early_is_doubted(world: World) -> None:
    world.switch(links=False, most=10)
    read = world.read()
    assert "Schoology counts 34 and 10 came" in read.doubts("users")
    assert "users" not in read.complete


def test_people_without_unique_ids_are_noticed(world: World) -> None:
    for user in world.api.roster["users"]:
        user.pop("identifier", None)
    world.switch()
    assert "Unique ID" in world.advice()["Unique IDs"]


def test_an_ended_membership_has_left_and_an_invitation_is_none(world: World) -> None:
    for number, status in enumerate((2, 5, 3, 4)):
        world.api.roster["enrollments"][number]["schoology"] = status
    world.switch()
    read = world.read()
    statuses = {each.source_id: each.status for each in read.records["enrollments"]}
    ids = [str(world.api.rows.id("enrollments", each["sourcedId"])) for each in world.api.roster["enrollments"][:4]]
    assert [statuses.get(each) for each in ids] == ["tobedeleted", "tobedeleted", None, None]
    assert "enrollments" in read.complete


def test_an_administrator_in_a_section_does_not_become_its_teacher(world: World) -> None:
    one = {**world.api.roster["enrollments"][-1], "sourcedId": "e-boss", "user": ref("user", "a-2")}
    world.api.roster["enrollments"].append(one)
    world.switch()
    boss = str(world.api.rows.id("users", "a-2"))
    assert [each.role for each in world.read().records["enrollments"] if each.user_id == boss] == ["administrator"]


def test_a_person_of_two_buildings_has_a_role_in_each(world: World) -> None:
    world.api.roster["users"][0]["roles"].append({"roleType": "secondary", "role": "student", "org": ref("org", "s-2")})
    world.switch()
    own = str(world.api.rows.id("users", "p-0"))
    mine = [role for role in world.read().records["roles"] if role.user_id == own]
    assert [(role.role, role.role_type) for role in mine] == [("student", "primary"), ("student", "secondary")]


def test_without_a_key_there_is_no_roster_and_half_a_key_is_a_fault(world: World) -> None:
    assert not roster.is_set_up(read_settings(SchoologySettings, {"client_id": "1"}))
    with pytest.raises(Misconfigured, match="belong together"):
        world.read(consumer_secret="")


def test_a_schoology_that_neither_redirects_nor_counts_nonces_is_read_as_well(world: World) -> None:
    world.switch(redirects_me=False, nonces_once=False)
    assert world.read().complete == frozenset(KINDS)
