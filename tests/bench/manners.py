"""How a WSGI server behaves when a worker dies, when it must stop, and beside connections that dawdle."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.load import Pump, get
from tests.bench.processes import Command, free_port, start, started, stop, workers_of

HALF_A_POST = (
    b"POST /verify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 3000\r\n\r\nid_token=half"
)


def manners(command: Command, env: Mapping[str, str], folder: Path) -> str:
    """Idle and dawdling connections, a killed worker's replacement, and a stop in mid-request, in one line."""
    trials = (_idle_connections, _half_posts, _respawn, _graceful_stop)
    return "; ".join(trial(command, env, folder) for trial in trials)


def _idle_connections(command: Command, env: Mapping[str, str], folder: Path) -> str:
    with started(command, env, folder) as (_, port):
        crowd = Pump(("127.0.0.1", port), 30)
        request = get("/", host="127.0.0.1")
        crowd.drive([request] * 30)
        one = Pump(("127.0.0.1", port), 1)
        slowest = max(reply.seconds for reply in one.drive([request] * 50)) * 1e3
        busiest = max(reply.seconds for reply in crowd.drive([request] * 300)) * 1e3
        for pump in (crowd, one):
            pump.close()
        return f"beside 30 idle connections slowest {slowest:.0f} ms, 30 busy slowest {busiest:.0f} ms"


def _half_posts(command: Command, env: Mapping[str, str], folder: Path) -> str:
    """Forty clients that send half a form and wait: can anybody else still be served?"""
    with started(command, env, folder) as (_, port):
        dawdlers = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        for dawdler in dawdlers:
            dawdler.sendall(HALF_A_POST)
        time.sleep(0.3)
        served = _answers(port, patience=2)
        for dawdler in dawdlers:
            dawdler.close()
        return f"beside 40 half-sent posts {'still serving' if served else 'NOBODY is served'}"


def _respawn(command: Command, env: Mapping[str, str], folder: Path) -> str:
    port = free_port()
    server = start(command(port), port, env, folder / f"{port}.log")
    outages = [_outage(server.pid, port) for _ in range(2)]
    stop(server)
    return "kill -9 of a worker: " + ", then at once again: ".join(outages)


def _outage(parent: int, port: int) -> str:
    """Kill one worker; say how long until the full number of workers is back and how many requests failed."""
    workers = workers_of(parent)
    if not workers:
        return "nobody left to kill"
    youngest = max(workers)
    os.kill(youngest, signal.SIGKILL)
    killed, failed, asked = time.monotonic(), 0, 0
    while time.monotonic() - killed < 8:
        asked += 1
        failed += not _answers(port)
        now = workers_of(parent)
        if youngest not in now and len(now) >= len(workers) and asked > 20:
            return f"replaced after {time.monotonic() - killed:.1f} s, {failed} of {asked} requests failed"
        time.sleep(0.02)
    return f"not replaced within 8 s, {failed} of {asked} requests failed"


def _answers(port: int, path: str = "/", patience: float = 10) -> bool:
    """Whether a fresh connection is answered within `patience` seconds."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=patience) as sock:
            sock.sendall(get(path, host="127.0.0.1", Connection="close"))
            return sock.recv(4096).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def _graceful_stop(command: Command, env: Mapping[str, str], folder: Path) -> str:
    """SIGTERM while a one-second request is under way: is it answered, and how long does the stop take?"""
    port = free_port()
    server = start(command(port), port, env, folder / f"{port}.log")
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(_answers, port, "/slow")
        time.sleep(0.4)
        began = time.monotonic()
        stop(server)
        seconds = time.monotonic() - began
        verdict = "answered" if answered.result() else "LOST"
    return f"SIGTERM in mid-request: {verdict}, stopped in {seconds:.1f} s"
