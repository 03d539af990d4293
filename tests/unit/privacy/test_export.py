"""An export tells everything about one person, in whatever table, and nothing about others."""

from __future__ import annotations

import pytest

from gateway.store.tables import audit
from providers.contract import Misconfigured
from tests.support.matching import MatchingWorld
from tests.support.rosters import ACTOR, District, a_roster, with_changed
from tests.unit.privacy.conftest import privacy_of

SAM = "NF-1011"


def test_what_launches_and_rosters_told_is_in_it_with_the_names_of_classes(school: MatchingWorld) -> None:
    sam = school.user(SAM, username="sokafor")
    school.class_("c-1", sam)
    school.launches.tokens(school.launch())
    told = school.launches.gate.privacy.export(sam, actor=ACTOR)
    assert {"users", "identities", "enrollments", "launches", "sessions", "roster_records"} <= set(told["about"])
    assert told["about"]["users"][0]["username"] == "sokafor"
    assert {"Northfield", "Algebra"} <= set(told["names"].values())


def test_secrets_are_left_out(school: MatchingWorld) -> None:
    outcome = school.launch()
    school.launches.tokens(outcome)
    told = school.launches.gate.privacy.export(school.who(outcome), actor=ACTOR)
    columns = {name for rows in told["about"].values() for row in rows for name in row}
    assert not [name for name in columns if "hash" in name or "sealed" in name]


def test_others_are_not_in_it(district: District) -> None:
    roster = with_changed(a_roster(students=3, classes=1), "users", "s0-p2", family_name="Quillfeather")
    district.sync(roster)
    other = str(district.active("users")["s0-p1"]["sourced_id"])
    assert "Quillfeather" not in str(privacy_of(district).export(other, actor=ACTOR))


def test_the_audit_log_says_that_it_was_told_without_what(district: District) -> None:
    district.sync(with_changed(a_roster(students=3, classes=1), "users", "s0-p2", family_name="Quillfeather"))
    annie = str(district.active("users")["s0-p2"]["sourced_id"])
    privacy_of(district).export(annie, actor=ACTOR)
    line = district.rows(audit)[-1]
    assert (line["action"], line["subject"], line["detail"]["users"]) == ("privacy.exported", annie, 1)
    assert "Quillfeather" not in str(line)


def test_a_person_is_found_by_any_part_of_what_a_school_knows(district: District) -> None:
    names = {"given_name": "Annie", "family_name": "Quill%feather", "username": "aq1"}
    district.sync(with_changed(a_roster(students=3, classes=1), "users", "s0-p2", **names))
    found = {words: [each.username for each in privacy_of(district).find(words)] for words in ("annie q", "AQ1", "l%f")}
    assert found == {"annie q": ["aq1"], "AQ1": ["aq1"], "l%f": ["aq1"]}
    assert privacy_of(district).find("l_f") == []


@pytest.mark.parametrize("verb", ["export", "erase"])
def test_nobody_has_an_unknown_id(district: District, verb: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        getattr(privacy_of(district), verb)("nobody", actor=ACTOR)
    assert refused.value.code == "user.unknown"
