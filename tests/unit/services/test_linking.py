"""What a launch makes of people, classes, links, roles and enrollments; a launch only ever adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gateway.store.tables import (
    classes,
    contexts,
    enrollments,
    identities,
    launches,
    orgs,
    resource_links,
    roles,
    users,
)
from providers.kit.lti import claims as names
from tests.support.launching import Launching, a_config, launching

TEACHER, LEARNER = (f"http://purl.imsglobal.org/vocab/lis/v2/membership#{name}" for name in ("Instructor", "Learner"))
ROSTER = (users, identities, roles, classes, contexts, resource_links, enrollments)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[Launching]:
    with launching(sqlite_url) as opened:
        yield opened


def _launch(world: Launching, **wrong: Any) -> dict[str, Any]:
    outcome = world.launch(**wrong)
    assert outcome.code == "accepted"
    return world.told(outcome)


def test_a_first_launch_makes_one_of_each(world: Launching) -> None:
    _launch(world)
    assert [world.count(table) for table in ROSTER] == [1] * len(ROSTER)
    (user,), (class_,) = world.rows(users), world.rows(classes)
    assert (user["name"], user["email"], user["identifier"]) == (
        "Sam Okafor",
        "sam.okafor@northfield.example",
        "NF-1011",
    )
    assert (class_["title"], class_["class_code"]) == ("Algebra I", "ALG-1")
    assert {row["tenant_id"] for table in ROSTER for row in world.rows(table)} == {world.org_id}


def test_the_same_launch_again_writes_no_roster_row(world: Launching) -> None:
    _launch(world)
    before = [world.rows(table) for table in ROSTER]
    world.clock.move(minutes=10)
    _launch(world)
    assert [world.rows(table) for table in ROSTER] == before
    assert world.count(launches) == 2


def test_a_later_launch_without_titles_keeps_them(world: Launching) -> None:
    _launch(world)
    world.platform.switch(titles=False)
    told = _launch(world, put={names.RESOURCE_LINK: {"id": "link-101"}})
    assert (told[names.CONTEXT]["title"], told[names.CONTEXT]["label"]) == ("Algebra I", "ALG-1")
    assert told[names.RESOURCE_LINK]["title"] == "Number lines"
    assert world.rows(classes)[0]["title"] == "Algebra I"


def test_a_later_launch_without_context_finds_the_class_by_its_link(world: Launching) -> None:
    first = _launch(world)
    told = _launch(world, remove=[names.CONTEXT])
    assert told[names.CONTEXT]["id"] == first[names.CONTEXT]["id"]
    assert world.count(classes) == world.count(enrollments) == 1


def test_a_person_who_comes_without_context_is_enrolled_through_the_link(world: Launching) -> None:
    _launch(world)
    _launch(world, person="tia", remove=[names.CONTEXT])
    assert {row["role"] for row in world.rows(enrollments)} == {"student", "teacher"}


def test_names_withheld_later_are_kept(world: Launching) -> None:
    _launch(world)
    before = world.rows(users)
    _launch(world, remove=["name", "given_name", "family_name", "email", "locale", names.LIS])
    assert world.rows(users) == before


def test_a_changed_name_is_taken_over(world: Launching) -> None:
    _launch(world)
    world.clock.move(hours=1)
    _launch(world, put={"family_name": "Okafor-Diaz"})
    (user,) = world.rows(users)
    assert (user["family_name"], user["given_name"]) == ("Okafor-Diaz", "Sam")
    assert user["date_last_modified"] == world.clock()


def test_changed_titles_are_taken_over(world: Launching) -> None:
    first = _launch(world)
    link = {"id": "link-101", "title": "Fractions"}
    told = _launch(world, put={names.CONTEXT: {"id": "course-101", "title": "Algebra II"}, names.RESOURCE_LINK: link})
    assert told[names.CONTEXT]["id"] == first[names.CONTEXT]["id"]
    assert world.rows(classes)[0]["title"] == "Algebra II"
    assert world.rows(resource_links)[0]["title"] == "Fractions"


def test_a_new_role_is_added_and_the_old_one_stays(world: Launching) -> None:
    _launch(world)
    _launch(world, put={names.ROLES: [TEACHER]})
    assert {(row["role"], row["role_type"]) for row in world.rows(roles)} == {
        ("student", "primary"),
        ("teacher", "secondary"),
    }
    assert {row["role"] for row in world.rows(enrollments)} == {"student", "teacher"}


def test_a_role_and_an_enrollment_that_ended_come_back(world: Launching) -> None:
    _launch(world)
    ids = [world.rows(table)[0]["sourced_id"] for table in (roles, enrollments)]
    for table in (roles, enrollments):
        world.change(table, status="tobedeleted")
    _launch(world)
    assert [world.rows(table)[0]["sourced_id"] for table in (roles, enrollments)] == ids
    assert [world.rows(table)[0]["status"] for table in (roles, enrollments)] == ["active"] * 2


def test_a_test_user_is_not_enrolled(world: Launching) -> None:
    _launch(world, person="preview")
    assert world.count(enrollments) == 0


def test_an_anonymous_launch_makes_a_class_and_nobody(world: Launching) -> None:
    guests = world.join(a_config(client_id="guests"), allow_anonymous="yes")
    told = _launch(world, person="guest", platform=guests)
    assert told[names.CONTEXT]["title"] == "Algebra I"
    assert world.count(users) == world.count(roles) == world.count(enrollments) == 0
    assert world.rows(launches)[0]["user_sourced_id"] is None


def test_the_same_context_id_in_two_deployments_is_two_classes(world: Launching) -> None:
    world.join(a_config(deployment_id="deployment-2"), org_id=world.org_id)
    second = world.platforms[-1][1]
    ids = {_launch(world)[names.CONTEXT]["id"], _launch(world, platform=second)[names.CONTEXT]["id"]}
    assert len(ids) == world.count(classes) == 2


def test_the_same_subject_in_another_integration_is_another_user(world: Launching) -> None:  # D1
    other = world.join(a_config(client_id="client-2"), org_id=world.org_id)
    _launch(world)
    _launch(world, platform=other)
    assert world.count(users) == world.count(identities) == 2
    assert len({row["email"] for row in world.rows(users)}) == 1


def test_the_same_e_mail_never_merges_two_subjects(world: Launching) -> None:  # D1, D2
    for subject in ("first", "second"):
        _launch(world, put={"sub": subject})
    assert world.count(users) == 2


@pytest.mark.parametrize("other", ["User-11", "user-11 ", "USER-11", "user-011"])
def test_subjects_are_compared_byte_for_byte(world: Launching, other: str) -> None:  # D6
    _launch(world)
    _launch(world, put={"sub": other})
    assert world.count(users) == 2


def test_a_link_outside_any_class_belongs_to_none(world: Launching) -> None:
    told = _launch(world, put={names.RESOURCE_LINK: {"id": "dashboard"}}, remove=[names.CONTEXT])
    assert names.CONTEXT not in told
    assert world.count(classes) == world.count(enrollments) == 0
    assert world.rows(resource_links)[0]["class_sourced_id"] is None


def test_the_launch_is_told_with_our_ids(world: Launching) -> None:
    told = _launch(world, put={names.CUSTOM: {"page": "3"}, names.LAUNCH_PRESENTATION: {"locale": "de", "x": 1}})
    assert told[names.CONTEXT]["id"] == world.rows(classes)[0]["sourced_id"]
    assert told[names.RESOURCE_LINK]["id"] == world.rows(resource_links)[0]["id"]
    assert told[names.TOOL_PLATFORM] == {"guid": world.rows(orgs)[0]["sourced_id"], "product_family_code": "lti"}
    assert told[names.CUSTOM] == {"page": "3"}
    assert told[names.LAUNCH_PRESENTATION] == {"locale": "de"}
    assert told[names.DEPLOYMENT_ID] != "deployment-1"


def test_a_launch_without_extras_tells_none(world: Launching) -> None:
    told = _launch(world, remove=[names.CUSTOM, names.LAUNCH_PRESENTATION])
    assert not {names.CUSTOM, names.LAUNCH_PRESENTATION} & set(told)


def test_a_rostered_person_and_class_keep_the_rosters_names_and_members(world: Launching) -> None:
    _launch(world)
    with world.store.statements() as connection:
        connection.execute(users.update().values(roster_source_id=1))
        connection.execute(classes.update().values(roster_source_id=1))
    before = world.rows(users), world.rows(classes), world.rows(enrollments)
    _launch(
        world,
        put={"given_name": "Samuel", names.CONTEXT: {"id": "course-101", "title": "Other"}, names.ROLES: [TEACHER]},
    )
    assert (world.rows(users), world.rows(classes), world.rows(enrollments)) == before
