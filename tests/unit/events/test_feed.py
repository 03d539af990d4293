"""`/api/v1/events`: one order, from any cursor, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from gateway.store import Store
from gateway.store.events import lines
from gateway.store.events.forgetting import forget_changes
from gateway.store.events.lines import Place, Wanted, settle_moved, settled
from gateway.store.events.telling import tell
from gateway.store.tables import roster_changes
from providers.contract import Misconfigured
from tests.support.calling import Calling, said
from tests.support.rosters import District, a_district, a_roster
from tests.support.telling import end_of, lines_after, read


def _tell(calling: Calling, *ids: str, org_id: str | None = None) -> None:
    world = calling.school.world
    with world.store.transaction() as connection:
        tell(connection, org_id or calling.school.org_id, "users", "added", ids, world.clock())


def _page(calling: Calling, token: str, query: str) -> dict[str, Any]:
    return dict(calling.call("GET", f"/events?{query}", token).get_json())


def test_an_event_says_what_happened_by_ids_and_no_names(calling: Calling) -> None:  # I3
    token = calling.token(scope="events.readonly")
    now = _page(calling, token, "after=now")["cursor"]
    _tell(calling, "user-1")
    page = _page(calling, token, f"after={now}")
    event = page["events"][0]
    cursor = page["cursor"]
    data = {"entity": "user", "sourcedId": "user-1", "org": calling.school.org_id, "cursor": cursor}
    assert event == {
        "type": "user.created",
        "timestamp": calling.school.world.clock().isoformat(),
        "data": {"id": event["data"]["id"], **data},
    }
    assert (len(page["events"]), page["more"]) == (1, False)
    assert _page(calling, token, f"after={cursor}") == {"events": [], "cursor": cursor, "more": False}


def test_pages_follow_one_another_and_repeat_from_any_cursor(quick: Calling) -> None:
    token = quick.token(scope="events.readonly")
    _tell(quick, *(f"user-{number}" for number in range(5)))
    cursor, seen = _page(quick, token, "limit=1")["cursor"], []
    for _ in range(3):
        page = _page(quick, token, f"after={cursor}&limit=2")
        assert page == _page(quick, token, f"after={cursor}&limit=2")
        seen += [event["data"]["sourcedId"] for event in page["events"]]
        cursor = page["cursor"]
    assert seen == [f"user-{number}" for number in range(5)]


def test_an_application_hears_of_granted_districts_alone(calling: Calling) -> None:  # J1, G4
    elsewhere = calling.school.world.add_org()
    stranger = calling.token("stranger", "events.readonly", all_tenants=False, tenants=frozenset({elsewhere}))
    now = _page(calling, stranger, "after=now")["cursor"]
    _tell(calling, "mine")
    _tell(calling, "theirs", org_id=elsewhere)
    page = _page(calling, stranger, f"after={now}")
    assert [event["data"]["sourcedId"] for event in page["events"]] == ["theirs"]


@pytest.mark.parametrize("after", ["x", "AAAA", "A" * 64, "____________________________", "%00"])
def test_a_word_that_is_no_cursor_is_refused(quick: Calling, after: str) -> None:
    token = quick.token(scope="events.readonly")
    assert said(quick.call("GET", f"/events?after={after}", token)) == (400, "events.cursor_invalid")


def test_the_scope_is_needed(quick: Calling) -> None:
    assert said(quick.call("GET", "/events", quick.token(scope="invites"))) == (403, "api.scope_missing")


def test_a_cursor_that_is_too_old_is_gone(calling: Calling) -> None:
    token, world = calling.token(scope="events.readonly"), calling.school.world
    _tell(calling, "first")
    old = _page(calling, token, "limit=1")["cursor"]
    _tell(calling, "second")
    world.clock.move(days=91)
    fresh = calling.ask_token("reader", "events.readonly")["access_token"]
    _tell(calling, "third")
    while forget_changes(world.store, before=world.clock() - timedelta(days=90), now=world.clock()):
        pass
    answer = calling.call("GET", f"/events?after={old}", fresh)
    assert said(answer) == (410, "events.cursor_too_old")
    assert "after=now" in answer.get_json()["detail"]
    assert [event["data"]["sourcedId"] for event in _page(calling, fresh, "limit=9")["events"]] == ["third"]


def test_what_a_sync_needs_to_be_taken_back_is_kept_until_another_took_effect(district: District) -> None:
    first = district.sync(a_roster(students=2, classes=1))
    district.clock.move(days=200)
    _forget(district)
    assert district.syncs.undo(first.id, actor="test").status == "undo"
    again = district.sync(a_roster(students=2, classes=1))
    last = district.sync(a_roster(students=3, classes=1))
    district.clock.move(days=200)
    _forget(district)
    district.syncs.undo(last.id, actor="test")
    with pytest.raises(Misconfigured, match="forgotten"):
        district.syncs.undo(again.id, actor="test")
    assert {row["sync_id"] for row in district.rows(roster_changes)} > {last.id}
    assert again.id not in {row["sync_id"] for row in district.rows(roster_changes)}


def _forget(district: District) -> None:
    while forget_changes(district.store, before=district.clock() - timedelta(days=90), now=district.clock()):
        pass


@pytest.fixture
def postgresql(postgresql_store: Store) -> District:
    return a_district(postgresql_store)


def test_nothing_is_told_past_a_transaction_that_may_still_tell_something_before_it(postgresql: District) -> None:  # F9
    store, tenant, at = postgresql.store, postgresql.org.tenant_id, postgresql.clock()
    place = end_of(store)
    with store.transaction() as slow:
        tell(slow, tenant, "users", "added", ["slow"], at)
        with store.transaction() as quick:
            tell(quick, tenant, "users", "added", ["quick"], at)
        assert lines_after(store, place) == []
    assert [line.sourced_id for line in lines_after(store, place)] == ["slow", "quick"]


def test_a_database_that_moved_to_a_server_with_lower_numbers_goes_on_telling(postgresql: District) -> None:
    store, tenant, at = postgresql.store, postgresql.org.tenant_id, postgresql.clock()
    with store.transaction() as connection:
        connection.execute(update(roster_changes).values(xid=1 << 60))  # as a dump brought it
        known = connection.execute(select(func.max(roster_changes.c.id))).scalar_one()
    with store.transaction() as connection:
        tell(connection, tenant, "users", "added", ["new"], at)
    with store.statements() as connection:
        before = settled(connection, Place(1 << 60, known))
        assert [settle_moved(connection), settle_moved(connection)] == [1, 0]
    assert [line.sourced_id for line in lines_after(store, before)] == ["new"]


def test_a_reader_of_few_changes_looks_at_many_only_in_pieces(
    quick_district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "SCANNED", 3)
    store, at = quick_district.store, quick_district.clock()
    with store.transaction() as connection:
        tell(connection, "other", "users", "added", [f"u{n}" for n in range(5)], at)
    place, last = Place(0, 1), end_of(store)
    first = read(store, place, wanted=Wanted(tenants=["mine"]))
    assert (first.lines, first.place.id, first.has_more) == ([], 4, True)
    assert read(store, first.place, wanted=Wanted(tenants=["mine"])) == ([], last, False)
