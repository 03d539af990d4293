"""Two `schoolgate serve` processes on one PostgreSQL: one token posted to both at once is one launch."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from gateway.store.tables import launches, users
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.serving import running
from tests.support.key_stores import Clock
from tests.support.launching import GATE, SECRET_KEY, Launching, a_config, launching

REPLAYS = 20


@dataclass
class Node:
    """One `schoolgate serve` with one worker."""

    process: subprocess.Popen[bytes]
    client: httpx.Client

    def post(self, cookie: str, form: dict[str, str]) -> int:
        return self.client.post("/lti/launch", data=form, headers={"Cookie": cookie}).status_code


@contextmanager
def _node(address: str, folder: Path) -> Iterator[Node]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SCHOOLGATE_DATABASE_URL": address,
        "SCHOOLGATE_PUBLIC_URL": GATE,
        "SCHOOLGATE_SECRET_KEY": SECRET_KEY,
        "SCHOOLGATE_ALLOW_HOSTS": "127.0.0.1",
    }
    command = [
        str(Path(sys.executable).with_name("schoolgate")),
        "serve",
        "--no-worker",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    process = subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            _wait_for(client)
            yield Node(process, client)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(client: httpx.Client) -> None:
    for _ in range(300):
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the gateway did not start")


@pytest.fixture
def school(postgresql_url: str) -> Iterator[Launching]:
    """A platform that serves its key set over a real socket, registered in the database."""
    clock = Clock()
    clock.time = datetime.now(UTC)
    with launching(postgresql_url, clock=clock) as world:

        def build(base: str) -> Any:
            return create_app(world.join(a_config(issuer=base, client_id="two-nodes")))

        with running(build):
            yield world


def _begin(world: Launching, node: Node) -> tuple[str, dict[str, str]]:
    """Log in at this node; return the browser's cookie and the form that the platform makes it post."""
    platform = world.platforms[-1][1]
    answer = node.client.get("/lti/login", params=platform.login_parameters("sam"))
    asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    token = platform.sign(platform.launch_claims("sam", nonce=asked["nonce"]))
    cookie = answer.headers["set-cookie"].partition(";")[0]
    node.client.cookies.clear()
    return cookie, {"state": asked["state"], "id_token": token}


def test_a_token_posted_to_two_processes_at_once_counts_once(
    school: Launching, postgresql_url: str, tmp_path: Path
) -> None:  # A10
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        nodes = [stack.enter_context(_node(postgresql_url, tmp_path)) for _ in range(2)]
        for _ in range(REPLAYS):
            cookie, form = _begin(school, nodes[0])
            barrier = Barrier(2)

            def post(node: Node, barrier: Barrier = barrier, cookie: str = cookie, form: Any = form) -> int:
                barrier.wait()
                return node.post(cookie, form)

            assert sorted(pool.map(post, nodes)) == [303, 401]
    assert (school.count(launches), school.count(users)) == (REPLAYS, 1)
    with _node(postgresql_url, tmp_path) as restarted:
        assert restarted.post(cookie, form) == 401
    assert school.count(launches) == REPLAYS
