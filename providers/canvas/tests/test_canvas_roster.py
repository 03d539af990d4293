"""Canvas's REST interface: tokens, throttling, opaque pages, permissions, and who is in no class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from providers.canvas import roster
from providers.canvas.settings import CanvasSettings
from providers.canvas.simulator import rest_settings
from providers.canvas.simulator_api import TOKEN, ApiSwitches, CanvasApi, create_api
from providers.contract import KINDS, Misconfigured, Refused, read_settings
from providers.kit.simulator.roster_data import made_up_roster, ref
from providers.kit.simulator.serving import running
from tests.support.rostering import Read, gather, plain_context


class World:
    """A school of thirty students, and the room that reads it."""

    def __init__(self, api: CanvasApi, base: str, context: Any) -> None:
        self.api, self.base, self._context = api, base, context

    def settings(self, **changes: Any) -> Any:
        values = {"client_id": "1", **rest_settings(self.base), **changes}
        return self._context(read_settings(CanvasSettings, values))

    def switch(self, **changes: Any) -> None:
        self.api.switches = replace(ApiSwitches(), **changes)

    def read(self, **changes: Any) -> Read:
        return gather(roster.read(self.settings(**changes)))

    def advice(self, **changes: Any) -> dict[str, str]:
        found = roster.check(self.settings(**changes))
        return {health.check: health.advice for health in found if not health.ok}

    def enroll(self, source_id: str, user: str, **canvas: Any) -> str:
        """Add an enrollment in a class of p-0's, and return its number."""
        model = self.api.roster["enrollments"][0]
        one = {**model, "sourcedId": source_id, "user": ref("user", user), "canvas": canvas}
        self.api.roster["enrollments"].append(one)
        self.switch()
        return str(self.api.rows.numbers.of("enrollments", source_id))


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[CanvasApi, str]]:
    api = CanvasApi()
    with running(lambda _: create_api(api)) as base:
        yield api, base


@pytest.fixture
def world(served: tuple[CanvasApi, str]) -> Iterator[World]:
    api, base = served
    api.roster = made_up_roster(30)
    api.switches = ApiSwitches()
    with plain_context() as context:
        yield World(api, base, context)


def test_an_administrators_own_token_will_do(world: World) -> None:
    keys = dict.fromkeys(("rest_client_id", "rest_client_secret", "rest_refresh_token"), "")
    assert world.read(rest_token=TOKEN, **keys).complete == frozenset(KINDS)


def test_a_refused_refresh_token_is_named(world: World) -> None:
    with pytest.raises(Refused, match=r"canvas\.refresh_refused"):
        world.read(rest_refresh_token="wrong")
    assert "rest_refresh_token" in world.advice(rest_refresh_token="wrong")["address and token"]


@pytest.mark.parametrize("throttle_status", [403, 429])
def test_a_full_bucket_is_waited_for_whatever_its_status(world: World, throttle_status: int) -> None:
    world.switch(throttle_every=3, throttle_status=throttle_status)
    assert world.read().complete == frozenset(KINDS)


def test_a_token_that_may_not_is_told_from_one_that_died(world: World) -> None:
    world.switch(forbidden="/users")
    with pytest.raises(Refused, match=r"rest\.forbidden"):
        world.read()
    assert "root account" in world.advice()["people"]


def test_administrators_that_are_not_shown_leave_roles_unproven(world: World) -> None:
    world.switch(forbidden="/admins")
    assert world.read().complete == frozenset(KINDS) - {"roles"}


@pytest.mark.parametrize("link_header", ["link", "LINK"])
def test_the_headers_name_may_be_spelled_in_any_way(world: World, link_header: str) -> None:
    world.switch(link_header=link_header, most=10)
    assert world.read().complete == frozenset(KINDS)


def test_pages_that_go_round_prove_nothing(world: World) -> None:
    world.switch(loops=True, most=10)
    read = world.read()
    assert len(read.ids("users")) == 34
    assert read.complete == frozenset()


def test_without_permission_sis_ids_are_missing_and_the_check_says_so(world: World) -> None:
    world.switch(sis_ids=False)
    assert {user.identifier for user in world.read().records["users"]} == {None}
    assert "SIS Data" in world.advice()["SIS ids"]


def test_a_section_with_fewer_students_than_counted_proves_nobody_gone(world: World) -> None:
    world.switch(last_page="short")
    assert not {"enrollments", "roles"} & world.read().complete
    assert "enrollments" in world.read(compare_counts="no").complete


def test_an_observer_is_a_parent_of_whom_they_watch_and_in_no_class(world: World) -> None:
    student = world.api.rows.numbers.of("users", "p-0")
    own = world.enroll("e-watch", "a-2", type="ObserverEnrollment", associated_user_id=student)
    read, parent = world.read(), str(world.api.rows.numbers.of("users", "a-2"))
    assert own not in read.ids("enrollments")
    (watched,) = [user for user in read.records["users"] if user.source_id == str(student)]
    assert watched.agent_ids == (parent,)
    assert "parent" in {role.role for role in read.records["roles"] if role.user_id == parent}


def test_test_students_blueprints_and_default_terms_are_nobody_and_nothing(world: World) -> None:
    read = world.read()
    assert "1" not in {each.user_id for each in read.records["enrollments"]}
    assert "999001" not in read.ids("courses")
    assert [session.title for session in read.records["academicSessions"]] == ["Autumn"]


@pytest.mark.parametrize(
    ("state", "status"), [("invited", "active"), ("inactive", "tobedeleted"), ("completed", "tobedeleted")]
)
def test_states_of_enrollments_are_read(world: World, state: str, status: str) -> None:
    own = world.enroll("e-more", "p-1", enrollment_state=state)
    assert [each.status for each in world.read().records["enrollments"] if each.source_id == own] == [status]


def test_a_person_in_two_roles_has_both_and_an_assistant_is_no_teacher(world: World) -> None:
    world.enroll("e-aide", "p-1", type="TaEnrollment")
    own = str(world.api.rows.numbers.of("users", "p-1"))
    read = world.read()
    assert {role.role for role in read.records["roles"] if role.user_id == own} == {"student", "aide"}
    assert "proctor" in {each.role for each in read.records["enrollments"] if each.user_id == own}


def test_a_cross_listed_section_stays_the_same_class(world: World) -> None:
    before = world.read().ids("classes")
    world.api.roster["classes"][0]["origin"] = 77
    world.switch()
    assert world.read().ids("classes") == before


def test_members_who_are_in_no_list_of_people_leave_people_unproven(world: World) -> None:
    world.enroll("e-ghost", "ghost")
    assert not {"users", "roles"} & world.read().complete


def test_without_a_token_there_is_no_roster_and_half_a_key_is_a_fault(world: World) -> None:
    assert not roster.is_set_up(read_settings(CanvasSettings, {"client_id": "1"}))
    with pytest.raises(Misconfigured, match="rest_client_secret"):
        world.read(rest_client_secret="")


def test_terms_come_under_a_name_or_without_one(world: World) -> None:
    world.switch(wrapped_terms=False)
    assert world.read().ids("academicSessions")


def test_addresses_come_only_to_who_asks_for_them(world: World) -> None:
    assert all(user.email for user in world.read().records["users"])
    world.switch(email_on_include=False)
    assert all(user.email for user in world.read().records["users"])


@pytest.mark.parametrize("quirk", [{"last_link": True, "most": 10}, {"throttle_every": 5, "remaining_header": False}])
def test_a_last_link_is_not_needed_and_a_bucket_need_not_say_what_is_left(world: World, quirk: dict[str, Any]) -> None:
    world.switch(**quirk)
    assert world.read().complete == frozenset(KINDS)


def test_without_test_students_and_blueprints_the_roster_is_the_same(world: World) -> None:
    before = world.read().records
    world.switch(test_student=False, blueprint=False)
    assert world.read().records == before


def test_one_user_in_two_sections_of_a_course_is_in_two_classes(world: World) -> None:
    world.switch(odd=frozenset({"one_user_in_two_sections"}))
    read, own = world.read(), str(world.api.rows.numbers.of("classes", "k-second"))
    (second,) = [each for each in read.records["classes"] if each.source_id == own]
    first = next(each for each in read.records["classes"] if each.course_id == second.course_id and each is not second)
    member = str(world.api.rows.numbers.of("users", "p-0"))
    assert {first.source_id, own} <= {each.class_id for each in read.records["enrollments"] if each.user_id == member}
    assert read.complete == frozenset(KINDS)


def test_odd_people_and_classes_come_as_they_are(world: World) -> None:
    odd = ("observer", "cross_listed_section", "inactive_enrollment", "invited_enrollment", "sub_account_tree")
    world.switch(odd=frozenset(odd))
    read, numbers = world.read(), world.api.rows.numbers
    ended = {each.source_id: each.status for each in read.records["enrollments"]}
    assert ended[str(numbers.of("enrollments", "e-inactive"))] == "tobedeleted"
    assert ended[str(numbers.of("enrollments", "e-invited"))] == "active"
    assert str(numbers.of("enrollments", "e-observer")) not in ended
    assert "parent" in {role.role for role in read.records["roles"]}
    deeper, school = str(numbers.of("orgs", "s-deeper")), str(numbers.of("orgs", "s-2"))
    assert {org.source_id: org.type for org in read.records["orgs"]}[deeper] == "department"
    assert school in {each.school_id for each in read.records["classes"]}
    assert deeper not in {each.school_id for each in read.records["classes"]}
