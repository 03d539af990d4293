"""How soon applications hear of changes: in the feed, and by a webhook that a worker of its own sends."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import click

from gateway.settings import load_settings
from gateway.store import upgrade
from gateway.store.applications import add_application
from gateway.store.events.lines import Wanted, newest, read_lines
from gateway.store.events.telling import tell
from gateway.store.ids import new_ids
from gateway.store.orgs import add_org
from gateway.wiring import Gate, open_gate
from tests.bench.gateway import environment_of, postgresql
from tests.bench.processes import BIN
from tests.support.oidc_world import an_application

LONGEST = 120.0


class _Receiver(BaseHTTPRequestHandler):
    """Counts messages; the connection stays open, as real receivers' do."""

    protocol_version = "HTTP/1.1"
    arrived = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).arrived += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def measure(changes: int) -> None:
    """Print the seconds from commit to feed and from commit to the last message, on both databases."""
    with TemporaryDirectory() as folder, postgresql() as (server, _):
        for name, address in (("SQLite", f"sqlite:///{folder}/gate.db"), ("PostgreSQL", server)):
            for number in dict.fromkeys((10, changes)):
                seen, delivered = _once(address, Path(folder), number)
                click.echo(
                    f"{name}: {number} changes, in the feed after {seen:.2f} s, delivered after {delivered:.2f} s"
                )


def _once(address: str, folder: Path, changes: int) -> tuple[float, float]:
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    Thread(target=receiver.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{receiver.server_address[1]}"
    environment = environment_of(address, folder)
    gate = open_gate(load_settings(environment))
    upgrade(gate.store)
    try:
        with _worker(environment):
            return _tell_and_wait(gate, f"http://{host}/hook", changes)
    finally:
        gate.close()
        receiver.shutdown()


def _tell_and_wait(gate: Gate, url: str, changes: int) -> tuple[float, float]:
    now = datetime.now(UTC)
    org = add_org(gate.store, name="Bench", type="district", parent=None, actor="bench", at=now)
    application = an_application(f"bench-{org.sourced_id}")
    add_application(gate.store, application, now)
    gate.events.webhooks.add(application.id, url, actor="bench")
    with gate.store.statements() as connection:
        place = newest(connection)
    before = _Receiver.arrived
    time.sleep(3)  # the worker is up and idle
    with gate.store.transaction() as connection:
        tell(connection, org.tenant_id, "users", "added", new_ids(changes), now)
    began = time.monotonic()

    def is_seen() -> bool:
        with gate.store.statements() as connection:
            return len(read_lines(connection, place, Wanted(), changes).lines) == changes

    return _until(is_seen, began), _until(lambda: _Receiver.arrived - before >= changes, began)


def _until(is_done: Callable[[], bool], began: float) -> float:
    while not is_done():
        if time.monotonic() - began > LONGEST:
            raise click.ClickException("It took too long.")
        time.sleep(0.01)
    return time.monotonic() - began


@contextmanager
def _worker(environment: Mapping[str, str]) -> Iterator[None]:
    command = [str(BIN / "schoolgate"), "worker"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
