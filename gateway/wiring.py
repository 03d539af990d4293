"""The one place where hall, rooms and strong-room meet; time, network and keys come in here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from gateway.jobs import Queue
from gateway.outbound import WHILE_A_PERSON_WAITS, Limits, Outbound, RoomHttp, fetch_key_set
from gateway.services.advice import administrator_sentence, provider_of
from gateway.services.connecting.desk import Desk, open_desk
from gateway.services.integrations import Integrations
from gateway.services.jobs import Jobs
from gateway.services.ladder import Ladder
from gateway.services.launch_record import LaunchRefused
from gateway.services.launches import Launches
from gateway.services.logins import Logins
from gateway.services.newcomers import Newcomers
from gateway.services.oidc.house import House
from gateway.services.oidc.logout import BackchannelLogout
from gateway.services.oidc.signer import KeyringSigner
from gateway.services.registrations import Registrations
from gateway.services.room_context import RoomContexts
from gateway.services.room_settings import RoomSettings
from gateway.services.routing import Routing
from gateway.services.shared_tokens import SharedTokens
from gateway.services.syncs import Syncs
from gateway.settings import Settings
from gateway.store import Store, is_current, open_store
from gateway.store.access_tokens import AccessTokenRows
from gateway.store.key_rows import RemoteKeySetRows, SigningKeys
from keys.keyring import Keyring
from keys.remote import RemoteKeySets
from keys.sealing import Sealer
from keys.secret import find_secrets
from providers import room

Clock = Callable[[], datetime]
# Several platforms refuse callers that do not say who they are.
USER_AGENT = f"Schoolgate/{version('schoolgate')}"


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that is open while the gateway runs; web and cli take what they need from here."""

    settings: Settings
    store: Store
    now: Clock
    sealer: Sealer
    keyring: Keyring
    rooms: RoomSettings
    contexts: RoomContexts
    integrations: Integrations
    registrations: Registrations
    logins: Logins
    launches: Launches
    house: House
    syncs: Syncs
    backchannel_logout: BackchannelLogout
    queue: Queue
    jobs: Jobs
    desk: Desk

    def is_ready(self) -> bool:
        """Return whether launches can be served: the database answers and has this version's tables."""
        try:
            return is_current(self.store)
        except Exception:
            return False

    def advise(self, refused: LaunchRefused) -> str:
        """Return what the administrator changes in the LMS that this launch came from."""
        provider = provider_of(refused.registration_id, self.registrations)
        return administrator_sentence(refused.failure.code, provider, self.rooms)

    def close(self) -> None:
        """Close the database and the queue."""
        self.queue.close()
        self.store.close()


def _ignore(_host: str) -> None:
    """Count nothing."""


def open_gate(settings: Settings, *, now: Clock = utc_now, on_call: Callable[[str], None] | None = None) -> Gate:
    """Open everything. `on_call` is told the host of each outbound call."""
    secrets = find_secrets(settings.secret_key, Path(settings.var) / "secret_key", production=settings.is_production)
    sealer = Sealer(secrets)
    store = open_store(settings.database_url)
    outbound = Outbound(settings.allow_hosts, USER_AGENT, on_call=on_call or _ignore)
    key_sets = RemoteKeySets(partial(fetch_key_set, outbound), RemoteKeySetRows(store), now)
    rooms = RoomSettings(room, sealer)
    registrations = Registrations(store, now)
    keyring = Keyring(SigningKeys(store), sealer, now)
    queue = Queue(settings.database_url, Path(settings.var))
    contexts = RoomContexts(
        rooms,
        RoomHttp(outbound),
        SharedTokens(AccessTokenRows(store), sealer, now, time.sleep),
        now,
        lambda claims: keyring.sign("lti", claims),
    )
    integrations = Integrations(store, rooms, key_sets, contexts, now)
    registering = RoomHttp(outbound, WHILE_A_PERSON_WAITS)
    house, backchannel_logout = _open_provider(store, settings.public_url, now, keyring, outbound)
    return Gate(
        settings=settings,
        store=store,
        now=now,
        sealer=sealer,
        keyring=keyring,
        rooms=rooms,
        contexts=contexts,
        integrations=integrations,
        registrations=registrations,
        logins=Logins(
            store, registrations, sealer, now, settings.public_url, asks_storage=settings.cookieless == "storage"
        ),
        launches=_open_launches(store, registrations, rooms, key_sets, sealer, now, settings.public_url),
        house=house,
        backchannel_logout=backchannel_logout,
        syncs=Syncs(store, contexts, now, time.sleep),
        queue=queue,
        jobs=Jobs(store, now, queue.push),
        desk=open_desk(store, rooms, integrations, sealer, registering, now, settings.public_url),
    )


def _open_provider(
    store: Store, public_url: str, now: Clock, keyring: Keyring, outbound: Outbound
) -> tuple[House, BackchannelLogout]:
    house = House(store, public_url, now, KeyringSigner(keyring))
    return house, BackchannelLogout(house, RoomHttp(outbound, Limits()))


def _open_launches(
    store: Store,
    registrations: Registrations,
    rooms: RoomSettings,
    key_sets: RemoteKeySets,
    sealer: Sealer,
    now: Clock,
    public_url: str,
) -> Launches:
    return Launches(
        store=store,
        registrations=registrations,
        rooms=rooms,
        routing=Routing(store, now, public_url),
        newcomers=Newcomers(store),
        key_sets=key_sets,
        ladder=Ladder(store, sealer, public_url.startswith("https://")),
        now=now,
        public_url=public_url,
    )
