"""One running demo for all browser tests of a worker, and what visitors do with it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, TimeoutError

from gateway.demo import school
from tests.browser.inspection import lesson_of
from tests.support.databases import SqliteDatabases

SCHOOLGATE = str(Path(sys.executable).with_name("schoolgate"))
SIZES = {"phone": (360, 740), "chromebook": (1366, 768)}
Scheme = Literal["light", "dark"]
Look = tuple[str, Scheme]
_LINE = re.compile(r"  (\w[\w ]*?) {2,}(http://\S+)")


@dataclass(frozen=True)
class Demo:
    """A running `schoolgate demo` and the addresses that it announced."""

    process: subprocess.Popen[str]
    folder: Path
    start: str
    gateway: str
    lms: str
    application: str

    def open(self, page: Page, link: str) -> FrameLocator:
        """Click a link of the start page; return the lesson's frame on the course page."""
        page.goto(self.start)
        page.get_by_role("link", name=link).first.click()
        return lesson_of(page)

    def send_again(self, page: Page) -> FrameLocator:
        """Send the launch of the course page a second time; return the frame with the refusal.

        Playwright now and then loses sight of a frame that changes its process twice within milliseconds (the page is
        there: its stylesheet was fetched). Sending once more is refused just the same.
        """
        lesson = page.frame_locator("iframe[name=tool]")
        lesson.get_by_text("Hello, Sam Okafor!").wait_for()
        for patience in (3000, 3000, 3000, 10_000):
            page.get_by_role("link", name="Send the same launch a second time").click()
            with suppress(TimeoutError):
                lesson.get_by_role("heading", name="This link did not open").wait_for(timeout=patience)
                break
        return lesson

    def command(self, *words: str) -> str:
        """Run `schoolgate …` as the start page says, in a second terminal."""
        config = self.folder / "var" / "demo" / self.start.rpartition(":")[2] / "schoolgate.toml"
        environment = {**os.environ, "SCHOOLGATE_CONFIG": str(config)}
        done = subprocess.run([SCHOOLGATE, *words], env=environment, capture_output=True, text=True, check=True)
        return done.stdout


@pytest.fixture(autouse=True, scope="session")
def _tables_copied(sqlite_databases: SqliteDatabases) -> Iterator[None]:
    """Houses in this process copy their tables; the demo, a process of its own, makes them as it does for everybody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(school, "upgrade", sqlite_databases.fill)
        yield


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _announced(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    found: dict[str, str] = {}
    for line in process.stdout:
        if start := re.search(r"Open (http://\S+) in a browser", line):
            found["start"] = start[1]
        if part := _LINE.match(line):
            found[part[1]] = part[2]
        if "Ctrl-C" in line:
            return found
    raise AssertionError(f"the demo did not start: {found}")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, running as its user starts it."""
    folder = tmp_path_factory.mktemp("demo")
    command = [SCHOOLGATE, "demo", "--port", str(free_port())]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            at = _announced(process)
            names = {"gateway": "gateway", "lms": "simulated system", "application": "sample application"}
            yield Demo(process, folder, at["start"], **{name: at[words] for name, words in names.items()})
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@pytest.fixture(params=[("phone", "light"), ("phone", "dark"), ("chromebook", "light")], ids="-".join)
def look(request: pytest.FixtureRequest) -> Look:
    chosen: Look = request.param
    return chosen


@pytest.fixture
def sized(chromium: Browser, look: Look) -> Iterator[Page]:
    width, height = SIZES[look[0]]
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=look[1])
    yield context.new_page()
    context.close()
