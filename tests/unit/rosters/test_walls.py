"""A roster writes into its own tenant alone, whatever its mapping says; the database holds no foreign key here."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from gateway.store.rosters.shapes import SHAPES
from gateway.store.rosters.walls import OutsideTenant
from gateway.store.tables import classes, enrollments, orgs, roles, roster_records, users
from providers.contract import EnrollmentRecord, Kind, RoleRecord
from tests.support.rosters import District, a_district, a_roster

_NAMES = {"users": "s0-p0", "classes": "s0-c0", "orgs": "s0"}


@pytest.mark.parametrize("kind", ["users", "classes", "orgs"])
def test_a_mapping_that_leads_into_another_tenant_writes_nothing(district: District, kind: Kind) -> None:  # F8
    other = a_district(district.store, name="Southfield", clock=district.clock)
    roster = a_roster(students=2)
    district.sync(roster)
    other.sync(roster)
    theirs = other.active(kind)[_NAMES[kind]]["sourced_id"]
    mapping = (roster_records.c.kind == kind, roster_records.c.source_id == _NAMES[kind])
    mine = roster_records.c.sourced_id == district.active(kind)[_NAMES[kind]]["sourced_id"]
    with district.store.transaction() as connection:
        assert connection.execute(update(roster_records).where(*mapping, mine).values(sourced_id=theirs)).rowcount == 1
    before = district.picture()
    more = EnrollmentRecord("e-new", "s0-p0", "s0-c0", "aide", "s0")
    with pytest.raises(OutsideTenant):
        district.sync({**roster, "enrollments": [*roster["enrollments"], more]})
    assert district.picture() == before


def test_a_rosters_row_can_not_be_turned_to_another_tenant(district: District) -> None:  # F8
    other = a_district(district.store, name="Southfield", clock=district.clock)
    for each in (district, other):
        each.sync(a_roster(students=1))
    theirs = other.active("users")["s0-p0"]["sourced_id"]
    mine = enrollments.c.tenant_id == district.org.tenant_id
    with pytest.raises(IntegrityError), district.store.statements() as connection:
        connection.execute(update(enrollments).where(mine).values(user_sourced_id=theirs))


def test_every_row_of_a_roster_names_rows_of_its_tenant(district: District) -> None:  # F8
    other = a_district(district.store, name="Southfield", clock=district.clock)
    for each in (district, other):
        roster = a_roster(students=3, schools=2)
        each.sync(roster)
        roster["roles"].append(RoleRecord("r-new", "s0-p0", "s1", "aide"))
        roster["enrollments"].append(EnrollmentRecord("e-new", "s0-p0", "s1-c0", "aide"))
        each.sync(roster)
    own = {
        table.name: {row["sourced_id"]: row["tenant_id"] for row in district.rows(table)}
        for table in (users, classes, orgs)
    }
    for table in (roles, enrollments):
        rows = district.rows(table)
        assert {row["tenant_id"] for row in rows} == {district.org.tenant_id, other.org.tenant_id}
        for reference in SHAPES["roles" if table is roles else "enrollments"].references:
            where = own[SHAPES[reference.kind].table.name]
            assert all(where[row[reference.column]] == row["tenant_id"] for row in rows)
