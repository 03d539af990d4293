"""A school with launches and a roster whose rows are written as a sync leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from gateway.store import Store, people
from gateway.store.ids import new_id
from gateway.store.integrations import add_integration
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
from tests.support.launching import Launching, Outcome, launching

ACTOR = "test"


@dataclass
class MatchingWorld:
    """`launches` is the LMS's side; the roster is an integration of the same tenant, `source` its number."""

    launches: Launching
    roster_id: str
    source: int

    @property
    def store(self) -> Store:
        return self.launches.store

    @property
    def tenant_id(self) -> str:
        return str(self.launches.org_id)

    def pair(self, match: str = "sis_id") -> None:
        self.launches.gate.pairing.pair(self.launches.integration_id, self.roster_id, match, actor=ACTOR)

    def _record(self, kind: str, source_id: str, row: dict[str, Any], *, is_gone: bool = False) -> str:
        table = {"users": users, "classes": classes, "roles": roles, "enrollments": enrollments}[kind]
        sourced_id = new_id()
        record = {"roster_source_id": self.source, "kind": kind, "source_id": source_id, "sourced_id": sourced_id}
        own = {"sourced_id": sourced_id, "tenant_id": self.tenant_id, "date_last_modified": self.launches.clock()}
        with self.store.transaction() as connection:
            connection.execute(insert(table), {**own, **row})
            connection.execute(insert(roster_records), {**record, "is_gone": is_gone, "content_hash": 1})
        return sourced_id

    def user(self, source_id: str, role: str = "student", **fields: Any) -> str:
        """Write a rostered user with one role and return our id."""
        given = {"given_name": "Samuel", "family_name": "Okafor", "roster_source_id": self.source, **fields}
        user_id = self._record("users", source_id, given)
        of_role = {"user_sourced_id": user_id, "org_sourced_id": self.tenant_id, "role": role, "source": "roster"}
        self._record("roles", f"{source_id}-{role}", of_role)
        return user_id

    def class_(self, source_id: str, *members: str) -> str:
        """Write a rostered class with these students enrolled and return our id."""
        row = {"school_sourced_id": self.tenant_id, "title": "Algebra", "roster_source_id": self.source}
        class_id = self._record("classes", source_id, row)
        for member in members:
            of = {"user_sourced_id": member, "class_sourced_id": class_id, "school_sourced_id": self.tenant_id}
            self._record("enrollments", f"e-{source_id}-{member}", {**of, "role": "student", "source": "roster"})
        return class_id

    def person(self, *, subject: str | None = None, role: str = "student", **fields: Any) -> str:
        """Write a user whom no roster owns, with an identity if a `subject` is named, and return our id."""
        user_id = new_id()
        own = {"sourced_id": user_id, "tenant_id": self.tenant_id, "date_last_modified": self.launches.clock()}
        with self.store.transaction() as connection:
            connection.execute(insert(users), {**own, **fields})
        self.role_of(user_id, role)
        if subject is not None:
            self.identity_of(user_id, subject)
        return user_id

    def role_of(self, user_id: str, role: str) -> None:
        """Give somebody a role as a launch does."""
        with self.store.transaction() as connection:
            people.add_role(
                connection,
                tenant_id=self.tenant_id,
                user_id=user_id,
                org_id=self.tenant_id,
                role=role,
                is_primary=False,
                at=self.launches.clock(),
            )

    def identity_of(self, user_id: str, subject: str, *, days: float = 0) -> None:
        """Let somebody have come in by a launch so many days from now."""
        with self.store.transaction() as connection:
            people.add_identity(
                connection,
                tenant_id=self.tenant_id,
                integration_id=self.launches.integration_id,
                subject=subject,
                user_id=user_id,
                sis_id=None,
                at=self.launches.clock() + timedelta(days=days),
            )

    def in_class(self, user_id: str, **fields: Any) -> str:
        """Put somebody into a class that no roster owns, and return its id."""
        class_id = new_id()
        own = {"tenant_id": self.tenant_id, "school_sourced_id": self.tenant_id}
        row = {"sourced_id": class_id, "date_last_modified": self.launches.clock(), **own}
        with self.store.transaction() as connection:
            connection.execute(insert(classes), {**row, **fields})
            people.add_enrollment(
                connection,
                tenant_id=self.tenant_id,
                user_id=user_id,
                class_id=class_id,
                school_id=self.tenant_id,
                role="student",
                at=self.launches.clock(),
            )
        return class_id

    def change(self, user_id: str, **fields: Any) -> None:
        """Change what is known of somebody."""
        with self.store.transaction() as connection:
            people.change_user(connection, self.tenant_id, user_id, fields, self.launches.clock())

    def launch(self, person: str = "sam", **wrong: Any) -> Outcome:
        outcome = self.launches.launch(person, **wrong)
        assert outcome.code == "accepted", outcome
        return outcome

    def who(self, outcome: Outcome) -> str:
        """Return the user that an accepted launch was recorded for."""
        return str(self.launches.record(outcome).user_sourced_id)

    def where(self, outcome: Outcome) -> str:
        """Return the class that an accepted launch was recorded for."""
        return str(self.launches.record(outcome).class_sourced_id)

    def links(self) -> list[dict[str, Any]]:
        return self.launches.rows(record_links)

    def whose(self) -> list[str]:
        """Return whose identities there are."""
        with self.store.statements() as connection:
            return list(connection.execute(select(identities.c.user_sourced_id).order_by(identities.c.id)).scalars())

    def enrolled(self, class_id: str) -> list[tuple[str, str]]:
        """Return (user, source) of the active enrollments of a class."""
        rows = [row for row in self.launches.rows(enrollments) if row["class_sourced_id"] == class_id]
        return sorted((row["user_sourced_id"], row["source"]) for row in rows if row["status"] == "active")


@contextmanager
def matching(database_url: str, *, paired: bool = True) -> Iterator[MatchingWorld]:
    """Yield a school whose LMS and roster are paired by SIS id, unless `paired` is false."""
    with launching(database_url) as world:
        row = {"tenant_id": world.org_id, "org_sourced_id": world.org_id, "provider": "oneroster", "settings": {}}
        with world.store.transaction() as connection:
            roster_id = add_integration(connection, row, actor=ACTOR, at=world.clock())
            source = {"tenant_id": world.org_id, "integration_id": roster_id, "guards": {}, "shapes": {}}
            key = connection.execute(insert(roster_sources), source).inserted_primary_key
        assert key is not None
        made = MatchingWorld(world, roster_id, int(key[0]))
        if paired:
            made.pair()
        yield made
