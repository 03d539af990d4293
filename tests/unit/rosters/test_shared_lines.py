"""A line that tells of a user and of their roles is recognised only while all that it told stands as it was told."""

from __future__ import annotations

from providers.contract import OrgRecord, RoleRecord, UserRecord
from tests.support.rosters import District, a_roster


def test_a_user_whose_org_is_late_is_read_again_though_only_their_role_changed(sqlite_district: District) -> None:
    sqlite_district.room.uses_recall = sqlite_district.room.shares_lines = True
    roster = a_roster(students=2)
    roster["users"].append(UserRecord("u", given_name="Ann", primary_org_id="late"))
    student, aide = (RoleRecord(f"r-{role}", "u", "s0", role) for role in ("student", "aide"))
    for role in (student, aide):
        sqlite_district.sync({**roster, "roles": [*roster["roles"], role]})
    orgs = [*roster["orgs"], OrgRecord("late", "Late", "school", parent_id="d")]
    sqlite_district.sync({**roster, "roles": [*roster["roles"], aide], "orgs": orgs})
    late = sqlite_district.active("orgs")["late"]["sourced_id"]
    assert sqlite_district.active("users")["u"]["primary_org_sourced_id"] == late
