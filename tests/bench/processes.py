"""Starts the servers under measurement as their own process trees and reads the CPU time of a tree."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
Command = Callable[[int], list[str]]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process, its living descendants and the children they have reaped."""
    total = 0.0
    root = psutil.Process(pid)
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def memory_mb(pid: int) -> float:
    """Memory of the tree in MiB, pages shared between its processes counted once."""
    root = psutil.Process(pid)
    return float(sum(p.memory_full_info().pss for p in [root, *root.children(recursive=True)])) / 2**20


def workers_of(pid: int) -> list[int]:
    """The living descendants of a server, multiprocessing's own resource tracker apart."""
    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [child.pid for child in children if _is_worker(child)]


def _is_worker(process: psutil.Process) -> bool:
    try:
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and "resource_tracker" not in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


@contextmanager
def started(command: Command, env: Mapping[str, str], folder: Path) -> Iterator[tuple[int, int]]:
    """Run a server on a free port; yields its process id and the port."""
    port = free_port()
    with running(command(port), port, env, folder / f"{port}.log") as pid:
        yield pid, port


@contextmanager
def running(command: Sequence[str], port: int, env: Mapping[str, str], log: Path) -> Iterator[int]:
    """Run a server until the block ends; yields its process id once it accepts connections on `port`."""
    process = start(command, port, env, log)
    try:
        yield process.pid
    finally:
        stop(process)


def start(
    command: Sequence[str], port: int, env: Mapping[str, str], log: Path, start_timeout: float = 30
) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **env}, stdout=output, stderr=subprocess.STDOUT
        )
    deadline = time.monotonic() + start_timeout
    while not _accepts(port):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(process)
            raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.05)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()


def _accepts(port: int) -> bool:
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0
