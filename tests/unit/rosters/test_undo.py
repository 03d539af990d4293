"""An undo brings every row back as it was; what a sync added is marked as deleted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from gateway.store.tables import audit, roster_changes, syncs
from providers.contract import EnrollmentRecord, Misconfigured, OrgRecord, RoleRecord, UserRecord, role_id
from tests.support.rosters import ACTOR, District, Roster, a_roster, with_changed, without


def _several_changes(roster: Roster) -> Roster:
    changed = with_changed(roster, "classes", "s0-c0", title="Algebra I", term_ids=(), grades=("11",))
    changed = with_changed(changed, "users", "s0-p2", email="p2@s.example", grades=("09",), enabled_user=False)
    changed = without(changed, "users", ["s0-p3"])
    changed["users"] = [*changed["users"], UserRecord("new", given_name="New")]
    changed["enrollments"] = [*changed["enrollments"], EnrollmentRecord("e-new", "new", "s0-c1", "student", "s0")]
    return changed


def _active(picture: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: [row for row in rows if row.get("status") != "tobedeleted"] for name, rows in picture.items()}


def test_an_undo_restores_exactly(district: District) -> None:  # F5
    first = a_roster()
    district.sync(first)
    before = district.picture()
    run = district.sync(_several_changes(first))
    undo = district.syncs.undo(run.id, actor=ACTOR)
    assert (undo.status, undo.of_sync_id, district.syncs.find(run.id).status) == ("undo", run.id, "undone")
    assert _active(district.picture()) == before


def test_an_undo_goes_back_to_the_oldest_of_a_sync_s_pictures(district: District) -> None:
    """One sync may write a row twice, before and after an approval."""
    district.sync(a_roster())
    before = district.picture()
    first, second = (
        district.sync(with_changed(a_roster(), "users", "s0-p2", email=f"{name}@s.example")) for name in "ab"
    )
    with district.store.transaction() as connection:  # as if it had been one
        connection.execute(update(roster_changes).where(roster_changes.c.sync_id == second.id).values(sync_id=first.id))
        connection.execute(update(syncs).where(syncs.c.id == second.id).values(rows_written=0))
    district.syncs.undo(first.id, actor=ACTOR)
    assert district.picture() == before


def test_the_same_sync_after_an_undo_gives_the_same_ids(district: District) -> None:
    first = a_roster()
    district.sync(first)
    run = district.sync(_several_changes(first))
    after = district.picture()
    district.syncs.undo(run.id, actor=ACTOR)
    again = district.sync()
    assert (again.types["users"]["returned"], again.types["users"]["gone"]) == (1, 1)
    assert district.picture() == after


def test_an_undo_tells_the_opposite_events(district: District) -> None:
    first = a_roster()
    district.sync(first)
    run = district.sync(with_changed(without(first, "users", ["s0-p3"]), "users", "s0-p2", email="p2@s.example"))
    told = len(district.changes())
    district.syncs.undo(run.id, actor=ACTOR)
    assert sorted(district.changes()[told:]) == [
        ("enrollments", "returned"),
        ("enrollments", "returned"),
        ("roles", "returned"),
        ("users", "changed"),
        ("users", "returned"),
    ]


def test_an_approved_sync_is_undone_whole(district: District) -> None:
    first = a_roster(students=50)
    district.sync(first)
    before = district.picture()
    away = without(
        with_changed(first, "users", "s0-p40", email="x@s.example"), "users", [f"s0-p{n}" for n in range(12)]
    )
    run = district.sync(away)
    district.syncs.approve(run.id, actor=ACTOR)
    district.syncs.undo(run.id, actor=ACTOR)
    assert district.picture() == before


def test_syncs_are_undone_from_newest_to_oldest(district: District) -> None:
    first = a_roster()
    one = district.sync(first)
    two = district.sync(with_changed(first, "users", "s0-p2", email="p2@s.example"))
    with pytest.raises(Misconfigured, match=r"sync\.undo_too_late"):
        district.syncs.undo(one.id, actor=ACTOR)
    district.syncs.undo(two.id, actor=ACTOR)
    district.syncs.undo(one.id, actor=ACTOR)
    assert not district.active("users")
    with pytest.raises(Misconfigured, match=r"sync\.nothing_to_undo"):
        district.syncs.undo(one.id, actor=ACTOR)


def test_an_undo_is_audited(sqlite_district: District) -> None:
    run = sqlite_district.sync(a_roster())
    sqlite_district.syncs.undo(run.id, actor=ACTOR)
    assert [row["action"] for row in sqlite_district.rows(audit)][-1] == "sync.undone"


def test_the_districts_own_record_comes_back_with_an_undo(district: District) -> None:
    first = a_roster()
    district.sync(first)
    before = district.seen()
    assert "d" in before["orgs"]
    run = district.sync(without(first, "orgs", ["d"]))
    if run.status == "held":
        run = district.syncs.approve(run.id, actor=ACTOR)
    assert "d" not in district.seen()["orgs"]
    district.syncs.undo(run.id, actor=ACTOR)
    assert district.seen() == before


def test_a_district_that_is_named_later_is_the_integrations_own_org(district: District) -> None:
    first = a_roster()
    district.sync(without(first, "orgs", ["d"]))
    district.sync(first)
    assert district.active("orgs")["d"]["sourced_id"] == district.org.sourced_id


@pytest.mark.parametrize("org", ["s9", "d"])
def test_what_only_an_undone_sync_knew_was_never_known(district: District, org: str) -> None:  # F5
    """A reference that led nowhere leads nowhere again: the roster as it was before has nothing to write."""
    later = a_roster()
    later["orgs"] = [*later["orgs"], OrgRecord("s9", "School s9", "school", parent_id="d")]
    later = with_changed(later, "users", "s0-p2", primary_org_id=org)
    first = without(later, "orgs", [org])
    district.sync(first)
    for _ in range(2):
        run = district.sync(later)
        counts = {kind: (each["added"] + each["returned"], each["changed"]) for kind, each in run.types.items()}
        assert (counts["orgs"][0], counts["users"]) == (1, (0, 1))
        after = district.seen()
        assert after["users"]["s0-p2"]["primary_org_sourced_id"] == org
        district.syncs.undo(run.id, actor=ACTOR)
        preview = district.sync(first, preview=True)
        assert not any(each["changed"] for each in preview.types.values())
        again = district.sync(first)
        assert (again.status, again.rows_written) == ("unchanged", 0)


def test_a_line_that_told_of_what_is_taken_back_is_read_anew(district: District) -> None:  # F5
    """A line that is known for the sake of a user who stays as they are would hide the role that came with it."""
    district.room.uses_recall = district.room.shares_lines = True
    first = a_roster()
    role = RoleRecord(role_id("s0-p2", "d", "student"), "s0-p2", "d", "student")
    later = without(first, "classes", ["s0-c1"]) | {"roles": [*first["roles"], role]}
    district.sync(first)
    run = district.syncs.approve(district.sync(later).id, actor=ACTOR)
    after = district.seen()
    district.syncs.undo(run.id, actor=ACTOR)
    for _ in range(2):
        assert district.sync(first).status == "unchanged"
    district.syncs.approve(district.sync(later).id, actor=ACTOR)
    assert district.seen() == after
