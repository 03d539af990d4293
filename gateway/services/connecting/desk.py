"""The desk at which invited administrators are served: its parts, made together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.services.connecting.approvals import Approvals
from gateway.services.connecting.clients import Clients
from gateway.services.connecting.connections import Connections
from gateway.services.connecting.dynamic import Dynamic
from gateway.services.connecting.first_look import FirstLook
from gateway.services.connecting.links import Links
from gateway.services.connecting.pages import Pages
from gateway.services.connecting.progress import Watching
from gateway.services.connecting.tools import Tools
from gateway.services.integrations import Integrations
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from keys.sealing import Sealer
from providers.contract import Http


@dataclass(frozen=True, slots=True)
class Desk:
    """What web pages and commands need for invites."""

    store: Store
    rooms: RoomSettings
    links: Links
    tools: Tools
    pages: Pages
    clients: Clients
    connections: Connections
    dynamic: Dynamic
    watching: Watching
    approvals: Approvals
    first_look: FirstLook


def open_desk(
    store: Store,
    rooms: RoomSettings,
    integrations: Integrations,
    sealer: Sealer,
    http: Http,
    now: Callable[[], datetime],
    public_url: str,
    first_look: FirstLook,
) -> Desk:
    """Put the parts together; `http` is the guarded way out for registrations."""
    links, tools = Links(store, rooms, sealer, now), Tools(store, public_url)
    connections, clients = Connections(store, rooms, now), Clients(store, rooms)
    return Desk(
        store=store,
        rooms=rooms,
        links=links,
        tools=tools,
        pages=Pages(rooms, links, tools, clients, public_url),
        clients=clients,
        connections=connections,
        dynamic=Dynamic(store, links, tools, rooms, connections, http),
        watching=Watching(store, rooms, now),
        approvals=Approvals(store, rooms, connections, integrations, now),
        first_look=first_look,
    )
