"""When a sync is taken back, so are the joins that it made, and those that stand on what it brought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from gateway.store.matching.hand import MOST_AT_ONCE
from gateway.store.matching.links import REVERTED, Link, end_links, links_of_sync, merges_since
from gateway.store.matching.parting import part
from gateway.store.rosters.staging import Source
from gateway.store.tables import match_proposals, roster_changes


def revert_links(connection: Connection, source: Source, sync_id: int, *, actor: str, at: datetime) -> None:
    """End the links of a sync, and all that made one row of two since, in the transaction that undoes the sync.

    They count as never made: the same proof joins again, and what a person confirmed is proposed anew.
    """
    mine = (roster_changes.c.sync_id == sync_id, roster_changes.c.tenant_id == source.tenant_id)
    first = connection.execute(select(func.min(roster_changes.c.id)).where(*mine)).scalar()
    if first is not None:
        for links in without_repetition(merges_since(connection, source.tenant_id, source.id, int(first))):
            part(connection, links, REVERTED, actor=actor, at=at)
            reopen(connection, [link.id for link in links])
    own = links_of_sync(connection, source.tenant_id, sync_id)
    for start in range(0, len(own), MOST_AT_ONCE):
        end_links(connection, own[start : start + MOST_AT_ONCE], REVERTED, actor=actor, at=at)


def reopen(connection: Connection, link_ids: list[int]) -> None:
    """Let a person decide anew."""
    confirmed = update(match_proposals).where(match_proposals.c.link_id.in_(link_ids))
    connection.execute(confirmed.values(state="open", link_id=None, decided_by=None, decided_at=None))


def without_repetition(links: Iterable[Link]) -> Iterator[list[Link]]:
    """Group links in their order, of one kind and roster, so that no row is in two of a group."""
    group: list[Link] = []
    rows: set[str] = set()
    for link in links:
        of = {link.kept, link.other or link.kept}
        if group and (of & rows or len(group) == MOST_AT_ONCE or _home(link) != _home(group[0])):
            yield group
            group, rows = [], set()
        group.append(link)
        rows |= of
    if group:
        yield group


def _home(link: Link) -> tuple[str, int]:
    return link.kind, link.roster_source_id
