"""Finds the rostered person or class that a launch proves to be by the SIS id it signed."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, literal, select

from gateway.store.matching.links import LinkKind
from gateway.store.matching.pairs import OWN_ROSTER
from gateway.store.tables import (
    classes,
    contexts,
    identities,
    integration_pairs,
    roles,
    roster_records,
    roster_sources,
    users,
)

_p, _s, _r = integration_pairs.c, roster_sources.c, roster_records.c


class Rostered(NamedTuple):
    """A row of ours that a roster owns, and the record that says so."""

    sourced_id: str
    roster_source_id: int
    source_id: str
    evidence: str


def own_record(connection: Connection, *, tenant_id: str, integration_id: str, roster_id: str) -> list[Rostered]:
    """Return the person whom the integration's own roster calls by this id."""
    sources = integration_pairs.join(
        roster_sources, and_(_s.integration_id == _p.roster_integration_id, _s.tenant_id == _p.tenant_id)
    ).join(roster_records, and_(_r.roster_source_id == _s.id, _r.kind == "users"))
    question = select(_r.sourced_id, _r.roster_source_id, _r.source_id, literal(OWN_ROSTER)).select_from(sources)
    mine = (_p.tenant_id == tenant_id, _p.launch_integration_id == integration_id, _p.match == OWN_ROSTER)
    return _found(connection, question.where(*mine, _r.source_id == roster_id))


def rostered(
    connection: Connection,
    *,
    tenant_id: str,
    integration_id: str,
    kind: LinkKind,
    sis_id: str | None,
    record_ref: str | None = None,
    goes_by_identifier: bool = False,
) -> list[Rostered]:
    """Return the rows that this id names in the rosters paired with an integration: one, none, or a doubtful many.

    An integration paired with itself goes by `record_ref` for classes, see `services.linking.record_ref_of`, and with
    `goes_by_identifier` for people whom the launch names by no other id of that roster.
    """
    paired = and_(_p.tenant_id == tenant_id, _p.launch_integration_id == integration_id)
    sources = integration_pairs.join(
        roster_sources, and_(_s.integration_id == _p.roster_integration_id, _s.tenant_id == _p.tenant_id)
    )
    by_id = (
        select(_r.sourced_id, _r.roster_source_id, _r.source_id, literal("sis_id"))
        .select_from(sources.join(roster_records, and_(_r.roster_source_id == _s.id, _r.kind == kind)))
        .where(paired, _r.source_id == sis_id)
    )
    if kind == "classes":
        of_others = _found(connection, by_id.where(_p.match != OWN_ROSTER)) if sis_id is not None else []
        return of_others + _own_classes(connection, paired, record_ref)
    owned = and_(users.c.roster_source_id == _s.id, users.c.identifier == sis_id, users.c.tenant_id == tenant_id)
    record = and_(_r.roster_source_id == _s.id, _r.kind == kind, _r.sourced_id == users.c.sourced_id)
    by_identifier = (
        select(_r.sourced_id, _r.roster_source_id, _r.source_id, literal("identifier"))
        .select_from(sources.join(users, owned).join(roster_records, record))
        .where(paired, _p.match.in_(("identifier", OWN_ROSTER) if goes_by_identifier else ("identifier",)))
    )
    return _found(connection, by_id.where(_p.match == "sis_id")) + _found(connection, by_identifier)


def _own_classes(connection: Connection, paired: ColumnElement[bool], record_ref: str | None) -> list[Rostered]:
    """Return the class that the integration's own roster calls so, or the classes of that course."""
    kind, _, source_id = (record_ref or "").partition("/")
    if not source_id:
        return []
    of_source = integration_pairs.join(
        roster_sources, and_(_s.integration_id == _p.roster_integration_id, _s.tenant_id == _p.tenant_id)
    ).join(roster_records, and_(_r.roster_source_id == _s.id, _r.kind == "classes", _r.is_gone.is_(False)))
    own = select(_r.sourced_id, _r.roster_source_id, _r.source_id, literal(OWN_ROSTER))
    question = own.where(paired, _p.match == OWN_ROSTER)
    if kind == "classes":
        return _found(connection, question.select_from(of_source).where(_r.source_id == source_id))
    course = roster_records.alias()
    of_course = of_source.join(classes, classes.c.sourced_id == _r.sourced_id).join(
        course,
        and_(
            course.c.roster_source_id == _s.id,
            course.c.kind == "courses",
            course.c.sourced_id == classes.c.course_sourced_id,
        ),
    )
    return _found(connection, question.select_from(of_course).where(course.c.source_id == source_id))


def _found(connection: Connection, question: Select[tuple[str, int, str, str]]) -> list[Rostered]:
    return [Rostered._make(row) for row in connection.execute(question.limit(3))]


def still_names(connection: Connection, kind: LinkKind, record: Rostered) -> bool:
    """Return whether the record is still that row's: a person may just have said that it is another's."""
    mine = (_r.roster_source_id == record.roster_source_id, _r.kind == kind, _r.source_id == record.source_id)
    return connection.execute(select(_r.sourced_id).where(*mine)).scalar() == record.sourced_id


def roles_of(connection: Connection, tenant_id: str, user_id: str) -> set[str]:
    """Return the words of a person's active roles."""
    mine = (roles.c.tenant_id == tenant_id, roles.c.user_sourced_id == user_id, roles.c.status == "active")
    return set(connection.execute(select(roles.c.role).where(*mine)).scalars())


def has_identity(connection: Connection, tenant_id: str, integration_id: str, user_id: str) -> bool:
    """Return whether somebody of this integration is this person already."""
    mine = (
        identities.c.tenant_id == tenant_id,
        identities.c.integration_id == integration_id,
        identities.c.user_sourced_id == user_id,
    )
    return connection.execute(select(identities.c.id).where(*mine).limit(1)).first() is not None


def has_context(connection: Connection, tenant_id: str, deployment_row_id: str, class_id: str) -> bool:
    """Return whether a context of this deployment is this class already."""
    mine = (
        contexts.c.tenant_id == tenant_id,
        contexts.c.deployment_row_id == deployment_row_id,
        contexts.c.class_sourced_id == class_id,
    )
    return connection.execute(select(contexts.c.id).where(*mine).limit(1)).first() is not None
