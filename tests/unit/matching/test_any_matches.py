"""Of any people: the database proposes whom a plain comparison would, and a link comes apart without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, insert, select

from gateway.services.links import Links, RosterLock
from gateway.services.matches import Matches, Wish
from gateway.store import Store, people
from gateway.store.ids import new_id
from gateway.store.integrations import add_integration
from gateway.store.matching.kinship import are_at_odds
from gateway.store.orgs import add_org
from gateway.store.tables import (
    classes,
    enrollments,
    identities,
    record_links,
    roles,
    roster_records,
    roster_sources,
    users,
)
from tests.support.databases import opened
from tests.support.key_stores import Clock

_CLASSES = ("Algebra", "Biology")
_SOME = st.sampled_from(("1", "2", "3", None))
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Somebody(NamedTuple):
    """A person of either side; only a roster's has a `record`."""

    identifier: str | None
    username: str | None
    email: str | None
    name: str
    in_classes: frozenset[str]
    role: str | None
    came: int  # how many identities


_people = st.lists(
    st.builds(
        Somebody,
        _SOME,
        _SOME,
        _SOME,
        st.sampled_from(("Ann", "Bo")),
        st.frozensets(st.sampled_from(_CLASSES)),
        st.sampled_from(("student", "teacher", None)),
        st.integers(0, 2),
    ),
    max_size=4,
)


@pytest.fixture
def place(database_url: str) -> Iterator[Store]:
    with opened(database_url) as store:
        yield store


@dataclass
class Tenant:
    """A tenant of its own for each example."""

    store: Store
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        org = add_org(self.store, name="N", type="district", parent=None, actor="test", at=self.clock())
        self.tenant_id = org.tenant_id
        row = {"tenant_id": org.tenant_id, "org_sourced_id": org.tenant_id, "provider": "oneroster", "settings": {}}
        with self.store.transaction() as connection:
            self.launches = add_integration(connection, row, actor="test", at=self.clock())
            self.other = add_integration(connection, row, actor="test", at=self.clock())
            self.roster = add_integration(connection, row, actor="test", at=self.clock())
            source = {"tenant_id": org.tenant_id, "integration_id": self.roster, "guards": {}, "shapes": {}}
            key = connection.execute(insert(roster_sources), source).inserted_primary_key
            assert key is not None
            self.source = int(key[0])
            self.classes = {
                (title, owner): self._class(connection, title, owner) for title in _CLASSES for owner in (0, 1)
            }

    @property
    def own(self) -> dict[str, Any]:
        return {"sourced_id": new_id(), "tenant_id": self.tenant_id, "date_last_modified": self.clock()}

    def _class(self, connection: Any, title: str, owner: int) -> str:
        row = {**self.own, "title": title, "school_sourced_id": self.tenant_id}
        connection.execute(insert(classes), {**row, "roster_source_id": self.source if owner else None})
        return str(row["sourced_id"])

    def add(self, one: Somebody, number: int, *, rostered: bool) -> str:
        row = {**self.own, "given_name": one.name, "family_name": "Lee"}
        row |= {"identifier": one.identifier, "username": one.username, "email": one.email}
        row["roster_source_id"] = self.source if rostered else None
        user_id, told = str(row["sourced_id"]), "roster" if rostered else "launch"
        with self.store.transaction() as connection:
            connection.execute(insert(users), row)
            if one.role:
                of = {"user_sourced_id": user_id, "org_sourced_id": self.tenant_id, "role": one.role, "source": told}
                connection.execute(insert(roles), {**self.own, **of})
            for title in one.in_classes:
                of = {"user_sourced_id": user_id, "class_sourced_id": self.classes[title, int(rostered)]}
                of |= {"school_sourced_id": self.tenant_id, "role": one.role or "student", "source": told}
                connection.execute(insert(enrollments), {**self.own, **of})
            for count in range(one.came):
                people.add_identity(
                    connection, tenant_id=self.tenant_id, integration_id=self.other if rostered else self.launches,
                    subject=f"{user_id}-{count}", user_id=user_id, sis_id=None,
                    at=self.clock() + timedelta(days=number),
                )  # fmt: skip
            if rostered:
                record = {"roster_source_id": self.source, "kind": "users", "source_id": str(number)}
                connection.execute(
                    insert(roster_records), {**record, "sourced_id": user_id, "is_gone": False, "content_hash": 1}
                )
        return user_id

    @property
    def matches(self) -> Matches:
        return Matches(self.store, RosterLock(self.store), self.clock)

    def picture(self) -> dict[str, list[str]]:
        return {
            table.name: sorted(map(str, self._rows(table))) for table in (users, roles, enrollments, identities)
        } | {"roster_records": sorted(row["sourced_id"] for row in self._rows(roster_records, tenant=False))}

    def _rows(self, table: Table, *, tenant: bool = True) -> list[dict[str, Any]]:
        mine = table.c.tenant_id == self.tenant_id if tenant else table.c.roster_source_id == self.source
        with self.store.statements() as connection:
            found = connection.execute(select(table).where(mine)).mappings()
            return [{name: value for name, value in row.items() if name != "date_last_modified"} for row in found]


def _reasons(one: Somebody, rostered: Somebody, record: str) -> list[str]:
    if are_at_odds([one.role] if one.role else [], [rostered.role] if rostered.role else []):
        return []
    told = {
        "sis_id": one.identifier is not None and one.identifier in {record, rostered.identifier},
        "username": one.username is not None and one.username == rostered.username,
        "email": one.email is not None and one.email == rostered.email,
        "name_class": one.name == rostered.name and bool(one.in_classes & rostered.in_classes),
    }
    return [reason for reason, holds in told.items() if holds]


@given(_people, _people)
@FEW
def test_the_database_proposes_whom_a_plain_comparison_would(
    place: Store, some: list[Somebody], rostered: list[Somebody]
) -> None:
    tenant = Tenant(place)
    ours = [tenant.add(one, number, rostered=False) for number, one in enumerate(some)]
    theirs = [tenant.add(one, number, rostered=True) for number, one in enumerate(rostered)]
    expected = {
        (ours[i], theirs[j]): reasons
        for i, one in enumerate(some)
        for j, other in enumerate(rostered)
        if (reasons := _reasons(one, other, str(j)))
    }
    tenant.matches.find(tenant.roster, actor="test")
    found = tenant.matches.newest(Wish(tenant.roster), 100)
    assert {(each.user_id, each.rostered_user_id): each.reasons for each in found} == expected


# D5
@given(_people, _people)
@FEW
def test_what_a_person_confirmed_comes_apart_without_a_trace(
    place: Store, some: list[Somebody], rostered: list[Somebody]
) -> None:
    tenant = Tenant(place)
    for number, one in enumerate(some):
        tenant.add(one, number, rostered=False)
    for number, one in enumerate(rostered):
        tenant.add(one, number, rostered=True)
    before = tenant.picture()
    tenant.matches.find(tenant.roster, actor="test")
    done = tenant.matches.confirm_all(Wish(tenant.roster), actor="test")
    with place.statements() as connection:
        ids = list(
            connection.execute(select(record_links.c.id).where(record_links.c.tenant_id == tenant.tenant_id)).scalars()
        )
    assert (len(ids), tenant.picture() == before) == (done.done, not ids)
    Links(place, RosterLock(place), tenant.clock).undo(ids, actor="test")
    assert tenant.picture() == before
