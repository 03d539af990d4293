"""Clears away what a school's administrator set up by link, took back and replaced, and nobody ever came through."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, or_, select

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.tables import (
    audit,
    contexts,
    deep_linking_requests,
    deployments,
    identities,
    integration_pairs,
    integrations,
    invites,
    launches,
    legacy_ids,
    notices,
    record_links,
    registrations,
    resource_links,
    roster_schedules,
    roster_sources,
)

BATCH: Final = 500
# What shows that an integration is in use, or was. A link that still leads to it may yet correct it.
_USES: Final = (invites, identities, launches, legacy_ids, record_links, notices, roster_schedules, roster_sources)
_OF_DEPLOYMENT: Final = (contexts, resource_links, launches, notices)
_OF_REGISTRATION: Final = (launches, notices, deep_linking_requests)


def forget_taken_back(store: Store, *, before: datetime, at: datetime) -> int:
    """Delete a batch of such integrations, each with its registration if it was the only one; return how many."""
    with store.transaction() as connection:
        found = connection.execute(_taken_back(before)).all()
        for row in found:
            _forget(connection, row, at)
    return len(found)


def _taken_back(before: datetime) -> Select[Any]:
    by_its_link = (
        audit.c.actor.startswith("invite:") & (audit.c.action == "integration.disabled") & (audit.c.at < before)
    )
    later = audit.alias()
    last = ~exists().where(later.c.subject == audit.c.subject, later.c.id > audit.c.id)
    taken_back = exists().where(audit.c.subject == integrations.c.id, by_its_link, last)
    pairs = (integration_pairs.c.launch_integration_id, integration_pairs.c.roster_integration_id)
    question = select(integrations.c.id, integrations.c.tenant_id, integrations.c.registration_id)
    return question.where(
        integrations.c.status == "disabled",
        integrations.c.created_at < before,
        taken_back,
        *(~exists().where(table.c.integration_id == integrations.c.id) for table in _USES),
        ~exists().where(or_(*(column == integrations.c.id for column in pairs))),
        *(
            ~exists().where(
                deployments.c.integration_id == integrations.c.id, table.c.deployment_row_id == deployments.c.id
            )
            for table in _OF_DEPLOYMENT
        ),
        _registration_can_go() | _is_shared(),
    ).order_by(integrations.c.created_at).limit(BATCH)  # fmt: skip


def _is_shared() -> ColumnElement[bool]:
    other = integrations.alias()
    mine = other.c.registration_id == integrations.c.registration_id
    return exists().where(mine, other.c.id != integrations.c.id, other.c.status == "active")


def _registration_can_go() -> ColumnElement[bool]:
    """Whether nothing else holds the registration: one without an integration could be nobody's."""
    other, mine = integrations.alias(), integrations.c.registration_id
    foreign = or_(deployments.c.integration_id.is_(None), deployments.c.integration_id != integrations.c.id)
    free = ~exists().where(other.c.registration_id == mine, other.c.id != integrations.c.id)
    free &= ~exists().where(deployments.c.registration_id == mine, foreign)
    for table in _OF_REGISTRATION:
        free &= ~exists().where(table.c.registration_id == mine)
    return free


def _forget(connection: Connection, row: Row[Any], at: datetime) -> None:
    connection.execute(delete(deployments).where(deployments.c.integration_id == row.id))
    connection.execute(delete(integrations).where(integrations.c.id == row.id))
    others = select(integrations.c.id).where(integrations.c.registration_id == row.registration_id)
    if row.registration_id is not None and connection.execute(others.limit(1)).first() is None:
        connection.execute(delete(registrations).where(registrations.c.id == row.registration_id))
    note(
        connection, at=at, actor="housekeeper", action="integration.forgotten", subject=row.id,
        tenant_id=row.tenant_id, detail={"why": "taken back through its link, never used"},
    )  # fmt: skip
