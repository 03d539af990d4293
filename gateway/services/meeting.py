"""People and classes that are there twice meet: by proof at once, in doubt on a list for a person."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from gateway.store import Store
from gateway.store.matching.certain import proven
from gateway.store.matching.hand import Roster
from gateway.store.matching.links import LinkKind
from gateway.store.matching.pairs import OWN_ROSTER, list_pairs
from gateway.store.matching.proposals import Counts, keep_found
from gateway.store.matching.proposing import searching
from gateway.store.matching.uniting import Candidate, unite
from gateway.store.rosters.staging import Source

KINDS: tuple[LinkKind, ...] = ("classes", "users")  # as a sync: who is in a class is the roster's first
SAMPLE = 20


class Joined(NamedTuple):
    """How many were joined by proof, or would be, and the first of them."""

    classes: int = 0
    users: int = 0
    sample: tuple[Candidate, ...] = ()


class Met(NamedTuple):
    """What came of looking at a whole roster."""

    joined: Joined
    doubtful: Counts


def meet(store: Store, source: Source, *, actor: str, at: datetime) -> Met:
    """Join what is proven and list what is doubtful; the caller holds the lock of the roster's syncs."""
    joined = Joined()
    for pair in list_pairs(store):
        if pair.roster_integration_id == source.integration_id:
            joined = _sum(
                joined, join_proven(store, source, pair.launch_integration_id, pair.match, actor=actor, at=at)
            )
    with searching(store, source, at) as search:
        return Met(joined, keep_found(store, search))


def join_proven(store: Store, source: Source, launches: str, match: str, *, actor: str, at: datetime) -> Joined:
    """Join those of one pair of integrations, in parts, each a transaction; under the lock, as `meet`."""
    joined = Joined()
    for kind in _kinds(match):
        with proven(store, source, kind, launches, match, how="pair") as parts:
            for part in parts:
                with store.transaction() as connection:
                    home = Roster(source.id, source.tenant_id)
                    done = unite(connection, kind, home, part, actor=actor, at=at)
                joined = _sum(joined, _count(kind, [one for one, _ in done]))
    return joined


def look_for_proven(store: Store, source: Source, launches: str, match: str) -> Joined:
    """Say who would be joined; write nothing."""
    joined = Joined()
    for kind in _kinds(match):
        with proven(store, source, kind, launches, match, how="pair") as parts:
            for part in parts:
                joined = _sum(joined, _count(kind, part))
    return joined


def _kinds(match: str) -> tuple[LinkKind, ...]:
    """An integration's own roster is told of people alone."""
    return ("users",) if match == OWN_ROSTER else KINDS


def _count(kind: LinkKind, found: list[Candidate]) -> Joined:
    told = tuple(found[:SAMPLE])
    return Joined(classes=len(found), sample=told) if kind == "classes" else Joined(users=len(found), sample=told)


def _sum(one: Joined, other: Joined) -> Joined:
    sample = (*one.sample, *other.sample)[:SAMPLE]
    return Joined(one.classes + other.classes, one.users + other.users, sample)
