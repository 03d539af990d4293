"""A school, a gateway and an application in this process, whose switches tests set; and browsers that drop cookies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import request
from playwright.sync_api import BrowserContext, BrowserType, FrameLocator, Page

from gateway import create_app
from gateway.demo.doors import Door
from gateway.demo.school import open_demo_gate, set_up, write_config
from gateway.demo.script import read_script
from gateway.lti.trace import read_trace
from gateway.sample import create_sample
from gateway.store.launches import list_launches
from gateway.wiring import Gate
from providers.kit.simulator import SimulatedPlatform, SimulatorConfig
from providers.kit.simulator.loading import lti_simulator
from tests.browser.inspection import lesson_of
from tests.support.browser import ARGUMENTS, required_path


@dataclass(frozen=True)
class House:
    """The parts and where browsers find them: the LMS on another site than gateway and application."""

    gate: Gate
    platform: SimulatedPlatform
    gateway: str
    lms: str
    application: str
    asked: list[str]  # the paths that the gateway was asked for: a browser's own events get lost with a frame's process

    def open(self, page: Page, who: str = "sam", *, at: str = "") -> FrameLocator:
        """Open the course page; return the lesson's frame."""
        page.goto(f"{at or self.lms}/courses/101?as={who}")
        return lesson_of(page)

    def path_asked(self, page: Page, start: str) -> str:
        """Wait until the gateway is asked for a path that starts so, and return it."""
        for _ in range(100):
            if found := [path for path in self.asked if path.startswith(start)]:
                return found[0]
            page.wait_for_timeout(100)
        raise AssertionError(f"nobody asked for {start}")

    def newest(self) -> tuple[str, dict[str, str]]:
        """Return the outcome of the newest launch and what its trace says, check by check."""
        record = list_launches(self.gate.store, limit=1)[0]
        return record.outcome, {check: note for check, _, note in read_trace(record.trace)}

    def outcomes(self) -> list[str]:
        """Return the outcomes of all launches and refusals."""
        return [record.outcome for record in list_launches(self.gate.store)]


@contextmanager
def house(folder: Path, room: str = "") -> Iterator[House]:
    """Serve everything until the test ends. `room` names whose simulator it is, if not the demo's."""
    script = read_script()
    script = replace(script, simulator=room or script.simulator)
    doors = [Door(0) for _ in range(3)]
    gateway, application = (door.at("localhost") for door in doors[:2])
    lms = doors[2].at("127.0.0.1")
    gate = open_demo_gate(write_config(folder, gateway=gateway, allowed_host=f"127.0.0.1:{doors[2].port}"))
    simulator = lti_simulator(script.simulator)
    launch = f"{gateway}/lti/launch"
    tool = SimulatorConfig(lms, script.client_id, script.deployment_id, f"{gateway}/lti/login", launch, launch)
    platform = simulator.PLATFORM(tool)
    done = set_up(gate, script, lms_settings=platform.settings(), application_url=application)
    sample = create_sample(
        issuer=gateway,
        client_id=done.client_id,
        client_secret=done.client_secret,
        own_url=application,
        secret_key=done.client_secret,
    )
    asked: list[str] = []
    own = create_app(gate)
    own.before_request(lambda: asked.append(request.path))
    apps = (own, sample, simulator.create_simulator(tool, platform=platform))
    with ExitStack() as stack:
        stack.callback(gate.close)
        for door, app in zip(doors, apps, strict=True):
            stack.enter_context(door.serve(app))
        yield House(gate, platform, gateway, lms, application, asked)


@contextmanager
def without_cookies(
    chromium: BrowserType, folder: Path, *sites: str, below: tuple[str, ...]
) -> Iterator[BrowserContext]:
    """Yield a Chromium that keeps no cookie of these sites in frames of those `below`, not even a partitioned one."""
    blocked = {f"{site},{around}": {"setting": 2} for site in sites for around in below}
    preferences = {"profile": {"content_settings": {"exceptions": {"cookies": blocked}}}}
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps(preferences))
    context = chromium.launch_persistent_context(folder, executable_path=required_path(), args=list(ARGUMENTS))
    try:
        yield context
    finally:
        context.close()
