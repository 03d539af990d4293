"""Walking through pages that lie: nothing is called complete unless it is proven (cases C04 to C08, attack F1)."""

from __future__ import annotations

import pytest

from providers.contract import BadData, Failure
from tests.support.rostering import RosterWorld

ALL = 64  # enrollments of thirty students in two classes each, and of two teachers


def test_every_record_comes_once_and_is_proven(world: RosterWorld) -> None:
    read = world.read()
    assert len(read.ids("enrollments")) == len(set(read.ids("enrollments"))) == ALL
    assert read.complete == {"orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments"}
    assert read.finished is not None
    assert read.finished.counts["enrollments"] == ALL


# C04
def test_without_count_and_links_an_empty_page_is_the_end(world: RosterWorld) -> None:
    world.switch(count="none", links="none")
    read = world.read()
    assert len(read.ids("enrollments")) == ALL
    assert "enrollments" in read.complete


# C04, C07
def test_without_count_a_short_page_is_not_the_end(world: RosterWorld) -> None:
    world.switch(count="none", links="none", page_cap=7)
    read = world.read()
    assert len(read.ids("enrollments")) == ALL
    assert "enrollments" in read.complete


# C05, F1
@pytest.mark.parametrize("count", ["high", "low", "first_page"])
def test_a_count_that_lies_proves_nothing(world: RosterWorld, count: str) -> None:
    world.switch(count=count, links="none")
    read = world.read()
    assert len(read.ids("enrollments")) == ALL
    assert "enrollments" not in read.complete
    assert "the provider counts" in read.doubts("enrollments")[0]


# C06
@pytest.mark.parametrize("links", ["relative", "http", "other_host", "loop", "same", "cut", "none"])
def test_links_of_every_kind_lead_to_every_record(world: RosterWorld, links: str) -> None:
    world.switch(links=links)
    read = world.read()
    assert len(read.ids("enrollments")) == len(set(read.ids("enrollments"))) == ALL
    assert "enrollments" in read.complete


# C06
def test_credentials_never_follow_a_link_to_another_host(world: RosterWorld) -> None:
    world.switch(links="other_host")
    asked: list[str] = []
    world.outbound._on_call = asked.append
    world.read()
    assert set(asked) == {"127.0.0.1"}


# C06
@pytest.mark.parametrize("links", ["loop", "same"])
def test_links_in_a_circle_are_left_for_offsets(world: RosterWorld, links: str) -> None:
    world.switch(links=links, count="none")
    read = world.read()
    assert len(read.ids("enrollments")) == ALL
    assert "enrollments" in read.complete
    assert len(world.provider.requests) < 30


# C07
def test_a_silent_cap_is_walked_through(world: RosterWorld) -> None:
    world.switch(page_cap=7, links="none")
    read = world.read()
    assert len(read.ids("enrollments")) == ALL
    assert "enrollments" in read.complete


# C08
def test_a_record_that_slipped_through_moving_pages_is_found_on_a_second_round(world: RosterWorld) -> None:
    world.switch(shifts="once", links="none")
    read = world.read()
    assert len(read.ids("enrollments")) == len(set(read.ids("enrollments"))) == ALL
    assert "enrollments" in read.complete


# C08
def test_a_roster_that_never_stands_still_proves_nothing(world: RosterWorld) -> None:
    world.switch(shifts="always", links="none")
    read = world.read()
    assert len(read.ids("enrollments")) == len(set(read.ids("enrollments"))) == ALL - 1
    assert "enrollments" not in read.complete


# C08
def test_a_row_told_twice_on_one_page_comes_once_and_agrees_with_the_count(world: RosterWorld) -> None:
    rows = world.provider.roster["users"]
    rows.insert(1, rows[0])
    read = world.read()
    assert read.ids("users").count("p-0") == 1
    assert "users" in read.complete


# F1
@pytest.mark.parametrize("page", ["short", "repeated"])
def test_a_page_that_lacks_records_proves_nothing(world: RosterWorld, page: str) -> None:
    world.switch(page=page)
    read = world.read()
    assert 0 < len(read.ids("enrollments")) < ALL
    assert "enrollments" not in read.complete


# F1
def test_a_repeated_page_without_count_proves_nothing(world: RosterWorld) -> None:
    world.switch(page="repeated", count="none", links="none")
    assert "enrollments" not in world.read().complete


# C14, C17, F1
@pytest.mark.parametrize("page", ["empty", "null_envelope"])
def test_nothing_at_all_proves_nothing(world: RosterWorld, page: str) -> None:
    world.switch(page=page)
    read = world.read()
    assert "enrollments" not in read.complete
    assert "users" in read.complete


# C14, F1
@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("empty_object", "oneroster.envelope_missing"),
        ("html", "oneroster.not_json"),
        ("torn", "oneroster.not_json"),
        ("error", "oneroster.error_answer"),
        ("error_1_1", "rest.unauthorized"),
    ],
)
def test_an_answer_without_records_ends_the_reading(world: RosterWorld, page: str, code: str) -> None:
    world.switch(page=page)
    with pytest.raises(Failure) as caught:
        world.read()
    assert caught.value.code == code


# C14
@pytest.mark.parametrize("page", ["bare_list", "other_envelope", "status_beside", "marked"])
def test_records_are_found_however_they_are_wrapped(world: RosterWorld, page: str) -> None:
    world.switch(page=page)
    read = world.read()
    assert len(read.ids("enrollments")) == ALL
    assert "enrollments" in read.complete


@pytest.mark.parametrize("beyond", ["400", "404"])
def test_an_error_beyond_the_end_is_the_end_where_the_count_agrees(world: RosterWorld, beyond: str) -> None:
    world.switch(beyond_the_end=beyond, links="none")
    read = world.read()
    assert "enrollments" in read.complete


@pytest.mark.parametrize("beyond", ["400", "404"])
def test_an_error_beyond_the_end_is_an_error_where_nothing_was_counted(world: RosterWorld, beyond: str) -> None:
    world.switch(beyond_the_end=beyond, links="none", count="none")
    with pytest.raises(BadData, match=r"oneroster\.error_answer"):
        world.read()


def test_a_provider_that_ignores_offset_is_believed_only_with_its_count(world: RosterWorld) -> None:
    world.switch(ignores_offset=True, links="none")
    assert "enrollments" in world.read(page_size=200).complete
    world.switch(count="none")
    assert "enrollments" not in world.read(page_size=200).complete


def test_a_roster_that_changes_while_it_is_read_proves_nothing(world: RosterWorld) -> None:
    world.switch(revision_changes=True)
    read = world.read()
    assert len(read.ids("enrollments")) == ALL
    assert "enrollments" not in read.complete
    assert read.doubts("enrollments") == ["the roster was changed while it was read"]


def test_pages_without_an_end_are_left(world: RosterWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.kit.oneroster.rest.walk.MOST_RECORDS", 30)
    with pytest.raises(BadData, match=r"oneroster\.endless"):
        world.read()


def test_a_page_that_is_no_list_of_records_is_noted_and_passed(world: RosterWorld) -> None:
    world.provider.roster["courses"][:] = [{"sourcedId": "", "title": "x"}, {"title": "y"}]
    read = world.read()
    assert [fault.code for fault in read.faults] == ["oneroster.id_unusable"] * 2
    assert [fault.file for fault in read.faults] == ["/courses[0]", "/courses[1]"]
