"""Takes away what is kept about one person; what stays is an empty row under an id of ours, so that no list breaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, null, select, update

from gateway.store.privacy.places import STAYS, Person, mentions, places_of
from gateway.store.privacy.telling import Rostered
from gateway.store.rosters.changing import transaction_number
from gateway.store.rosters.staging import GONE
from gateway.store.sessions import end_sessions_of_user
from gateway.store.tables import launches, roster_changes, roster_sources, sessions, tokens, users

_EMPTY_STAYS = {"sourced_id", "tenant_id", "roster_source_id"}


def erase(connection: Connection, person: Person, rosters: list[Rostered], at: datetime) -> dict[str, int]:
    """Erase a person in the caller's transaction; return the rows deleted, ended or emptied, by table.

    The caller holds the lock of each roster that knows the person.
    """
    for id in person.ids:
        end_sessions_of_user(connection, person.tenant_id, id, at)
    places = places_of(person)
    _forget_tokens(connection, person)
    done: dict[str, int] = {}
    for table, condition in reversed(places.items()):
        if table.name not in STAYS:
            done[table.name] = connection.execute(delete(table).where(condition)).rowcount
    for roster in rosters:
        _forget_agents(connection, person, roster)
        reading = update(roster_sources).where(
            roster_sources.c.id == roster.source_id, roster_sources.c.tenant_id == person.tenant_id
        )
        connection.execute(reading.values(digest=None, since=None))  # the rows are no longer what it told
    for table, condition in places.items():
        if table.name in STAYS:
            done[table.name] = connection.execute(update(table).where(condition).values(_left(table, at))).rowcount
    _tell(connection, person, at)
    return {name: count for name, count in done.items() if count}


def _left(table: Table, at: datetime) -> dict[str, Any]:
    """What a row says that stays: it was there, and it is over."""
    if table is users:
        emptied = {c.name: null() for c in table.columns if c.nullable and c.name not in _EMPTY_STAYS}
        return {**emptied, "enabled_user": False, "status": "tobedeleted", "date_last_modified": at}
    if table is launches:
        return {"claims": null()}
    if table is sessions:
        return {"ended_at": func.coalesce(sessions.c.ended_at, at)}
    return {"status": "tobedeleted", "date_last_modified": at}


def _forget_tokens(connection: Connection, person: Person) -> None:
    whose = select(sessions.c.id).where(
        sessions.c.tenant_id == person.tenant_id, sessions.c.user_sourced_id.in_(person.ids)
    )
    connection.execute(delete(tokens).where(tokens.c.session_id.in_(whose)))


def _forget_agents(connection: Connection, person: Person, roster: Rostered) -> None:
    """Other people's rows name this one, as their parent or child, by the roster's id."""
    for id in roster.ids:
        mention = mentions(users.c.agent_source_ids, id)
        of_roster = (users.c.tenant_id == person.tenant_id, users.c.roster_source_id == roster.source_id)
        question = select(users.c.sourced_id, users.c.agent_source_ids).where(*of_roster, mention)
        for user_id, agents in connection.execute(question).all():
            kept = [each for each in agents if each != id] or null()
            target = (users.c.tenant_id == person.tenant_id, users.c.sourced_id == user_id)
            connection.execute(update(users).where(*target).values(agent_source_ids=kept))


def _tell(connection: Connection, person: Person, at: datetime) -> None:
    """The one line that stays in the events: this id is gone."""
    line = {"xid": transaction_number(connection), "tenant_id": person.tenant_id, "kind": "users", "action": GONE}
    connection.execute(insert(roster_changes), [line | {"sourced_id": id, "at": at} for id in person.ids])
