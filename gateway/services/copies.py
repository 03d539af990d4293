"""Copied courses keep their links: a new class and a new link know which ones of ours they were copied from.

The platform tells it in the custom parameters `context_id_history` ($Context.id.history) and
`resource_link_id_history` ($ResourceLink.id.history). The application gets the same parameters with our ids in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.services.linking import Arrival
from gateway.store import Connection
from gateway.store.arrivals import Known
from gateway.store.copies import classes_of, links_of, write_origins_of_context, write_origins_of_link
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
    if _is_news_of_context(launch, known) and launch.context is not None:
        told = [each for each in _history(launch, CONTEXTS) if each != launch.context.id]
        found = ",".join(each for each in classes_of(connection, home, told) if each != arrival.class_id)
        write_origins_of_context(connection, str(known.deployment_row_id), launch.context.id, found)
        known = known._replace(context_copied_from=found)
    if _is_news_of_link(launch, known) and launch.resource_link is not None:
        told = [each for each in _history(launch, LINKS) if each != launch.resource_link.id]
        found = ",".join(links_of(connection, home, told))
        write_origins_of_link(connection, home[0], str(arrival.link_row_id), found)
        known = known._replace(link_copied_from=found)
    return known


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
