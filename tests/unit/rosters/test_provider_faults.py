"""A provider that misbehaves, read by the whole engine: nobody is removed, then our model is its truth (F1)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

import providers
from gateway.outbound import Limits, RoomHttp
from gateway.store import Store
from gateway.store.rosters.runs import Run
from providers.contract import KINDS, Failure, Kind
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.roster_switches import RosterSwitches
from providers.oneroster.simulator import settings_for
from tests.support.databases import KINDS as KINDS_OF_DATABASE
from tests.support.databases import opened
from tests.support.rostering import RosterWorld, rostering
from tests.support.rosters import ACTOR, Synced, synced_by


class Served(NamedTuple):
    """A district whose roster a simulated provider serves."""

    district: Synced
    world: RosterWorld

    @property
    def roster(self) -> Roster:
        """The truth, to be changed."""
        return self.world.provider.roster

    def sync(self) -> str:
        """Sync a day later; return the status or the failure's code."""
        try:
            return self._run().status
        except Failure as failure:
            return failure.code

    def _run(self) -> Run:
        self.world.clock.move(days=1)
        return self.district.syncs.run(self.district.integration_id, actor=ACTOR)

    def settle(self) -> str:
        """Sync, and approve what waits."""
        run = self._run()
        return self.district.syncs.approve(run.id, actor=ACTOR).status if run.status == "held" else run.status


@pytest.fixture(scope="module", params=KINDS_OF_DATABASE)
def lasting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One district for all tests here, on each database, with a provider of its own."""
    if request.param == "sqlite":
        address = request.getfixturevalue("sqlite_databases").fresh(tmp_path_factory.mktemp("faults"))
    else:
        address = request.getfixturevalue("postgres_databases").fresh()
    with address as url, opened(url) as store, rostering(students=18) as fresh:
        yield _served(store, fresh())


def _served(store: Store, world: RosterWorld) -> Served:
    settings = settings_for(world.provider, world.base) | {"page_size": 10, "version": "1.2"}
    http = RoomHttp(world.outbound, Limits(connect=2, read=5, total=10))
    return Served(synced_by(store, providers.room("oneroster"), settings, http, clock=world.clock), world)


@pytest.fixture
def served(lasting: Served) -> Served:
    """A synced district whose roster has changed since: one more, one fewer, one renamed, one moved."""
    _heal(lasting)
    _change(lasting.roster, len(lasting.roster["users"]))
    return lasting


def _change(roster: Roster, number: int) -> None:
    users, enrollments = roster["users"], roster["enrollments"]
    person, class_ = f"p-new-{number}", f"k-2-{('art', 'math')[number % 2]}"
    users.insert(3, copy.deepcopy(users[0]) | {"sourcedId": person, "givenName": "New"})
    enrollments.insert(9, copy.deepcopy(enrollments[0]) | {"sourcedId": f"e-{person}", "user": {"sourcedId": person}})
    users[1] |= {"givenName": f"Renamed {number}"}
    del enrollments[5]
    enrollments[7] |= {"class": {"sourcedId": class_}}


def _model(district: Synced) -> dict[Kind, dict[str, Any]]:
    """Return our active records by the source's ids: names of people, of whom and of which class an enrollment is."""
    seen = district.seen()
    found: dict[Kind, dict[str, Any]] = {kind: dict.fromkeys(seen[kind], True) for kind in KINDS if kind != "roles"}
    found["users"] = {each: (row["given_name"], row["family_name"]) for each, row in seen["users"].items()}
    found["enrollments"] = {
        each: (row["user_sourced_id"], row["class_sourced_id"], row["role"])
        for each, row in seen["enrollments"].items()
    }
    return found


def _truth(roster: Roster) -> dict[Kind, dict[str, Any]]:
    """Return the same of the provider's roster."""
    kinds = [kind for kind in KINDS if kind != "roles"]
    found: dict[Kind, dict[str, Any]] = {kind: {each["sourcedId"]: True for each in roster[kind]} for kind in kinds}
    found["users"] = {each["sourcedId"]: (each["givenName"], each["familyName"]) for each in roster["users"]}
    found["enrollments"] = {
        each["sourcedId"]: (each["user"]["sourcedId"], each["class"]["sourcedId"], each["role"])
        for each in roster["enrollments"]
    }
    return found


def _everybody(model: dict[Kind, dict[str, Any]]) -> set[tuple[Kind, str]]:
    return {(kind, source_id) for kind, records in model.items() for source_id in records}


# switches -> what the sync becomes: a fault that waiting heals is none; one that does not ends the reading, or what
# came is applied and nothing more.
HEALED: dict[str, dict[str, Any]] = {
    "429": {"busy": ((429, "3"), (429, ""))},
    "502 and 503": {"busy": ((502, ""), (503, ""))},
    "502 for large pages": {"bad_gateway_above": 10},
    "token that dies half-way": {"token_dies_after": 5},
    "no count and no links": {"count": "none", "links": "none"},
    "links that loop": {"links": "loop"},
    "links to another host": {"links": "other_host"},
    "a silent cap": {"page_cap": 7, "links": "none"},
    "400 beyond the end": {"beyond_the_end": "400", "links": "none"},
    "bare lists": {"page": "bare_list"},
}
ENDED: dict[str, tuple[dict[str, Any], str]] = {
    "429 for ever": ({"busy": ((429, "3600"),) * 400}, "rest.busy"),
    "502 for ever": ({"busy": ((502, ""),) * 400}, "rest.busy"),
    "401 from the start": ({"refuses_from": 1}, "rest.unauthorized"),
    "401 half-way": ({"refuses_from": 8}, "rest.unauthorized"),
    "a torn page": ({"page": "torn"}, "oneroster.not_json"),
    "a sign-in page": ({"page": "html"}, "oneroster.not_json"),
    "an error with status 200": ({"page": "error"}, "oneroster.error_answer"),
    "no envelope": ({"page": "empty_object"}, "oneroster.envelope_missing"),
}
DOUBTED: dict[str, dict[str, Any]] = {
    "a cut last page": {"page": "short"},
    "a repeated page": {"page": "repeated"},
    "nothing at all": {"page": "empty"},
    "null": {"page": "null_envelope"},
    "a count too high": {"count": "high", "links": "none"},
    "a count too low": {"count": "low", "links": "none"},
    "a count of one page": {"count": "first_page", "links": "none"},
    "pages that always shift": {"shifts": "always", "links": "none"},
    "a roster that changes meanwhile": {"revision_changes": True},
}


@pytest.mark.parametrize("case", HEALED)
def test_a_fault_that_patience_heals_leaves_the_providers_truth(served: Served, case: str) -> None:  # F1
    served.world.switch(**HEALED[case])
    assert served.sync() == "applied"
    assert _model(served.district) == _truth(served.roster)


@pytest.mark.parametrize("case", ENDED)
def test_a_fault_that_ends_the_reading_changes_nothing(served: Served, case: str) -> None:  # F1
    before = served.district.picture()
    switches, code = ENDED[case]
    served.world.switch(**switches)
    assert served.sync() == code
    assert served.district.picture() == before
    _heal(served)


@pytest.mark.parametrize(
    ("kind", "case"), [*(("enrollments", case) for case in DOUBTED), *(("users", case) for case in list(DOUBTED)[:5])]
)
def test_a_fault_that_raises_doubts_removes_nobody(served: Served, kind: str, case: str) -> None:  # F1
    before = _everybody(_model(served.district))
    served.world.switch(**DOUBTED[case], fault_in=kind)
    assert served.sync() in {"applied", "held"}
    removed = before - _everybody(_model(served.district))
    # What the provider itself no longer has may go, but only of a kind whose proof was not struck.
    assert {each for each in removed if each[0] == kind} == set()
    assert removed <= before - _everybody(_truth(served.roster))
    _heal(served)


def test_a_record_lost_while_pages_shift_is_gone_once_it_is_proven(served: Served) -> None:  # F1
    served.world.provider._has_shifted = False
    served.world.switch(shifts="once", links="none")
    first = served.roster["enrollments"][0]["sourcedId"]
    assert served.sync() == "applied"
    assert set(_truth(served.roster)["enrollments"]) <= set(_model(served.district)["enrollments"])
    _heal(served)
    assert first not in _model(served.district)["enrollments"]


def _heal(served: Served) -> None:
    """Let the provider go by the book again: then our model is its truth."""
    served.world.provider.switches = RosterSwitches()
    assert served.settle() in {"applied", "unchanged"}
    assert _model(served.district) == _truth(served.roster)
