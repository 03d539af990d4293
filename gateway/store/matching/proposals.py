"""Doubtful matches: two users of one tenant who may be one person, until a person says so or says no."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from gateway.store.engine import Store
from gateway.store.matching.proposing import Search, found
from gateway.store.tables import identities, match_proposals, roster_sources, users
from gateway.store.tables.columns import Moment
from gateway.store.upsert import insert_into

OPEN, CONFIRMED, REJECTED, UNDONE = "open", "confirmed", "rejected", "undone"
STATES = (OPEN, CONFIRMED, REJECTED, UNDONE)
_p = match_proposals.c
_WRITTEN = (
    *("tenant_id", "user_sourced_id", "rostered_user_sourced_id", "roster_source_id", "source_id"),
    *("reasons", "state", "created_at"),
)


class Proposal(NamedTuple):
    """Two users who may be one. `user_id` is nobody's roster's; `reasons`: words, the strongest first."""

    id: int
    tenant_id: str
    integration_id: str
    roster_source_id: int
    source_id: str
    user_id: str
    rostered_user_id: str
    reasons: list[str]
    state: str
    link_id: int | None
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime


class Counts(NamedTuple):
    """What a search changed in the list, and what stands on it."""

    added: int
    withdrawn: int
    open: int


def keep_found(store: Store, search: Search) -> Counts:
    """Write what is new or told for other reasons, and let go of what no longer holds; decisions stay."""
    source, connection = search.source, search.connection
    mine = and_(_p.roster_source_id == source.id, _p.tenant_id == source.tenant_id)
    same = and_(mine, _p.source_id == found.c.source_id, _p.user_sourced_id == found.c.user_id)
    new = [
        literal(source.tenant_id), found.c.user_id, found.c.rostered_id, literal(source.id), found.c.source_id,
        found.c.reasons, literal(OPEN), literal(search.at, Moment()),
    ]  # fmt: skip
    fresh = select(*new).where(~exists().where(same))
    written = insert_into(match_proposals, store.dialect).from_select(_WRITTEN, fresh).on_conflict_do_nothing()
    is_open = and_(mine, _p.state == OPEN)
    connection.execute(
        update(match_proposals)
        .where(is_open, same, or_(found.c.reasons != _p.reasons, found.c.rostered_id != _p.rostered_user_sourced_id))
        .values(reasons=found.c.reasons, rostered_user_sourced_id=found.c.rostered_id)
    )
    gone = delete(match_proposals).where(is_open, ~exists().where(same).correlate(match_proposals))
    withdrawn = connection.execute(gone).rowcount
    added = connection.execute(written).rowcount
    standing = connection.execute(select(func.count()).select_from(match_proposals).where(is_open)).scalar_one()
    if added > 0 and store.dialect == "postgresql":  # a list that has just grown is else asked as if it were short
        connection.exec_driver_sql(f"ANALYZE {match_proposals.name}")
    return Counts(max(added, 0), max(withdrawn, 0), int(standing))


def _question(*where: ColumnElement[bool]) -> Select[Any]:
    columns = [
        _p.id, _p.tenant_id, roster_sources.c.integration_id, _p.roster_source_id, _p.source_id, _p.user_sourced_id,
        _p.rostered_user_sourced_id, _p.reasons, _p.state, _p.link_id, _p.decided_by, _p.decided_at, _p.created_at,
    ]  # fmt: skip
    home = and_(roster_sources.c.id == _p.roster_source_id, roster_sources.c.tenant_id == _p.tenant_id)
    return select(*columns).select_from(match_proposals.join(roster_sources, home)).where(*where)


def _as_proposal(row: Any) -> Proposal:
    told = Proposal._make(row)
    return told._replace(reasons=str(row[7]).split())


def has_reason(reason: str) -> ColumnElement[bool]:
    """Return the condition for a reason among others."""
    return (literal(" ") + _p.reasons + literal(" ")).contains(f" {reason} ", autoescape=True)


def is_alone() -> ColumnElement[bool]:
    """Return the condition for the only open proposal of both its people."""
    other = match_proposals.alias("other")
    # Not a column but a value: an index of all that is open would be the wrong one.
    is_open = func.coalesce(other.c.state, "") == OPEN
    rival = (other.c.tenant_id == _p.tenant_id, other.c.id != _p.id, is_open)
    of_record = and_(other.c.roster_source_id == _p.roster_source_id, other.c.source_id == _p.source_id)
    # Two questions, each with an index of its own.
    same = (other.c.user_sourced_id == _p.user_sourced_id, of_record)
    return and_(*(~exists().where(each, *rival).correlate(match_proposals) for each in same))


def of_integration(integration_id: str) -> ColumnElement[bool]:
    """Return the condition for one roster's proposals."""
    mine = roster_sources.c.integration_id == integration_id
    return _p.roster_source_id.in_(select(roster_sources.c.id).where(mine))


def list_proposals(store: Store, *where: ColumnElement[bool], limit: int) -> list[Proposal]:
    """Return proposals, oldest first."""
    with store.statements() as connection:
        question = _question(*where).order_by(_p.id).limit(limit)
        return [_as_proposal(row) for row in connection.execute(question)]


def in_state(state: str) -> ColumnElement[bool]:
    """Return the condition for a state."""
    return _p.state == state


def after(proposal_id: int) -> ColumnElement[bool]:
    """Return the condition for what comes later in the list."""
    return _p.id > proposal_id


def with_ids(ids: Iterable[int]) -> ColumnElement[bool]:
    """Return the condition for these proposals."""
    return _p.id.in_(list(ids))


def decide(
    connection: Connection, decided: Sequence[tuple[Proposal, int | None]], state: str, *, actor: str, at: datetime
) -> None:
    """Write a person's decision, with the link it made if it made one, in the caller's transaction."""
    own = update(match_proposals).where(_p.id == bindparam("own_id"), _p.tenant_id == bindparam("own_tenant"))
    told = own.values(state=state, link_id=bindparam("by_link"), decided_by=actor, decided_at=at)
    rows = [{"own_id": one.id, "own_tenant": one.tenant_id, "by_link": link_id} for one, link_id in decided]
    if rows:
        connection.execute(told, rows)


def withdraw_rivals(connection: Connection, source_id: int, tenant_id: str, decided: Sequence[Proposal]) -> None:
    """Let go of what else was open for people who are somebody now; for up to a few hundred of one roster."""
    # Not a column but a value: who they are finds the few, all that is open would be the wrong index.
    is_open = (_p.tenant_id == tenant_id, func.coalesce(_p.state, "") == OPEN)
    of_records = (_p.roster_source_id == source_id, _p.source_id.in_([one.source_id for one in decided]))
    connection.execute(delete(match_proposals).where(*is_open, *of_records))
    of_people = _p.user_sourced_id.in_([one.user_id for one in decided])
    connection.execute(delete(match_proposals).where(*is_open, of_people))


def mark_undone(connection: Connection, link_ids: Sequence[int], actor: str, at: datetime) -> None:
    """Say of confirmed proposals that their link was taken back by a person."""
    mine = update(match_proposals).where(_p.link_id.in_(list(link_ids)), _p.state == CONFIRMED)
    connection.execute(mine.values(state=UNDONE, decided_by=actor, decided_at=at))


def unmatched(store: Store, tenant_id: str, roster_source_id: int, limit: int) -> list[str]:
    """Return active people of a tenant whom no roster owns and of whom nothing is proposed for this roster."""
    told = exists().where(
        _p.user_sourced_id == users.c.sourced_id, _p.roster_source_id == roster_source_id, _p.state == OPEN
    )
    mine = (users.c.tenant_id == tenant_id, users.c.roster_source_id.is_(None), users.c.status == "active")
    question = select(users.c.sourced_id).where(*mine, ~told.correlate(users)).order_by(users.c.sourced_id).limit(limit)
    with store.statements() as connection:
        return list(connection.execute(question).scalars())


def arrival_of(connection: Connection, tenant_id: str, user_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return by which integration and subject people came first."""
    mine = (identities.c.tenant_id == tenant_id, identities.c.user_sourced_id.in_(list(user_ids)))
    question = select(identities.c.user_sourced_id, identities.c.integration_id, identities.c.subject)
    found_: dict[str, tuple[str, str]] = {}
    for user_id, integration_id, subject in connection.execute(question.where(*mine).order_by(identities.c.created_at)):
        found_.setdefault(user_id, (integration_id, subject))
    return found_


def people(store: Store, tenant_id: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what a person needs to see of people to judge a match."""
    names = ("sourced_id", "given_name", "family_name", "name", "username", "email", "identifier", "status")
    question = select(*(users.c[name] for name in names)).where(
        users.c.tenant_id == tenant_id, users.c.sourced_id.in_(list(ids))
    )
    with store.statements() as connection:
        return {row[0]: dict(zip(names, row, strict=True)) for row in connection.execute(question)}


def each_part(store: Store, size: int, *where: ColumnElement[bool]) -> Iterator[list[Proposal]]:
    """Yield proposals in parts, by their ids: what is decided meanwhile does not disturb."""
    last = 0
    while part := list_proposals(store, *where, after(last), limit=size):
        last = part[-1].id
        yield part
