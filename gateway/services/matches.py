"""Doubtful matches for a person: found, listed with their reasons, confirmed or rejected one by one or in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from gateway.services.links import RosterLock
from gateway.services.meeting import Met, meet
from gateway.store import Store
from gateway.store.integrations import Integration, find_integration
from gateway.store.matching import proposals
from gateway.store.matching.hand import MOST_AT_ONCE, Roster
from gateway.store.matching.kinship import are_kin
from gateway.store.matching.proposals import CONFIRMED, OPEN, REJECTED, Proposal
from gateway.store.matching.uniting import Candidate, unite
from gateway.store.rosters.sources import source_of
from gateway.store.rosters.staging import Source
from providers.contract import Misconfigured


class Wish(NamedTuple):
    """Which proposals a list or a bulk decision is about; None: any."""

    integration_id: str | None = None
    reason: str | None = None
    state: str | None = OPEN


class Decided(NamedTuple):
    """How many were decided as asked, and which were left: somebody in them fits no more, or has several matches."""

    done: int
    left: list[int]


class Shown(NamedTuple):
    """A proposal with what is known of its two people, for the person who must judge it."""

    proposal: Proposal
    user: dict[str, Any]
    rostered_user: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Matches:
    """Thread-safe. `actor` is who decides, for the audit log."""

    store: Store
    lock: RosterLock
    now: Callable[[], datetime]

    def find(self, integration_id: str, *, actor: str) -> Met:
        """Look for people of a roster's tenant who may be the roster's; what is proven is joined at once.

        Raises:
            Misconfigured: ``integration.unknown``.
            Unavailable: ``sync.busy``.
        """
        source = self._source(integration_id)
        with self.lock.held(source.id):
            return meet(self.store, source, actor=actor, at=self.now())

    def newest(self, wish: Wish, limit: int) -> list[Proposal]:
        """Return proposals, oldest first."""
        return proposals.list_proposals(self.store, *self._where(wish), limit=limit)

    def unmatched(self, integration_id: str, limit: int) -> list[str]:
        """Return people whom no roster owns and of whom nothing is proposed. Raises as `find`."""
        source = self._source(integration_id)
        return proposals.unmatched(self.store, source.tenant_id, source.id, limit)

    def show(self, proposal_id: int) -> Shown:
        """Return one proposal with its people. Raises Misconfigured (``match.unknown``)."""
        (found,) = self._known([proposal_id])
        ids = (found.user_id, found.rostered_user_id)
        people = proposals.people(self.store, found.tenant_id, ids)
        return Shown(found, people[ids[0]], people[ids[1]])

    def confirm(self, ids: Sequence[int], *, actor: str) -> Decided:
        """Say that the two people of each are one; what was rejected or undone before may be confirmed after all.

        Raises:
            Misconfigured: ``match.unknown``, ``match.confirmed``.
            Unavailable: ``sync.busy``.
        """
        found = self._known(ids)
        for one in found:
            if one.state == CONFIRMED:
                raise Misconfigured("match.confirmed", f"Match {one.id} is confirmed already.")
        return self._confirm(found, actor)

    def confirm_all(self, wish: Wish, *, actor: str) -> Decided:
        """Confirm all open ones of a wish; who has several open matches is left for one decision each."""
        where = self._where(wish._replace(state=OPEN))
        done, left = 0, list[int]()
        for part in proposals.each_part(self.store, MOST_AT_ONCE, *where):
            alone = proposals.list_proposals(
                self.store, proposals.with_ids(each.id for each in part), proposals.is_alone(), limit=len(part)
            )
            decided = self._confirm(alone, actor)
            done += decided.done
            left += [*decided.left, *sorted({each.id for each in part} - {each.id for each in alone})]
        return Decided(done, left)

    def reject(self, ids: Sequence[int], *, actor: str) -> Decided:
        """Say that these are two people each: they are never proposed again. Raises as `confirm`."""
        found = self._known(ids)
        for one in found:
            if one.state == CONFIRMED:
                sentence = f"Match {one.id} is confirmed: schoolgate links undo {one.link_id} takes it back."
                raise Misconfigured("match.confirmed", sentence)
        with self.store.transaction() as connection:
            proposals.decide(connection, [(one, None) for one in found], REJECTED, actor=actor, at=self.now())
        return Decided(len(found), [])

    def reject_all(self, wish: Wish, *, actor: str) -> Decided:
        """Reject all open ones of a wish."""
        done = 0
        for part in proposals.each_part(self.store, MOST_AT_ONCE, *self._where(wish._replace(state=OPEN))):
            with self.store.transaction() as connection:
                proposals.decide(connection, [(one, None) for one in part], REJECTED, actor=actor, at=self.now())
            done += len(part)
        return Decided(done, [])

    def _confirm(self, found: Sequence[Proposal], actor: str) -> Decided:
        done = set[int]()
        for source_id, part in _of_one_roster(found):
            with self.lock.held(source_id), self.store.transaction() as connection:
                kin = are_kin(connection, [(one.user_id, one.rostered_user_id) for one in part])
                fit = [one for one in part if (one.user_id, one.rostered_user_id) in kin]
                by_candidate = _candidates(fit, proposals.arrival_of(connection, part[0].tenant_id, _users(fit)))
                home = Roster(source_id, part[0].tenant_id)
                united = unite(connection, "users", home, list(by_candidate), actor=actor, at=self.now())
                decided = [(by_candidate[candidate], link_id) for candidate, link_id in united]
                proposals.decide(connection, decided, CONFIRMED, actor=actor, at=self.now())
                proposals.withdraw_rivals(connection, home.id, home.tenant_id, [one for one, _ in decided])
            done |= {one.id for one, _ in decided}
        return Decided(len(done), sorted({one.id for one in found} - done))

    def _known(self, ids: Sequence[int]) -> list[Proposal]:
        found = list[Proposal]()
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), MOST_AT_ONCE):
            part = wanted[start : start + MOST_AT_ONCE]
            found += proposals.list_proposals(self.store, proposals.with_ids(part), limit=len(part))
        for each in sorted(set(ids) - {one.id for one in found}):
            raise Misconfigured("match.unknown", f"There is no match {each}: see schoolgate matches list.")
        return found

    def _where(self, wish: Wish) -> list[Any]:
        where = [] if wish.state is None else [proposals.in_state(wish.state)]
        where += [] if wish.reason is None else [proposals.has_reason(wish.reason)]
        if wish.integration_id is not None:
            where.append(proposals.of_integration(self._integration(wish.integration_id).id))
        return where

    def _integration(self, integration_id: str) -> Integration:
        found = find_integration(self.store, integration_id)
        if found is None:
            raise Misconfigured("integration.unknown", f"There is no integration {integration_id!r}.")
        return found

    def _source(self, integration_id: str) -> Source:
        return source_of(self.store, self._integration(integration_id))


def _of_one_roster(found: Iterable[Proposal]) -> Iterator[tuple[int, list[Proposal]]]:
    ordered = sorted(found, key=lambda one: (one.roster_source_id, one.id))
    for source_id, group in groupby(ordered, key=lambda one: one.roster_source_id):
        part = list(group)
        for start in range(0, len(part), MOST_AT_ONCE):
            yield source_id, part[start : start + MOST_AT_ONCE]


def _users(found: Iterable[Proposal]) -> list[str]:
    return [one.user_id for one in found]


def _candidates(found: Iterable[Proposal], arrivals: dict[str, tuple[str, str]]) -> dict[Candidate, Proposal]:
    told = {}
    for one in found:
        integration_id, subject = arrivals.get(one.user_id, (one.integration_id, None))
        how, evidence = "person", (one.reasons or ["name_class"])[0]
        made = Candidate(one.user_id, one.rostered_user_id, one.source_id, integration_id, subject, how, evidence)
        told[made] = one
    return told
