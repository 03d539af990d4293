"""Knows newcomers by proof: the SIS id that a launch signed is a record's of a roster that shares its ids.

Only where an operator paired the two integrations, only when the id names exactly one record, and never against the
roles, a second claim or an earlier decision: in such doubts they stay two people.
"""

from __future__ import annotations

from datetime import datetime

from gateway.services.linking import record_ref_of, sis_id_of
from gateway.store import Connection, people
from gateway.store.arrivals import Known
from gateway.store.matching.arriving import (
    Rostered,
    has_context,
    has_identity,
    own_record,
    roles_of,
    rostered,
    still_names,
)
from gateway.store.matching.kinship import are_at_odds
from gateway.store.matching.links import LinkKind, NewLink, was_decided_against, write_links
from providers.contract import Launch, LaunchPerson

ACTOR = "launch"


def recognise(connection: Connection, launch: Launch, known: Known, at: datetime) -> bool:
    """Join a launch's person and class with the roster's, in the caller's transaction; True when any was joined.

    Raises:
        people.Collision: another launch did the same just now.
    """
    person = _recognise_person(connection, launch, known, at)
    return _recognise_class(connection, launch, known, at) or person


def _recognise_person(connection: Connection, launch: Launch, known: Known, at: datetime) -> bool:
    if launch.subject is None or known.user_id is not None or launch.roles.is_test_user:
        return False
    tenant_id, integration_id = str(known.tenant_id), str(known.integration_id)
    record = _record_of(connection, known, launch.person)
    if record is None or has_identity(connection, tenant_id, integration_id, record.sourced_id):
        return False
    told = {str(role) for role in (*launch.roles.person, *launch.roles.enrollment)}
    if are_at_odds(told, roles_of(connection, tenant_id, record.sourced_id)):
        return False
    if was_decided_against(connection, tenant_id, record.roster_source_id, record.source_id, launch.subject):
        return False
    people.add_identity(
        connection,
        tenant_id=tenant_id,
        integration_id=integration_id,
        subject=launch.subject,
        user_id=record.sourced_id,
        sis_id=launch.person.sourced_id,
        roster_id=launch.person.roster_id,
        at=at,
    )
    _note(connection, known, "users", record, launch.subject, at)
    _require_standing(connection, "users", record)
    return True


def _record_of(connection: Connection, known: Known, person: LaunchPerson) -> Rostered | None:
    """Return the person's record in the provider's own roster, or else in one that shares the school's ids."""
    if person.roster_id:
        home = {"tenant_id": str(known.tenant_id), "integration_id": str(known.integration_id)}
        own = own_record(connection, roster_id=person.roster_id, **home)
        if own:
            return own[0]
    if not person.sourced_id:
        return None
    return _only(connection, known, "users", person.sourced_id, goes_by_identifier=not person.roster_id)


def _recognise_class(connection: Connection, launch: Launch, known: Known, at: datetime) -> bool:
    context = launch.context
    if context is None or known.has_context is not None:
        return False
    sis_id, record_ref = sis_id_of(context), record_ref_of(context)
    if sis_id is None and record_ref is None:
        return False
    tenant_id, deployment = str(known.tenant_id), str(known.deployment_row_id)
    record = _only(connection, known, "classes", sis_id, record_ref)
    if record is None or has_context(connection, tenant_id, deployment, record.sourced_id):
        return False
    key = f"{deployment} {context.id}"
    if was_decided_against(connection, tenant_id, record.roster_source_id, record.source_id, key):
        return False
    people.add_context(
        connection,
        tenant_id=tenant_id,
        deployment_row_id=deployment,
        context_id=context.id,
        class_id=record.sourced_id,
        sis_id=sis_id,
        record_ref=record_ref,
        at=at,
    )
    _note(connection, known, "classes", record, key, at)
    _require_standing(connection, "classes", record)
    return True


def _only(
    connection: Connection,
    known: Known,
    kind: LinkKind,
    sis_id: str | None,
    record_ref: str | None = None,
    *,
    goes_by_identifier: bool = False,
) -> Rostered | None:
    found = rostered(
        connection,
        tenant_id=str(known.tenant_id),
        integration_id=str(known.integration_id),
        kind=kind,
        sis_id=sis_id,
        record_ref=record_ref,
        goes_by_identifier=goes_by_identifier,
    )
    return found[0] if len(found) == 1 else None


def _require_standing(connection: Connection, kind: LinkKind, record: Rostered) -> None:
    """What was just written waited for whoever is joining this row with another; then it is done again."""
    if not still_names(connection, kind, record):
        raise people.Collision


def _note(connection: Connection, known: Known, kind: LinkKind, record: Rostered, key: str, at: datetime) -> None:
    link = NewLink(
        tenant_id=str(known.tenant_id),
        kind=kind,
        kept=record.sourced_id,
        roster_source_id=record.roster_source_id,
        source_id=record.source_id,
        integration_id=str(known.integration_id),
        how="launch",
        evidence=record.evidence,
        actor=ACTOR,
        arrival_key=key,
    )
    write_links(connection, [link], at)
