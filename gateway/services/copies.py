"""Copied courses keep their links: a new class and a new link know which ones of ours they were copied from.

The platform tells it in the custom parameters `context_id_history` ($Context.id.history) and
`resource_link_id_history` ($ResourceLink.id.history), or of courses in a notice, before anybody launched from the copy.
The application gets the same parameters with our ids in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from gateway.services.linking import Arrival
from gateway.store import Connection
from gateway.store.arrivals import Known
from gateway.store.audit import note
from gateway.store.copies import classes_of, links_of, write_origins_of_context, write_origins_of_link
from gateway.store.notices import NoticeRow, class_of_context, keep_origins, origins_told
from providers.contract import Launch

CONTEXTS: Final = "context_id_history"
LINKS: Final = "resource_link_id_history"
MOST: Final = 100  # a history is told newest first; what lies further back helps nobody


def is_news(launch: Launch, known: Known) -> bool:
    """Return whether the launch may tell of an origin that is not written down. Asks no database."""
    return _is_news_of_context(launch, known) or _is_news_of_link(launch, known)


def write_origins(connection: Connection, launch: Launch, known: Known, arrival: Arrival) -> Known:
    """Find the origins among our own and write them down; return what is known with them.

    Only classes and links of the same integration count, whatever ids a history names.
    """
    home = (str(known.tenant_id), str(known.integration_id))
    if launch.context is not None and known.context_copied_from is None:
        history = [each for each in _history(launch, CONTEXTS) if each != launch.context.id]
        told = history + origins_told(connection, str(known.deployment_row_id), launch.context.id, MOST)
        found = ",".join(each for each in classes_of(connection, home, told) if each != arrival.class_id)
        if found or history:
            write_origins_of_context(connection, str(known.deployment_row_id), launch.context.id, found)
            known = known._replace(context_copied_from=found)
    if _is_news_of_link(launch, known) and launch.resource_link is not None:
        told = [each for each in _history(launch, LINKS) if each != launch.resource_link.id]
        found = ",".join(links_of(connection, home, told))
        write_origins_of_link(connection, home[0], str(arrival.link_row_id), found)
        known = known._replace(link_copied_from=found)
    return known


def copy_by_notice(connection: Connection, row: NoticeRow, at: datetime) -> str:
    """Keep what a notice of a copied course tells and link the course, if it is known here; return what was done.

    `linked`: our class learned of a new origin. `kept`: for the first launch from the copy, or no origin is known here.
    """
    context_id, origins = row.told["context"], row.told["origins"]
    keep_origins(connection, row, context_id, origins)
    ours = class_of_context(connection, row.deployment_row_id, context_id)
    if ours is None:
        return "kept"
    class_id, before = ours
    known = [each for each in (before or "").split(",") if each]
    found = classes_of(connection, (row.tenant_id, row.integration_id), origins)
    fresh = [each for each in found if each not in {class_id, *known}]
    if not fresh:
        return "kept"
    write_origins_of_context(connection, row.deployment_row_id, context_id, ",".join(fresh + known))
    detail = {"notice": row.ref, "origins": fresh}
    note(
        connection, at=at, actor="platform", action="class.copied", subject=class_id, tenant_id=row.tenant_id,
        detail=detail,
    )  # fmt: skip
    return "linked"


def custom_told(custom: Mapping[str, str], known: Known) -> dict[str, str]:
    """Return the custom parameters as the application gets them: a platform's own ids would tell it nothing."""
    told = {name: value for name, value in custom.items() if name not in {CONTEXTS, LINKS}}
    ours = {CONTEXTS: known.context_copied_from, LINKS: known.link_copied_from}
    return told | {name: value for name, value in ours.items() if value}


def _is_news_of_context(launch: Launch, known: Known) -> bool:
    return launch.context is not None and known.context_copied_from is None and bool(_history(launch, CONTEXTS))


def _is_news_of_link(launch: Launch, known: Known) -> bool:
    return launch.resource_link is not None and known.link_copied_from is None and bool(_history(launch, LINKS))


def _history(launch: Launch, name: str) -> list[str]:
    told = launch.custom.get(name)
    return [each.strip() for each in told.split(",", MOST)[:MOST] if each.strip()] if told else []
