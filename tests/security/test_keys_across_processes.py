"""Two real processes on one real database: one set of signing keys, one fetch of a key set, everybody gets in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from socket import socket

from gateway.outbound import Outbound, fetch_key_set
from gateway.store import open_store
from gateway.store.key_rows import RemoteKeySetRows, SigningKeys
from keys.keyring import Keyring
from keys.remote import RemoteKeySets
from keys.sealing import Sealer
from tests.support.key_sets import key_set, public_jwk
from tests.support.remote_platform import outcome
from tests.support.wire import Wire, reply


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def cache(database_url: str, allowed: str) -> Iterator[RemoteKeySets]:
    store, outbound = open_store(database_url), Outbound([allowed], "schoolgate/1")
    yield RemoteKeySets(partial(fetch_key_set, outbound), RemoteKeySetRows(store), utc_now)
    outbound.close()
    store.close()


def ask(database_url: str, url: str, allowed: str, kids: list[str]) -> list[str]:
    """Be one worker: each kid is asked for in a thread of its own, all at once."""
    with cache(database_url, allowed) as worker, ThreadPoolExecutor(len(kids)) as pool:
        return list(pool.map(lambda kid: outcome(worker, kid, url), kids))


def start(database_url: str) -> list[str]:
    """Be one process that starts for the first time; return the kids it ends with."""
    store = open_store(database_url)
    keyring = Keyring(SigningKeys(store), Sealer([b"s" * 32]), utc_now)
    keyring.ensure()
    kids = sorted(key.kid for key in keyring.published())
    store.close()
    return kids


def in_two_processes(work: Callable[..., list[str]], *arguments: object) -> list[list[str]]:
    with get_context("spawn").Pool(2) as pool:
        return pool.starmap(work, [arguments] * 2, chunksize=1)


def slowly(wire: Wire, connection: socket) -> None:
    """Answer like a platform far away, so that both processes are waiting when the keys come."""
    time.sleep(0.7)
    reply(key_set(public_jwk(0)))(wire, connection)


# A5
def test_a_class_on_two_cold_workers_all_get_in_with_one_fetch(database_url: str) -> None:
    with Wire(slowly) as wire:
        answers = in_two_processes(ask, database_url, wire.url(), wire.host, ["k0"] * 15)
    assert answers == [["k0"] * 15] * 2
    assert len(wire.requests) == 1


# A5
def test_a_storm_on_two_workers_costs_one_fetch(database_url: str) -> None:
    with Wire(slowly) as wire:
        answers = in_two_processes(ask, database_url, wire.url(), wire.host, [f"forged-{n}" for n in range(15)])
    assert answers == [["UnknownKey unknown-kid"] * 15] * 2
    assert len(wire.requests) == 1


# A6
def test_last_good_keys_survive_a_restart_while_the_platform_is_gone(database_url: str) -> None:
    with Wire(reply(key_set(public_jwk(0)))) as wire:
        ask(database_url, wire.url(), wire.host, ["k0"])
        url, host = wire.url(), wire.host
    assert ask(database_url, url, host, ["k0"]) == ["k0"]


# G5
def test_two_first_starts_at_once_end_with_the_same_keys(database_url: str) -> None:
    first, second = in_two_processes(start, database_url)
    assert first == second
    assert len(first) == 4
