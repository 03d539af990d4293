"""For any two rosters: what a sync leaves depends on the last one alone, twice is once, an undo is as before."""

from __future__ import annotations

import os
from itertools import accumulate, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gateway.store import Store
from gateway.store.rosters.runs import Run
from gateway.store.tables import roster_records
from providers.contract import (
    KINDS,
    AcademicSessionRecord,
    ClassRecord,
    CourseRecord,
    EnrollmentRecord,
    Finished,
    OrgRecord,
    RoleRecord,
    UserRecord,
    role_id,
)
from tests.support.databases import emptied
from tests.support.rosters import ACTOR, District, Roster, a_district

_STAYS = 0.7  # of a day's records
pytestmark = pytest.mark.long
_EXAMPLES = {"sqlite": 12, "postgresql": 3}
_ORGS, _SESSIONS, _COURSES = ("d", "s1", "s2"), ("y", "t1"), ("k1",)
_CLASSES, _USERS = ("c1", "c2", "c3"), ("u1", "u2", "u/3", "U2")


def _some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _records(ids: tuple[str, ...], make: Any) -> st.SearchStrategy[list[Any]]:
    least = len(ids) - len(ids) // 2  # most of them are there, or all else would dangle
    return st.lists(_some(*ids), unique=True, min_size=least, max_size=len(ids)).flatmap(
        lambda chosen: st.tuples(*map(make, chosen)).map(list)
    )


def _of(record: Any, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw these fields and leave the others as they are by default."""
    return st.fixed_dictionaries(fields).map(lambda drawn: record(**drawn))


def _org(id_: str) -> st.SearchStrategy[Any]:
    kind, parent = ("district", None) if id_ == "d" else ("school", "d")
    return _of(OrgRecord, source_id=st.just(id_), name=_some("A", "B"), type=st.just(kind), parent_id=st.just(parent))


def _session(id_: str) -> st.SearchStrategy[Any]:
    dates = {"start_date": st.just("2026-08-01"), "end_date": st.just("2027-01-01")}
    parent = _some(None, "y")
    return _of(
        AcademicSessionRecord,
        source_id=st.just(id_),
        title=_some("T", "U"),
        type=_some("term"),
        parent_id=parent,
        **dates,
    )


def _course(id_: str) -> st.SearchStrategy[Any]:
    return _of(CourseRecord, source_id=st.just(id_), title=_some("K", "L"), org_id=_some(None, *_ORGS))


def _class(id_: str) -> st.SearchStrategy[Any]:
    terms = st.lists(_some(*_SESSIONS), unique=True).map(tuple)
    own = {"source_id": st.just(id_), "title": _some("X", "Y"), "school_id": _some(*_ORGS)}
    return _of(ClassRecord, course_id=_some(None, "k1"), term_ids=terms, **own)


def _user(id_: str) -> st.SearchStrategy[Any]:
    names = {"given_name": _some("Ann", "Bo"), "family_name": _some(None, "Sø", "=")}
    more = {"primary_org_id": _some(None, *_ORGS), "grades": _some((), ("09",)), "enabled_user": st.booleans()}
    return _of(UserRecord, source_id=st.just(id_), **names, **more)


def _enrollment(id_: str) -> st.SearchStrategy[Any]:
    whose = {"user_id": _some(*_USERS), "class_id": _some(*_CLASSES), "role": _some("student", "teacher")}
    more = {"school_id": _some(None, *_ORGS), "end_date": _some(None, "2020-01-01")}
    return _of(EnrollmentRecord, source_id=st.just(id_), **whose, **more)


def _roles() -> st.SearchStrategy[list[RoleRecord]]:
    triples = st.lists(st.tuples(_some(*_USERS), _some(*_ORGS), _some("student", "teacher")), unique=True, max_size=5)
    return triples.map(lambda found: [RoleRecord(role_id(*each), *each) for each in found])


def _rosters() -> st.SearchStrategy[Roster]:
    return st.fixed_dictionaries(
        {
            "orgs": _records(_ORGS, _org),
            "academicSessions": _records(_SESSIONS, _session),
            "courses": _records(_COURSES, _course),
            "classes": _records(_CLASSES, _class),
            "users": _records(_USERS, _user),
            "roles": _roles(),
            "enrollments": _records(("e1", "e2", "e3", "e4"), _enrollment),
        }
    )  # fmt: skip


@pytest.fixture(params=[*_EXAMPLES])
def place(request: pytest.FixtureRequest) -> tuple[Store, int]:
    """One database for all examples, emptied before each: most of an example's time would be making SQL anew."""
    store = request.getfixturevalue(f"{request.param}_store")
    return store, _EXAMPLES[request.param]


def _examine(place: tuple[Store, int], rosters: int, fact: Any) -> None:
    store, examples = place
    suppressed = [HealthCheck.too_slow, HealthCheck.data_too_large]
    # A submission is judged on the same rosters every time; on a developer's machine new ones are drawn.
    careful = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize="CI" in os.environ,
        suppress_health_check=suppressed,
        phases=[Phase.generate],
    )
    careful(
        given(st.tuples(*[_rosters()] * rosters), st.booleans())(
            lambda drawn, shares: fact(emptied(store), drawn, shares)
        )
    )()


def _district(store: Store, *, shares: bool, recalls: bool = True) -> District:
    district = a_district(store)
    district.room.uses_recall, district.room.shares_lines = recalls, shares
    return district


def _settled(district: District, roster: Roster) -> Run:
    """Sync, and approve what waits: small rosters lose large shares."""
    run = district.sync(roster)
    return district.syncs.approve(run.id, actor=ACTOR) if run.status == "held" else run


def test_what_is_seen_depends_on_the_last_roster_alone(place: tuple[Store, int]) -> None:
    def fact(store: Store, rosters: tuple[Roster, ...], shares: bool) -> None:
        lived, fresh = _district(store, shares=shares), _district(store, shares=shares, recalls=False)
        for roster in rosters:
            _settled(lived, roster)
        _settled(fresh, rosters[-1])
        assert lived.seen() == fresh.seen()

    _examine(place, 3, fact)


def test_the_same_roster_twice_writes_nothing_the_second_time(place: tuple[Store, int]) -> None:
    def fact(store: Store, rosters: tuple[Roster, ...], shares: bool) -> None:
        district = _district(store, shares=shares)
        for roster in rosters:
            _settled(district, roster)
        again = district.sync()
        assert (again.status, again.rows_written) == ("unchanged", 0)

    _examine(place, 2, fact)


def test_recognising_lines_counts_and_writes_what_reading_all_does(place: tuple[Store, int]) -> None:
    def fact(store: Store, rosters: tuple[Roster, ...], shares: bool) -> None:
        quick, slow = _district(store, shares=shares), _district(store, shares=shares, recalls=False)
        for roster in rosters:
            ours, theirs = _settled(quick, roster), _settled(slow, roster)
            for kind in ours.types:
                told = {name: ours.types[kind][name] for name in ("added", "changed", "gone", "returned", "untouched")}
                assert told == {name: theirs.types[kind][name] for name in told}
            assert quick.seen() == slow.seen()

    _examine(place, 3, fact)


def _remembered(district: District) -> dict[tuple[str, str], tuple[str, int]]:
    """Return whose sourcedId each record that stands is, and the hash of its content."""
    return {
        (row["kind"], row["source_id"]): (row["sourced_id"], row["content_hash"])
        for row in district.rows(roster_records)
        if not row["is_gone"]
    }


def _come_and_gone(run: Run) -> dict[str, tuple[int, int, int]]:
    """Return what a run counts by kind; what was added once returns the second time."""
    return {kind: (each["added"] + each["returned"], each["changed"], each["gone"]) for kind, each in run.types.items()}


def _nothing_to_write(district: District, roster: Roster) -> None:
    """No record is another than the roster says; at most its line is learnt anew, once."""
    told = ("added", "changed", "gone", "returned")
    again = _settled(district, roster)
    assert not any(counts[name] for counts in again.types.values() for name in told)
    again = district.sync(roster)
    assert (again.status, again.rows_written) == ("unchanged", 0)


def test_an_undo_is_as_if_the_sync_had_not_been(place: tuple[Store, int]) -> None:  # F5
    def fact(store: Store, rosters: tuple[Roster, ...], shares: bool) -> None:
        district = _district(store, shares=shares)
        first, second = rosters
        _settled(district, first)
        before, remembered = district.seen(), _remembered(district)
        run = _settled(district, second)
        after, then = district.seen(), _remembered(district)
        if run.rows_written:
            district.syncs.undo(run.id, actor=ACTOR)
            assert (district.seen(), _remembered(district)) == (before, remembered)
            _nothing_to_write(district, first)
            again = _settled(district, second)
            assert (district.seen(), _remembered(district)) == (after, then)
            assert _come_and_gone(again) == _come_and_gone(run)

    _examine(place, 2, fact)


def _told_changes(before: Roster, after: Roster, *, roles_with_users: bool) -> Roster:
    """Return the records that are new or other, and those that are no longer there marked as deleted.

    `roles_with_users`: a role is told with its user and all others of theirs, or by their absence.
    """
    told: Roster = {}
    for kind in KINDS:
        kept = {each.source_id for each in after[kind]}
        news = [each for each in after[kind] if each not in before[kind]]
        ended = [each._replace(status="tobedeleted") for each in before[kind] if each.source_id not in kept]
        told[kind] = [*news, *ended]
    if roles_with_users:
        whose = {each.user_id for each in told["roles"]} | {each.source_id for each in told["users"]}
        people = {each.source_id: each for each in (*after["users"], *told["users"])}
        told["users"] = [people[each] for each in sorted(whose & people.keys())]
        told["roles"] = [each for each in after["roles"] if each.user_id in whose & people.keys()]
    return told


def _little_changed(before: Roster, other: Roster, chance: Random) -> Roster:
    """Return the roster a day later: most records stay as they are, some are as in `other`, or gone with it."""
    later: Roster = {}
    for kind in KINDS:
        old, new = ({each.source_id: each for each in roster[kind]} for roster in (before, other))
        drawn = [(old if chance.random() < _STAYS else new).get(id_) for id_ in sorted({*old, *new})]
        later[kind] = [each for each in drawn if each is not None]
    return later


def test_told_changes_come_to_what_the_whole_roster_says(place: tuple[Store, int]) -> None:
    def fact(store: Store, rosters: tuple[Roster, ...], shares: bool) -> None:
        first, *others, chance = *rosters, Random(repr(rosters))
        days = list(accumulate(others, lambda day, other: _little_changed(day, other, chance), initial=first))
        changed, whole = _district(store, shares=shares, recalls=False), _district(store, shares=shares, recalls=False)
        _settled(changed, first)
        changed.room.ending = Finished("delta", frozenset(), roles_with_users=shares)
        for before, after in pairwise(days):
            _settled(changed, _told_changes(before, after, roles_with_users=shares))
        _settled(whole, days[-1])
        assert changed.seen() == whole.seen()

    _examine(place, 4, fact)
