"""Posts rubbish at a gate in this process and prints what it cost: ``python -m tests.support.flood ADDRESS POSTS``."""

from __future__ import annotations

import itertools
import json
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from time import perf_counter
from typing import Any, NoReturn
from urllib.parse import urlencode

import structlog
from werkzeug.test import run_wsgi_app

from gateway.lti.state import cookie_name
from gateway.store.tables import metadata
from tests.support.launching import Launching, launching

_WARM = 5_000


def _posts(world: Launching) -> Iterator[tuple[bytes, str]]:
    """Yield bodies and cookies without end: no state, forged ones, and right ones with tokens that prove nothing."""
    login = world.login()
    cookie = f"{cookie_name(login.state, is_https=False)}={world.cookie_of(login)}"
    token = world.token(login)
    message, _, signature = token.rpartition(".")
    unknown = [world.token(login, header={"kid": f"kid-{number}"}) for number in range(50)]
    for number in itertools.count():
        yield b"id_token=a.b.c", ""
        yield _form(state=f"forged-{number}", id_token=token), ""
        yield _form(state=login.state, id_token=token), ""
        yield _form(state=login.state, id_token=f"{message}.{signature[::-1]}"), cookie
        yield _form(state=login.state, id_token=f"{message}.{number:08d}"), cookie
        yield _form(state=login.state, id_token=unknown[number % len(unknown)]), cookie
        yield _form(error=f"error-{number}", state=login.state), cookie


def _form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def _environ(body: bytes, cookie: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/lti/launch",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": cookie,
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
    }


def _send(world: Launching, posts: Iterator[tuple[bytes, str]], count: int) -> set[str]:
    statuses: set[str] = set()
    for body, cookie in itertools.islice(posts, count):
        answer = run_wsgi_app(world.app, _environ(body, cookie))
        statuses.add(answer[1][:3])
    return statuses


def _peak_memory() -> int:
    """Return the most memory this process ever held, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _drop(*_line: object) -> NoReturn:
    raise structlog.DropEvent


def _rows(world: Launching) -> dict[str, int]:
    return {table.name: world.count(table) for table in metadata.sorted_tables}


def main(address: str, posts: int) -> None:
    """Warm up, flood, and print memory (MB), rows and seconds."""
    structlog.configure(processors=[_drop])
    with launching(address) as world:
        stream = _posts(world)
        _send(world, stream, _WARM)
        before, rows, began = _peak_memory(), _rows(world), perf_counter()
        statuses = _send(world, stream, posts - _WARM)
        grown = (_peak_memory() - before) / 1000
        report = {
            "posts": posts,
            "seconds": round(perf_counter() - began, 1),
            "grown_mb": round(grown, 1),
            "rows_before": rows,
            "rows_after": _rows(world),
            "statuses": sorted(statuses),
            "fetches": sum(world.fetches.values()),
            "still_lets_in": world.launch().code,
        }
    print(json.dumps(report))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
