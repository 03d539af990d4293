"""An operator's word that two integrations of one tenant share ids; without it equal ids mean nothing."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.integrations import Integration
from gateway.store.tables import integration_pairs
from gateway.store.upsert import insert_or_ignore

OWN_ROSTER = "roster_id"  # the match of an integration that is paired with itself
_p = integration_pairs.c


class Pair(NamedTuple):
    """`match` says which field of the roster's users equals the SIS id that launches sign.

    `sis_id`: the roster's sourcedId; `identifier`: its identifier. Classes are matched by sourcedId either way.
    `roster_id`: an integration with itself; its sign-ins say by which id its own roster calls a person.
    """

    id: int
    tenant_id: str
    launch_integration_id: str
    roster_integration_id: str
    match: str


def add_pair(
    store: Store, launch: Integration, roster: Integration, match: str, *, actor: str, at: datetime
) -> Pair | None:
    """Pair two integrations of one tenant; None when they are paired already."""
    values = {
        "tenant_id": launch.tenant_id,
        "launch_integration_id": launch.id,
        "roster_integration_id": roster.id,
        "match": match,
    }
    with store.transaction() as connection:
        both = (_p.launch_integration_id == launch.id, _p.roster_integration_id == roster.id)
        if connection.execute(select(_p.id).where(*both)).first() is not None:
            return None
        added = connection.execute(insert(integration_pairs), {**values, "created_at": at})
        note(
            connection,
            at=at,
            actor=actor,
            action="integration.paired",
            subject=launch.id,
            tenant_id=launch.tenant_id,
            detail={"roster": roster.id, "match": match},
        )
        key = added.inserted_primary_key
    assert key is not None
    return Pair(id=int(key[0]), **values)


def pair_with_itself(connection: Connection, *, tenant_id: str, integration_id: str, at: datetime) -> None:
    """Let an integration's sign-ins meet its own roster: the provider says itself which record a person is."""
    values = {
        "tenant_id": tenant_id,
        "launch_integration_id": integration_id,
        "roster_integration_id": integration_id,
        "match": OWN_ROSTER,
        "created_at": at,
    }
    insert_or_ignore(connection, integration_pairs, ["launch_integration_id", "roster_integration_id"], values)


def remove_pair(store: Store, pair: Pair, *, actor: str, at: datetime) -> None:
    """Take the word back; links made by it stay until they are undone."""
    with store.transaction() as connection:
        connection.execute(delete(integration_pairs).where(_p.id == pair.id, _p.tenant_id == pair.tenant_id))
        note(
            connection,
            at=at,
            actor=actor,
            action="integration.unpaired",
            subject=pair.launch_integration_id,
            tenant_id=pair.tenant_id,
            detail={"roster": pair.roster_integration_id},
        )


def list_pairs(store: Store) -> list[Pair]:
    """Return every pair, oldest first."""
    with store.statements() as connection:
        columns = [_p[name] for name in Pair._fields]
        return [Pair._make(row) for row in connection.execute(select(*columns).order_by(_p.id))]
