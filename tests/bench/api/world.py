"""A district in a PostgreSQL database, synced from CSV by the gateway itself, and `schoolgate serve` before it."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.gateway import environment_of, postgresql, schoolgate
from tests.bench.load import Pump, Reply, get, post
from tests.bench.processes import BIN, cpu_seconds, free_port, memory_mb, running
from tests.support.postgres import PostgresServer

BASE = "/ims/oneroster/rostering/v1p2"


@dataclass
class World:
    """The running gateway. Its CPU seconds are those of its workers and of PostgreSQL."""

    pid: int
    port: int
    database_pid: int
    token: str = ""

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def cpu(self) -> tuple[float, float]:
        return cpu_seconds(self.pid), cpu_seconds(self.database_pid)

    def memory(self) -> float:
        return memory_mb(self.pid)

    def pump(self, at_once: int) -> Pump:
        return Pump(("127.0.0.1", self.port), at_once)

    def reading(self, path: str) -> bytes:
        """Return the request for an address, a next link or one below the service."""
        address = path.partition(f"//{self.host}")[2] or f"{BASE}{path}"
        return get(address, host=self.host, Authorization=f"Bearer {self.token}")

    def read(self, path: str) -> Reply:
        """Read one address with a connection of its own."""
        pump = self.pump(1)
        (reply,) = pump.drive([self.reading(path)])
        pump.close()
        if reply.status != 200:
            raise RuntimeError(f"{path}: {reply.status} {reply.body[:400]!r}")
        return reply


def items(reply: Reply) -> list[dict[str, Any]]:
    """Return the objects of a page."""
    ((_, found),) = json.loads(body_of(reply)).items()
    return list(found)


def body_of(reply: Reply) -> bytes:
    """Return a body whose chunks are joined."""
    if reply.header("Transfer-Encoding") is None:
        return reply.body
    joined, rest = bytearray(), memoryview(reply.body)
    while True:
        end = bytes(rest[:20]).index(b"\r\n")
        size = int(bytes(rest[:end]), 16)
        if not size:
            return bytes(joined)
        joined += rest[end + 2 : end + 2 + size]
        rest = rest[end + 4 + size :]


def next_of(reply: Reply) -> str | None:
    """Return a page's next link."""
    for each in (reply.header("Link") or "").split(", "):
        address, _, relation = each.partition(">; rel=")
        if relation == '"next"':
            return address[1:]
    return None


@contextmanager
def world(students: int, folder: Path) -> Iterator[World]:
    """Make the district, sync it, serve it."""
    with postgresql() as (address, database_pid):
        port = free_port()
        env = {**environment_of(address, folder), "SCHOOLGATE_PUBLIC_URL": f"http://localhost:{port}"}
        schoolgate(env, "db", "upgrade")
        made = [str(BIN / "schoolgate"), "demo-data", "--students", str(students), "--out", str(folder / "district")]
        subprocess.run(made, check=True, capture_output=True)
        org = schoolgate(env, "orgs", "add", "Bench District", "--type", "district")["id"]
        room = ("integrations", "add", "oneroster_csv", "--org", org, "--set", f"path={folder / 'district'}")
        schoolgate(env, "syncs", "run", schoolgate(env, *room)["id"])
        _tidy(address)
        addresses = ("--redirect-uri", "http://127.0.0.1:9/callback", "--login-uri", "http://127.0.0.1:9/login")
        application = schoolgate(env, "apps", "add", "Bench application", *addresses)
        serving = [str(BIN / "schoolgate"), "serve", "--no-worker", "--port", str(port), "--workers", "2"]
        with running(serving, port, env, folder / "serve.log") as pid:
            found = World(pid, port, database_pid)
            found.token = _token(found, application)
            yield found


def _tidy(address: str) -> None:
    """Do what PostgreSQL's autovacuum does in any other server than the tests'."""
    server = PostgresServer(Path(address.partition("host=")[2]))
    with server.connection("bench") as connection:
        connection.execute("VACUUM (ANALYZE)")


def _token(world: World, application: dict[str, Any]) -> str:
    basic = base64.b64encode(f"{application['client_id']}:{application['client_secret']}".encode()).decode()
    asked = post("/oauth2/token", {"grant_type": "client_credentials"}, host=world.host, Authorization=f"Basic {basic}")
    pump = world.pump(1)
    (reply,) = pump.drive([asked])
    pump.close()
    return str(json.loads(reply.body)["access_token"])
