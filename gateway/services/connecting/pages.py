"""What a page shows of a room: its guide's steps for one way with the values put in beside it, and its fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.services.connecting.clients import Clients
from gateway.services.connecting.links import Links
from gateway.services.connecting.tools import Tools
from gateway.services.room_settings import RoomSettings
from gateway.store.invites import Invite
from providers import rooms as all_rooms
from providers.contract import Declared, Misconfigured, Provider, Registration, Tool, Way, declared
from providers.kit.guide import WAY_HEADINGS, Guide, read_steps
from providers.kit.room_files import read_guide


@dataclass(frozen=True, slots=True)
class WayPage:
    """One way to connect one system: `values` fill the guide, `fields` are asked for."""

    plate: Provider
    registration: Registration
    way: Way
    guide: Guide
    values: Mapping[str, str]
    fields: tuple[Declared, ...]

    @property
    def usual(self) -> tuple[Declared, ...]:
        """The fields up to the last that must be filled in; what comes after them is for special cases."""
        needed = [place for place, field in enumerate(self.fields, 1) if field.required]
        return self.fields[: max(needed, default=0)]

    @property
    def special(self) -> tuple[Declared, ...]:
        """The other fields."""
        return self.fields[len(self.usual) :]

    @property
    def others(self) -> list[tuple[Way, str]]:
        """The other ways that this system offers, with their headings."""
        return [(way, WAY_HEADINGS[way]) for way in self.registration.ways if way != self.way]


@dataclass(frozen=True, slots=True)
class Pages:
    """Thread-safe."""

    rooms: RoomSettings
    links: Links
    tools: Tools
    clients: Clients
    public_url: str

    def systems(self, invite: Invite) -> list[Provider]:
        """Return the systems that this invite may be used for, by name; those of no vendor come last."""
        return [plate for plate in self.connectable() if invite.provider in {None, plate.key}]

    def connectable(self) -> list[Provider]:
        """Return every system that a link can connect."""
        plates = [plate for plate in all_rooms().values() if plate.registration and plate.registration.ways]
        plates = [plate for plate in plates if self.clients.is_there(plate)]
        return sorted(plates, key=lambda plate: (not plate.family_codes, plate.label.lower()))

    def way(self, invite: Invite, provider: str, way: str | None) -> WayPage:
        """Return one way of one system; without a name the easiest.

        Raises:
            Misconfigured: ``registration.not_offered``.
        """
        plate = next((each for each in self.systems(invite) if each.key == provider), None)
        registration = plate.registration if plate else None
        if plate is None or registration is None:
            raise Misconfigured("registration.not_offered", "This link does not connect that system.")
        chosen = next((each for each in registration.ways if way in {None, each}), None)
        if chosen is None:
            raise Misconfigured("registration.not_offered", f"{plate.label} is connected another way; choose that one.")
        fields = {field.name: field for field in declared(plate.settings)}
        asked = tuple(fields[name] for name in registration.asks) if chosen != "dynamic" else ()
        values = self._values(invite, plate.key, registration)
        return WayPage(plate, registration, chosen, read_steps(read_guide(plate.key)), values, asked)

    def try_it(self, invite: Invite, plate: Provider) -> tuple[str, Mapping[str, str]]:
        """Return the guide's last section with its values."""
        assert plate.registration is not None
        return read_steps(read_guide(plate.key)).try_it, self._values(invite, plate.key, plate.registration)

    def configuration(self, invite: Invite, provider: str) -> dict[str, Any] | None:
        """Return the JSON document that a platform reads from an address of ours, if it reads one."""
        registration = self.rooms.room(provider).registration
        if registration is None or registration.configuration is None:
            return None
        return registration.configuration(self.tools.of(invite), registration.wants)

    def _values(self, invite: Invite, provider: str, registration: Registration) -> dict[str, str]:
        tool = self.tools.of(invite)
        document = registration.configuration(tool, registration.wants) if registration.configuration else {}
        token = self.links.registration_token(invite, provider)
        return {
            **_of_tool(tool),
            "registration_url": f"{self.public_url}/lti/register/{token}",
            "configuration_url": f"{self.public_url}/lti/config/{provider}-{invite.id}.json",
            "configuration": json.dumps(document, indent=2),
            "custom_parameters": "\n".join(f"{name}={value}" for name, value in registration.wants.custom.items()),
        }


def _of_tool(tool: Tool) -> dict[str, str]:
    return {
        "login_url": tool.login_url,
        "launch_url": tool.launch_url,
        "key_set_url": tool.key_set_url,
        "public_url": tool.public_url,
        "domain": tool.domain,
        "application": tool.name,
    }
