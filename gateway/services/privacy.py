"""One person's rights: everything kept about them told, or erased; the audit log keeps that it was done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.services.links import RosterLock
from gateway.store import Store
from gateway.store.audit import note
from gateway.store.privacy.erasing import erase
from gateway.store.privacy.places import Person, person_of
from gateway.store.privacy.telling import Found, Rostered, about, count_about, find_people, names_in, rosters_of
from providers.contract import Misconfigured

_LISTED = (
    "A roster still lists this person, through {where}: its next sync would bring them back. Have the school take them"
    " off there first; or erase with --still-listed, and they would come back as somebody new."
)


@dataclass(frozen=True, slots=True)
class Privacy:
    """Thread-safe. `actor` is who asks, for the audit log."""

    store: Store
    lock: RosterLock
    now: Callable[[], datetime]

    def find(self, words: str, *, tenant_id: str | None = None, limit: int = 20) -> list[Found]:
        """Return the people whom a school may mean by a name, username, e-mail or identifier."""
        with self.store.statements() as connection:
            return find_people(connection, words, tenant_id, limit)

    def export(self, user_id: str, *, actor: str) -> dict[str, Any]:
        """Return everything kept about a person: rows by table, and the names of the classes and orgs in them.

        Raises:
            Misconfigured: ``user.unknown``.
        """
        at = self.now()
        with self.store.transaction() as connection:
            person = self._person(connection, user_id)
            told = about(connection, person)
            names = names_in(connection, told)
            note(
                connection,
                at=at,
                actor=actor,
                action="privacy.exported",
                subject=user_id,
                tenant_id=person.tenant_id,
                detail={name: len(rows) for name, rows in told.items()},
            )
        return {
            "user": user_id,
            "joined": person.ids[1:],
            "tenant": person.tenant_id,
            "exported_at": at,
            "about": told,
            "names": names,
        }

    def extent(self, user_id: str) -> tuple[dict[str, int], list[Rostered]]:
        """Return how many rows an erasure would touch, by table, and the rosters that know the person.

        Raises:
            Misconfigured: ``user.unknown``.
        """
        with self.store.statements() as connection:
            person = self._person(connection, user_id)
            return count_about(connection, person), rosters_of(connection, person)

    def erase(self, user_id: str, *, actor: str, still_listed: bool = False) -> dict[str, int]:
        """Erase what is kept about a person, for ever; return the rows deleted, ended or emptied, by table.

        The id stays as an empty row that is marked as deleted, so that applications hear of it. May be repeated.

        Raises:
            Misconfigured: ``user.unknown``, ``privacy.still_listed``.
            Unavailable: ``sync.busy``.
        """
        _, known = self.extent(user_id)
        with ExitStack() as held:
            for roster in sorted(known, key=lambda each: each.source_id):
                held.enter_context(self.lock.held(roster.source_id))
            with self.store.transaction() as connection:
                person = self._person(connection, user_id)
                rosters = rosters_of(connection, person)
                self._require_unlisted([] if still_listed else rosters)
                done = erase(connection, person, rosters, self.now())
                note(
                    connection,
                    at=self.now(),
                    actor=actor,
                    action="privacy.erased",
                    subject=user_id,
                    tenant_id=person.tenant_id,
                    detail=done,
                )
        return done

    def _person(self, connection: Any, user_id: str) -> Person:
        person = person_of(connection, user_id)
        if person is None:
            raise Misconfigured("user.unknown", f"There is no user {user_id!r}: see schoolgate privacy find.")
        return person

    def _require_unlisted(self, rosters: list[Rostered]) -> None:
        where = ", ".join(f"{each.provider} (integration {each.integration_id})" for each in rosters if each.still)
        if where:
            raise Misconfigured("privacy.still_listed", _LISTED.format(where=where))
