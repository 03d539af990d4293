"""What every part of the gate stands on: settings, database, keys, the way out, and the rooms."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from gateway.outbound import Outbound, RoomHttp, fetch_key_set
from gateway.services.registrations import Registrations
from gateway.services.room_context import RoomContexts
from gateway.services.room_settings import RoomSettings
from gateway.services.shared_tokens import SharedTokens
from gateway.settings import Settings
from gateway.store import Store, open_store
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
class Ground:
    """What every part of the gate stands on."""

    settings: Settings
    store: Store
    now: Clock
    sealer: Sealer
    keyring: Keyring
    outbound: Outbound
    key_sets: RemoteKeySets
    rooms: RoomSettings
    registrations: Registrations
    contexts: RoomContexts


def lay_ground(settings: Settings, now: Clock, on_call: Callable[[str], None]) -> Ground:
    """Open what the settings name; `on_call` is told the host of each outbound call."""
    secrets = find_secrets(settings.secret_key, Path(settings.var) / "secret_key", production=settings.is_production)
    sealer, store = Sealer(secrets), open_store(settings.database_url)
    outbound = Outbound(settings.allow_hosts, USER_AGENT, on_call=on_call)
    rooms, keyring = RoomSettings(room, sealer), Keyring(SigningKeys(store), sealer, now)
    return Ground(
        settings=settings,
        store=store,
        now=now,
        sealer=sealer,
        keyring=keyring,
        outbound=outbound,
        key_sets=RemoteKeySets(partial(fetch_key_set, outbound), RemoteKeySetRows(store), now),
        rooms=rooms,
        registrations=Registrations(store, now),
        contexts=RoomContexts(
            rooms,
            RoomHttp(outbound),
            SharedTokens(AccessTokenRows(store), sealer, now, time.sleep),
            now,
            lambda claims: keyring.sign("lti", claims),
        ),
    )
