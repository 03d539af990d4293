"""Sets the demo up through the same services that the commands use: school, integration, application."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.demo.script import Script
from gateway.services.applications import Wanted, register_application
from gateway.settings import load_settings
from gateway.store import upgrade
from gateway.store.orgs import add_org
from gateway.wiring import Gate, open_gate

ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the other parts need to know of what was set up."""

    integration_id: str
    client_id: str
    client_secret: str


def fresh_folder(port: int, below: Path) -> Path:
    """Return an empty folder for the demo on this port; what an earlier one left there goes."""
    folder = below / str(port)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder.resolve()


def write_config(folder: Path, *, gateway: str, allowed_host: str) -> Path:
    """Write the gateway's settings; the commands of a second terminal use the same file."""
    values = {
        "public_url": gateway,
        "database_url": f"sqlite:///{folder}/schoolgate.db",
        "var": str(folder),
        "allow_hosts": allowed_host,
    }
    path = folder / "schoolgate.toml"
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()))
    return path


def open_demo_gate(config: Path) -> Gate:
    """Open the gate on a new database with tables and keys."""
    gate = open_gate(load_settings({"SCHOOLGATE_CONFIG": str(config)}))
    upgrade(gate.store)
    gate.keyring.ensure()
    return gate


def set_up(gate: Gate, script: Script, *, lms_settings: Mapping[str, object], application_url: str) -> SetUp:
    """Add the district, its school, the integration and the application."""
    at = gate.now()
    district = add_org(gate.store, name=script.district, type="district", parent=None, actor=ACTOR, at=at)
    school = add_org(gate.store, name=script.school, type="school", parent=district, actor=ACTOR, at=at)
    values = {**lms_settings, **script.settings}
    added = gate.integrations.add(script.simulator, org_id=school.sourced_id, values=values, actor=ACTOR)
    wanted = Wanted(script.application, (f"{application_url}/callback",), f"{application_url}/login")
    registered = register_application(gate.store, wanted, allow_http=True, actor=ACTOR, now=at)
    assert registered.client_secret is not None  # only public clients have none
    return SetUp(added.integration_id, registered.application.id, registered.client_secret)
