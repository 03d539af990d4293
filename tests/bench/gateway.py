"""Sets up a gateway as an operator would, by its command line, and runs it for measuring."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.platform import DEPLOYMENT_ID, ISSUER, KeySetServer, client_id_of
from tests.bench.processes import BIN, ROOT, free_port, running
from tests.bench.rounds import Target
from tests.bench.seed import seed
from tests.support.postgres import running_server

REDIRECT_URI = "http://127.0.0.1:9/callback"
LAUNCHED = frozenset({302, 303})


@dataclass(frozen=True)
class Gateway:
    """A running gateway with one application registered, the platform's registration and a roster of `people`."""

    target: Target
    people: int
    client_id: str
    client_secret: str


@contextmanager
def gateway(
    name: str, database_url: str, key_sets: KeySetServer, people: int, folder: Path, database_pid: int | None = None
) -> Iterator[Gateway]:
    """Migrate, register, seed and serve. The roster's people are spread over one registration per hundred."""
    port = free_port()
    env = {**environment_of(database_url, folder), "SCHOOLGATE_PUBLIC_URL": f"http://localhost:{port}"}
    application = _set_up(env, key_sets.url)
    seed(database_url, people)
    command = [
        str(BIN / "schoolgate"),
        "serve",
        "--no-worker",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    with running(command, port, env, folder / f"{port}.log") as pid:
        target = Target(name, pid, port, LAUNCHED, key_sets, database_pid)
        yield Gateway(target, people, application["client_id"], application["client_secret"])


@contextmanager
def postgresql() -> Iterator[tuple[str, int]]:
    """Run a PostgreSQL server; yields the address of an empty database and the server's process id."""
    with running_server() as server:
        server.execute("CREATE DATABASE bench")
        # The tests' server never waits for a disk; a launch's commit must at least go the whole way to its log.
        server.execute("ALTER DATABASE bench SET synchronous_commit = on")
        pid = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
        yield server.url("bench"), pid


def environment_of(database_url: str, folder: Path) -> dict[str, str]:
    """Return the settings that every process of a gateway shares."""
    return {
        **os.environ,
        "SCHOOLGATE_DATABASE_URL": database_url,
        "SCHOOLGATE_SECRET_KEY": "only-for-the-bench-0123456789abcdef",
        "SCHOOLGATE_ALLOW_HOSTS": "127.0.0.1",
        "SCHOOLGATE_VAR": str(folder),
    }


def _set_up(env: Mapping[str, str], key_set_url: str) -> dict[str, Any]:
    schoolgate(env, "db", "upgrade")
    org = schoolgate(env, "orgs", "add", "Bench School", "--type", "school")
    settings = {
        "issuer": ISSUER,
        "client_id": client_id_of(0),
        "deployment_ids": DEPLOYMENT_ID,
        "auth_login_url": ISSUER + "/authorize",
        "auth_token_url": ISSUER + "/token",
        "key_set_url": key_set_url,
    }
    given = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    schoolgate(env, "integrations", "add", "lti", "--org", org["id"], *given)
    addresses = ("--redirect-uri", REDIRECT_URI, "--login-uri", "http://127.0.0.1:9/login")
    return schoolgate(env, "apps", "add", "Bench application", *addresses)


def schoolgate(env: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Run a command of the gateway and return its JSON answer."""
    command = [str(BIN / "schoolgate"), *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"schoolgate {' '.join(arguments[:2])}: {done.stderr.decode()[-2000:]}")
    document: dict[str, Any] = json.loads(done.stdout)
    return document
