"""The two products of docs/quickstart as they stand there: stock libraries, from a launch to a grade."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gateway import create_app
from gateway.store.tables import applications, scores
from providers.kit.simulator.serving import running
from tests.bench.processes import free_port, start, stop
from tests.support.key_stores import Clock
from tests.support.launching import Launching, launching
from tests.support.oidc_world import SECRET

QUICKSTART = Path(__file__).resolve().parents[2] / "docs" / "quickstart"
CONTEXT = "https://purl.imsglobal.org/spec/lti/claim/context"
Command = Callable[[Path], list[str]]


def _python(_folder: Path) -> list[str]:
    return [sys.executable, str(QUICKSTART / "product.py")]


def _node(folder: Path) -> list[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node is not on this machine")
    shutil.copy(QUICKSTART / "product.mjs", folder)
    install = [npm, "install", "--no-audit", "--no-fund", "openid-client@6"]
    installed = subprocess.run(install, cwd=folder, check=False, capture_output=True, text=True)
    if installed.returncode:
        pytest.skip(f"npm can't install openid-client here: {installed.stderr.strip()[-200:]}")
    return [node, str(folder / "product.mjs")]


@dataclass
class Product:
    """A running product, and a person who was just launched into it."""

    world: Launching
    gateway: str
    own: str
    hint: str

    def open(self, path: str, **query: str) -> httpx.Response:
        """Open a page as a browser that follows where it is sent."""
        return httpx.get(f"{self.own}{path}", params=query, follow_redirects=True, timeout=30)


@contextmanager
def _product(database_url: str, folder: Path, command: Command) -> Iterator[Product]:
    clock, port = Clock(), free_port()
    clock.time = datetime.now(UTC)
    own = f"http://localhost:{port}"
    with launching(database_url, clock=clock) as world:
        world.gate.keyring.ensure()
        addresses = {"login_uri": f"{own}/login", "redirect_uris": [f"{own}/callback"]}
        (application,) = world.rows(applications)
        world.change(applications, **addresses)
        hint = parse_qs(urlsplit(world.launch("sam").response.location).query)["login_hint"][0]

        def build(base: str) -> Any:
            settings = replace(world.gate.settings, public_url=base)
            return create_app(replace(world.gate, settings=settings, house=replace(world.gate.house, issuer=base)))

        with running(build) as base:
            told = {"GATEWAY": base, "CLIENT_ID": application["id"], "CLIENT_SECRET": SECRET, "PORT": str(port)}
            process = start(command(folder), port, {**os.environ, **told}, folder / "product.log")
            try:
                yield Product(world, base, own, hint)
            finally:
                stop(process)


@pytest.mark.parametrize("command", [_python, _node])
def test_a_product_signs_in_reads_the_roster_and_hands_in_a_grade(
    sqlite_url: str, tmp_path: Path, command: Command
) -> None:
    with _product(sqlite_url, tmp_path, command) as product:
        assert product.open("/login", iss="https://elsewhere.example").status_code == 400
        signed_in = product.open("/login", iss=product.gateway, login_hint=product.hint)
        assert signed_in.status_code == 200, signed_in.text
        person = signed_in.json()
        assert person["name"] == "Sam Okafor"
        roster = product.open("/roster").json()
        assert person["sub"] in {each["sourcedId"] for each in roster["users"]}
        graded = product.open("/grade", **{"class": person[CONTEXT]["id"], "student": person["sub"], "score": "8.5"})
        assert (graded.status_code, graded.json()["score"], graded.json()["metadata"]["lms.state"]) == (
            200,
            8.5,
            "waiting",
        )
        assert [row["score"] for row in product.world.rows(scores)] == [8.5]
