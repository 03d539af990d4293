"""Takes back that a launch came to a rostered person or class: whoever comes so again is somebody of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, literal, select, update

from gateway.store.events.telling import tell
from gateway.store.ids import new_id
from gateway.store.matching.hand import Work, pairs
from gateway.store.matching.links import LINKED, ROWS, Link, LinkKind, links_with
from gateway.store.rosters.staging import GONE
from gateway.store.tables import (
    classes,
    contexts,
    enrollments,
    identities,
    line_items,
    record_links,
    resource_links,
    results,
    roles,
    scores,
)


def detach_arrivals(work: Work, kind: LinkKind, links: Sequence[Link]) -> None:
    """Take identities or contexts off the rows they were brought to."""
    for link in links:
        if kind == "users":
            _detach_identity(work, link)
        else:
            _detach_context(work, link)


def _detach_identity(work: Work, link: Link) -> None:
    """The next launch of this subject makes a user, as the first would have; what launches told of the other ends."""
    mine = identities.c.tenant_id == work.roster.tenant_id, identities.c.user_sourced_id == link.kept
    own = (*mine, identities.c.integration_id == link.integration_id, identities.c.subject == link.arrival_key)
    work.connection.execute(delete(identities).where(*own))
    if work.connection.execute(select(identities.c.id).where(*mine).limit(1)).first() is not None:
        return  # somebody else still comes in as this person: who told what is not known
    for table in (roles, enrollments):
        told = (table.c.user_sourced_id == link.kept, table.c.source != "roster", table.c.status == "active")
        of = (*told, table.c.tenant_id == work.roster.tenant_id)
        ending = select(table.c.sourced_id).where(*of).subquery()
        work.tell(table.name, GONE, ending.c.sourced_id, ending)
        work.connection.execute(update(table).where(*of).values(status="tobedeleted", date_last_modified=work.at))


def _detach_context(work: Work, link: Link) -> None:
    """The course gets a class of its own, with the links and the line items that its launches made."""
    deployment, _, context_id = str(link.arrival_key).partition(" ")
    tenant = work.roster.tenant_id
    title, school = work.connection.execute(
        select(classes.c.title, classes.c.school_sourced_id).where(work.is_row(literal(link.kept)))
    ).one()
    own = {"sourced_id": new_id(), "tenant_id": tenant, "title": title, "school_sourced_id": school}
    work.connection.execute(insert(classes), {**own, "date_last_modified": work.at})
    tell(work.connection, tenant, "classes", "added", [own["sourced_id"]], work.at)
    moved = {"class_sourced_id": own["sourced_id"]}
    context = (contexts.c.deployment_row_id == deployment, contexts.c.context_id == context_id)
    here = update(contexts).where(*context, contexts.c.class_sourced_id == link.kept, contexts.c.tenant_id == tenant)
    work.connection.execute(here.values(moved))
    hung = (resource_links.c.deployment_row_id == deployment, resource_links.c.class_sourced_id == link.kept)
    of = (*hung, resource_links.c.tenant_id == tenant)
    in_course = select(resource_links.c.id).where(*of)
    items = select(line_items.c.id).where(line_items.c.resource_link_row_id.in_(in_course))
    for table, column in ((scores, "line_item_id"), (results, "line_item_id"), (line_items, "id")):
        ids = table.c[column].in_(items)
        work.connection.execute(update(table).where(table.c.tenant_id == tenant, ids).values(moved))
    work.connection.execute(update(resource_links).where(*of).values(moved))


def follow_record(work: Work, kind: LinkKind) -> None:
    """Who came by a launch to a record that was joined, came because of the record: they go with it."""
    links = record_links.c
    ours = links[ROWS[kind][0]]
    since = select(pairs.c.kept).where(pairs.c.takes, pairs.c.link_id < links.id)
    later = (ours.in_(since.correlate(record_links)), links.status == LINKED, links.how == "launch")
    for link in links_with(work.connection, links.tenant_id == work.roster.tenant_id, *later):
        other = work.connection.execute(select(pairs.c.other).where(pairs.c.kept == link.kept)).scalar_one()
        work.connection.execute(update(record_links).where(links.id == link.id).values({ROWS[kind][0]: other}))
        if kind == "users":
            own = (identities.c.integration_id == link.integration_id, identities.c.subject == link.arrival_key)
            here = update(identities).where(*own, identities.c.user_sourced_id == link.kept)
            work.connection.execute(here.values(user_sourced_id=other))
            continue
        deployment, _, context_id = str(link.arrival_key).partition(" ")
        context = (contexts.c.deployment_row_id == deployment, contexts.c.context_id == context_id)
        there = update(contexts).where(*context, contexts.c.class_sourced_id == link.kept)
        work.connection.execute(there.values(class_sourced_id=other))
