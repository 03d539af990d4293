"""A school that nobody has connected yet: its LMS with an administrator, the gateway, and an invite link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response
from playwright.sync_api import Locator, Page

from gateway import create_app
from gateway.demo.doors import Door
from gateway.demo.school import open_demo_gate, write_config
from gateway.sample import create_sample
from gateway.services.applications import Wanted, register_application
from gateway.store.key_rows import RemoteKeySetRows
from gateway.store.orgs import add_org
from gateway.wiring import Gate
from keys.remote import RemoteKeySets
from providers import room
from providers.contract import LtiEndpoints, declared, read_settings
from providers.kit.simulator import SimulatedPlatform, SimulatorConfig
from providers.kit.simulator.loading import lti_simulator


@dataclass
class Administrator:
    """Who does it, with two tabs open. Counts every press on a link or button; pasting into a field is none."""

    wizard: Page
    lms: Page
    clicks: int = 0
    pressed: list[str] = field(default_factory=list)

    def press(self, what: Locator) -> None:
        """Press a link or a button."""
        self.clicks += 1
        self.pressed.append((what.inner_text() or what.get_attribute("aria-label") or "").strip()[:40])
        what.click()

    def copy(self, value: Locator) -> str:
        """Press the copy button beside a value; return what the clipboard holds then."""
        self.press(value.locator("xpath=ancestor::*[contains(@class, 'value')][1]").get_by_role("button"))
        copied: str = self.wizard.evaluate("navigator.clipboard.readText()")
        assert copied == value.inner_text()
        return copied


@dataclass(frozen=True)
class Invited:
    """The parts, and where browsers find them."""

    gate: Gate
    platform: SimulatedPlatform
    key: str
    gateway: str
    lms: str
    application: str
    org_id: str

    @property
    def label(self) -> str:
        return room(self.key).label

    def link(self, provider: str | None = None) -> str:
        """Make an invite link, as the operator does."""
        made = self.gate.desk.links.invite(
            org_id=self.org_id, provider=provider, expires_in=timedelta(days=14), actor="operator"
        )
        return f"{self.gateway}/connect/{made.token}"


def typed_endpoints(key: str, platform: SimulatedPlatform) -> LtiEndpoints:
    """Return where the room will look for the platform when its administrator types in what must be typed in."""
    plate = room(key)
    assert plate.launch is not None
    shown = platform.settings()
    values = {field.name: shown[field.name] for field in declared(plate.settings) if field.required}
    return plate.launch.endpoints(read_settings(plate.settings, values))


@contextmanager
def invited(folder: Path, key: str, way: str = "dynamic") -> Iterator[Invited]:
    """Serve everything until the test ends."""
    doors = [Door(0) for _ in range(3)]
    gateway, application = (door.at("localhost") for door in doors[:2])
    lms = doors[2].at("127.0.0.1")
    gate = open_demo_gate(write_config(folder, gateway=gateway, allowed_host=f"127.0.0.1:{doors[2].port}"))
    platform = _platform(key, lms, way)
    org = add_org(gate.store, name="Northfield School", type="school", parent=None, actor="test", at=gate.now())
    wanted = Wanted("Reading Room", (f"{application}/callback",), f"{application}/login")
    made = register_application(gate.store, wanted, allow_http=True, actor="test", now=gate.now())
    secret = str(made.client_secret)
    sample = create_sample(
        issuer=gateway, client_id=made.application.id, client_secret=secret, own_url=application, secret_key=secret
    )
    key_sets = RemoteKeySets(
        lambda _: (json.dumps(platform.key_set()).encode(), 300), RemoteKeySetRows(gate.store), gate.now
    )
    gate = replace(gate, launches=replace(gate.launches, key_sets=key_sets))
    simulator = lti_simulator(key).create_simulator(platform.config, platform=platform)
    app = create_app(gate)
    lead(app, typed_endpoints(key, platform).auth_login_url, f"{lms}{platform.paths.authorize}")
    with ExitStack() as stack:
        stack.callback(gate.close)
        for door, served in zip(doors, (app, sample, simulator), strict=True):
            stack.enter_context(door.serve(served))
        yield Invited(gate, platform, key, gateway, lms, application, org.sourced_id)


def lead(app: Flask, vendor: str, place: str) -> None:
    """Lead browsers from a vendor's one address for all schools to the simulator: no DNS of a test can do that."""

    @app.after_request
    def elsewhere(response: Response) -> Response:
        if "Location" in response.headers:
            response.headers["Location"] = response.headers["Location"].replace(vendor, place, 1)
        return response


def _platform(key: str, lms: str, way: str) -> SimulatedPlatform:
    """Put the simulator up without a tool; where values are typed in, its issuer is the vendor's own."""
    none = "http://nowhere.example"
    config = SimulatorConfig(lms, "none", "1:first", none, none, none, base_url=lms)
    platform = lti_simulator(key).PLATFORM(config)
    if way != "dynamic":
        platform.config = replace(config, issuer=typed_endpoints(key, platform).issuer)
    return platform
