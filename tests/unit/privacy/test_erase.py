"""After an erasure nothing in the database tells of the person, and everybody else is as they were (attack J6)."""

from __future__ import annotations

import pytest

from gateway.store.privacy.places import Person, places_of
from gateway.store.tables import audit, identities, metadata, roster_changes, roster_waiting, users
from providers.contract import EnrollmentRecord, Misconfigured, UserRecord
from tests.support.matching import MatchingWorld
from tests.support.rosters import ACTOR, District, a_roster, with_changed, without
from tests.unit.privacy.conftest import privacy_of, whole

SAM = "NF-1011"  # the SIS id that the simulated platform signs


def _erase(world: MatchingWorld, user_id: str, *, still_listed: bool = True) -> dict[str, int]:
    return world.launches.gate.privacy.erase(user_id, actor=ACTOR, still_listed=still_listed)


def _listed_as_annie(district: District) -> str:
    """Sync a roster with one person who can't be mistaken and return our id of them."""
    names = {"given_name": "Annie", "family_name": "Quillfeather", "username": "aquill", "email": "annie@quill.example"}
    roster = with_changed(a_roster(students=6, classes=1), "users", "s0-p2", **names, phone="555-0199")
    district.sync(with_changed(roster, "users", "s0-p3", agent_ids=("s0-p2", "s0-p4")))
    return str(district.active("users")["s0-p2"]["sourced_id"])


def test_a_person_who_came_by_launch_and_roster_is_gone_from_every_table(school: MatchingWorld) -> None:
    school.user(SAM, username="sokafor")
    outcome = school.launch()
    sam, (subject,) = school.who(outcome), [row["subject"] for row in school.launches.rows(identities)]
    school.launches.tokens(outcome)
    before = whole(school.store)
    told = ("Okafor", "sokafor", SAM, subject)
    assert all(each in before for each in told)
    _erase(school, sam)
    after = whole(school.store)
    assert [each for each in told if each in after] == []


def test_who_was_joined_goes_with_the_one_they_became(unpaired: MatchingWorld) -> None:
    outcome = unpaired.launch()
    taken = unpaired.user(SAM, family_name="Taken-In", username="sokafor")
    unpaired.pair()
    assert "Taken-In" in whole(unpaired.store)
    _erase(unpaired, taken)
    assert [each for each in ("Taken-In", "Okafor", "sokafor", SAM) if each in whole(unpaired.store)] == []
    assert unpaired.who(unpaired.launch()) != unpaired.who(outcome)


def test_a_roster_leaves_no_trace_of_whom_it_lists_no_more(district: District) -> None:
    annie = _listed_as_annie(district)
    others = {id: row for id, row in district.active("users").items() if id not in ("s0-p2", "s0-p3")}
    district.sync(without(district.room.roster, "users", ["s0-p2"]))
    privacy_of(district).erase(annie, actor=ACTOR)
    after = whole(district.store)
    assert [each for each in ("Annie", "Quill", "555-0199", '"s0-p2"') if each in after] == []
    assert {id: row for id, row in district.active("users").items() if id != "s0-p3"} == others


def test_what_waits_for_a_class_is_erased_with_whom_it_names(district: District) -> None:
    roster = a_roster(students=3, classes=1)
    roster["users"] = [*roster["users"], UserRecord("annie-ä", given_name="Annie")]
    roster["enrollments"] = [*roster["enrollments"], EnrollmentRecord("e", "annie-ä", "no-class", "student", "s0")]
    district.sync(with_changed(roster, "users", "s0-p2", agent_ids=("annie-ä",)))
    annie = str(district.active("users")["annie-ä"]["sourced_id"])
    assert any("annie" in str(row) for row in district.rows(roster_waiting))
    privacy_of(district).erase(annie, actor=ACTOR, still_listed=True)
    assert not any("annie" in str(row) for row in district.rows(roster_waiting))
    assert district.active("users")["s0-p2"]["agent_source_ids"] is None


def test_only_the_erased_are_taken_off_somebodys_agents(district: District) -> None:
    annie = _listed_as_annie(district)
    privacy_of(district).erase(annie, actor=ACTOR, still_listed=True)
    assert district.active("users")["s0-p3"]["agent_source_ids"] == ["s0-p4"]


def test_whom_a_roster_lists_is_not_erased_by_accident(district: District) -> None:
    annie = _listed_as_annie(district)
    before = whole(district.store)
    with pytest.raises(Misconfigured, match="next sync would bring them back") as refused:
        privacy_of(district).erase(annie, actor=ACTOR)
    assert (refused.value.code, whole(district.store)) == ("privacy.still_listed", before)


def test_who_is_still_listed_comes_back_as_somebody_new(district: District) -> None:
    annie = _listed_as_annie(district)
    privacy_of(district).erase(annie, actor=ACTOR, still_listed=True)
    run = district.sync()
    back = district.active("users")["s0-p2"]
    assert (run.status, run.types["users"]["added"], back["family_name"]) == ("applied", 1, "Quillfeather")
    assert back["sourced_id"] != annie


def test_an_undo_brings_nobody_back(district: District) -> None:
    annie = _listed_as_annie(district)
    run = district.sync(without(district.room.roster, "users", ["s0-p2"]))
    privacy_of(district).erase(annie, actor=ACTOR)
    district.syncs.undo(run.id, actor=ACTOR)
    (row,) = [row for row in district.rows(users) if row["sourced_id"] == annie]
    assert (row["status"], row["family_name"], row["enabled_user"]) == ("tobedeleted", None, False)


def test_applications_hear_that_an_id_is_gone_and_nothing_else(district: District) -> None:
    annie = _listed_as_annie(district)
    privacy_of(district).erase(annie, actor=ACTOR, still_listed=True)
    told = [row for row in district.rows(roster_changes) if row["sourced_id"] == annie]
    assert [(row["kind"], row["action"], row["before"]) for row in told] == [("users", "gone", None)]


def test_the_audit_log_keeps_who_did_it_and_how_much(district: District) -> None:
    annie = _listed_as_annie(district)
    done = privacy_of(district).erase(annie, actor=ACTOR, still_listed=True)
    line = district.rows(audit)[-1]
    assert (line["action"], line["subject"], line["actor"], line["detail"]) == ("privacy.erased", annie, ACTOR, done)
    assert done["users"] == done["enrollments"] == 1


def test_an_erasure_may_be_repeated(district: District) -> None:
    annie = _listed_as_annie(district)
    privacy_of(district).erase(annie, actor=ACTOR, still_listed=True)
    again = privacy_of(district).erase(annie, actor=ACTOR)
    assert set(again) <= {"users", "roles", "enrollments", "roster_changes"}


def test_every_table_that_names_a_user_is_looked_at() -> None:
    named = {
        table.name
        for table in metadata.sorted_tables
        if any(column.name.endswith("user_sourced_id") for column in table.columns)
    }
    assert named <= {table.name for table in places_of(Person("tenant", ("user",)))}
