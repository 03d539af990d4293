"""Changes that are told before what they stand on wait for it: told changes come to what the whole roster says."""

from __future__ import annotations

from gateway.store.tables import class_academic_sessions, roster_waiting
from providers.contract import ClassRecord, EnrollmentRecord, Finished, RoleRecord, UserRecord, role_id
from tests.support.rosters import ACTOR, District, Roster, a_district, a_roster

_KINDS = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments")
_LATE = EnrollmentRecord("e-late", "late", "s0-c0", "student", "s0")


def _told(district: District, *, roles_with_users: bool = False, **records: list[object]) -> Roster:
    """Let the room tell changes from now on, and return them as a roster."""
    district.room.ending = Finished("delta", frozenset(), roles_with_users=roles_with_users)
    return {kind: records.get(kind, []) for kind in _KINDS}  # type: ignore[misc]


def test_an_enrollment_waits_for_its_user(district: District) -> None:  # F7
    district.sync(a_roster())
    run = district.sync(_told(district, enrollments=[_LATE]))
    assert (run.status, run.types["enrollments"]["skipped"]) == ("unchanged", 1)
    run = district.sync(_told(district, users=[UserRecord("late", given_name="La", family_name="Te")]))
    assert (run.types["users"]["added"], run.types["enrollments"]["added"]) == (1, 1)
    assert district.active("enrollments")["e-late"]["role"] == "student"
    assert district.rows(roster_waiting) == []


def test_several_wait_together(district: District) -> None:
    more = [_LATE._replace(source_id=f"e-{number}") for number in range(3)]
    roster = a_roster()
    district.sync({**roster, "enrollments": [*roster["enrollments"], *more]})
    run = district.sync(_told(district, users=[UserRecord("another")]))
    assert (run.fault_count, len(district.rows(roster_waiting))) == (0, 3)
    run = district.sync(_told(district, users=[UserRecord("late")]))
    assert (run.types["enrollments"]["added"], len(district.rows(roster_waiting))) == (3, 0)


def test_what_waits_on_is_told_once_as_a_fault(district: District) -> None:
    district.sync({**a_roster(), "enrollments": [_LATE]})
    run = district.sync(_told(district, users=[UserRecord("another")]))
    assert (run.fault_count, run.types["enrollments"]["skipped"]) == (0, 0)
    assert [row["source_id"] for row in district.rows(roster_waiting)] == ["e-late"]


def test_what_went_with_a_class_comes_back_with_it(district: District) -> None:
    district.sync(a_roster(students=3, classes=1))
    before, terms = district.seen(), len(district.rows(class_academic_sessions))
    school = [each for each in a_roster()["orgs"] if each.source_id == "s0"]
    run = district.sync(_told(district, orgs=[each._replace(status="tobedeleted") for each in school]))
    district.syncs.approve(run.id, actor=ACTOR)
    assert district.seen()["classes"] == district.seen()["enrollments"] == {}
    run = district.sync(_told(district, orgs=school))
    assert (run.types["classes"]["returned"], run.types["enrollments"]["returned"]) == (1, 4)
    assert (district.seen(), len(district.rows(class_academic_sessions))) == (before, terms)


def test_a_reference_that_led_nowhere_leads_there_once_it_does(district: District) -> None:
    club = ClassRecord("club", "Chess", "s0", course_id="chess", term_ids=("spring",))
    roster = a_roster()
    district.sync({**roster, "classes": [*roster["classes"], club]})
    course = roster["courses"][0]._replace(source_id="chess")
    run = district.sync(_told(district, courses=[course]))
    assert (run.types["courses"]["added"], run.types["classes"]["changed"]) == (1, 1)
    assert district.active("classes")["club"]["course_sourced_id"] == district.active("courses")["chess"]["sourced_id"]
    assert [row["source_id"] for row in district.rows(roster_waiting)] == ["club"]  # for its term


def test_a_whole_reading_forgets_what_no_longer_waits(district: District) -> None:
    roster = a_roster()
    district.sync({**roster, "enrollments": [*roster["enrollments"], _LATE]})
    assert len(district.rows(roster_waiting)) == 1
    district.sync(roster)
    assert district.rows(roster_waiting) == []


def test_what_is_ended_waits_no_more(district: District) -> None:
    district.sync({**a_roster(), "enrollments": [_LATE]})
    district.sync(_told(district, enrollments=[_LATE._replace(status="tobedeleted")]))
    run = district.sync(_told(district, users=[UserRecord("late")]))
    assert run.types["enrollments"]["added"] == 0


def test_an_undo_takes_back_what_its_sync_left_waiting(district: District) -> None:
    district.sync(a_roster())
    run = district.sync(_told(district, users=[UserRecord("new")], enrollments=[_LATE]))
    district.syncs.undo(run.id, actor=ACTOR)
    assert district.rows(roster_waiting) == []


def test_a_preview_lets_nothing_wait(district: District) -> None:
    district.sync({**a_roster(), "enrollments": [_LATE]}, preview=True)
    assert district.rows(roster_waiting) == []


def test_nothing_of_another_tenant_waits_here(sqlite_district: District) -> None:  # F8
    ours, theirs = sqlite_district, a_district(sqlite_district.store, name="Southfield")
    theirs.sync({**a_roster(), "enrollments": [_LATE]})
    ours.sync(a_roster())
    ours.sync(_told(ours, users=[UserRecord("late")]))
    assert "e-late" not in ours.active("enrollments")
    assert len(ours.rows(roster_waiting)) == 1


def test_a_role_that_is_not_told_with_its_user_any_more_is_gone(district: District) -> None:
    district.sync(a_roster())
    moved = RoleRecord(role_id("s0-p1", "s0", "aide"), "s0-p1", "s0", "aide")
    user = next(each for each in a_roster()["users"] if each.source_id == "s0-p1")
    run = district.sync(_told(district, users=[user], roles=[moved], roles_with_users=True))
    assert (run.types["roles"]["added"], run.types["roles"]["gone"], run.types["users"]["changed"]) == (1, 1, 0)
    assert [each["role"] for each in district.active("roles").values()].count("aide") == 1


def test_a_user_waits_for_their_org_though_their_line_comes_again(sqlite_district: District) -> None:
    roster = a_roster()
    sqlite_district.room.uses_recall = sqlite_district.room.shares_lines = True
    roster["users"].append(UserRecord("u", given_name="Ann", primary_org_id="late"))
    for role in ("student", "aide"):
        sqlite_district.sync({**roster, "roles": [*roster["roles"], RoleRecord(f"r-{role}", "u", "s0", role)]})
    assert [row["source_id"] for row in sqlite_district.rows(roster_waiting)] == ["u"]


def test_what_a_held_sync_kept_back_goes_on_waiting_when_it_is_discarded(sqlite_district: District) -> None:
    """New ids are held and all that could stand on them: a waiting enrollment is neither written nor forgotten."""
    roster, late = a_roster(), UserRecord("late", given_name="La", family_name="Te")
    sqlite_district.sync({**roster, "enrollments": [*roster["enrollments"], _LATE]})
    students = [each for each in roster["users"] if each.source_id != "s0-t"]
    ended = [each._replace(status="tobedeleted") for each in students]
    again = [each._replace(source_id=f"new-{each.source_id}") for each in students]
    run = sqlite_district.sync(_told(sqlite_district, users=[*ended, *again, late]))
    assert "hold.ids_rekeyed" in {hold["code"] for hold in run.holds}
    sqlite_district.syncs.discard(run.id, actor=ACTOR)
    assert "e-late" in {row["source_id"] for row in sqlite_district.rows(roster_waiting)}
