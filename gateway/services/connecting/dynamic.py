"""LTI Dynamic Registration 1.0 told in order: whose invite, whose platform, our request, its answer, a connection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.services.connecting.connections import Connected, Connections, Origin
from gateway.services.connecting.links import Links
from gateway.services.connecting.tools import Tools
from gateway.services.connecting.trust import host_of, origin_of
from gateway.services.joining import prepare
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.invites import Invite, note_problem
from providers import rooms as all_rooms
from providers.contract import (
    BadData,
    DynamicRegistration,
    Failure,
    Http,
    Misconfigured,
    OpenIdConfiguration,
    Provider,
    Refused,
    Registration,
    Reply,
)
from providers.kit.lti.registration import read_configuration

LARGEST: Final = 256 * 1024
LONGEST_TOKEN: Final = 8192
_SHOWN: Final = 4000  # characters of a platform's refusal
_DONE: Final = (200, 201)


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration that went through. `origins` are those that the close message may be sent to (attack B6)."""

    invite: Invite
    plate: Provider
    product: str
    platform: OpenIdConfiguration
    connected: Connected
    origins: tuple[str, ...]

    def origins_for(self, referrer: str | None) -> tuple[str, ...]:
        """Add the page that framed us, where it is on one of the provider's own hosts."""
        registration = self.plate.registration
        if not referrer or registration is None or not registration.is_own_host(host_of(referrer)):
            return self.origins
        return tuple(dict.fromkeys((*self.origins, origin_of(referrer))))


@dataclass(frozen=True, slots=True)
class Dynamic:
    """Thread-safe. `http` is guarded and has tighter limits than background work: somebody waits for the page."""

    store: Store
    links: Links
    tools: Tools
    rooms: RoomSettings
    connections: Connections
    http: Http

    def register(self, token: str, configuration_url: str, registration_token: str | None) -> Registered:
        """Register us at the platform that called, and connect the invite's school to it.

        Raises:
            Refused: ``invite.*``, ``registration.refused`` with the platform's own words as detail.
            BadData, Misconfigured, Unavailable: what the platform sent or where it led; the invite stays unused.
        """
        invite, provider = self.links.registering(token)
        try:
            registered = self._register(invite, provider, configuration_url, registration_token)
        except Failure as failure:
            if registration_token:  # a platform may repeat what it was sent
                failure.detail = failure.detail.replace(registration_token, "…")
            problem = {"code": failure.code, "sentence": failure.sentence, "detail": failure.detail}
            note_problem(self.store, invite.id, problem)
            raise
        return registered

    def _register(self, invite: Invite, provider: str, url: str, token: str | None) -> Registered:
        authorization = _authorization(token)
        configuration = self._ask("GET", url, {"Accept": "application/json", **authorization})
        if not configuration.ok:
            raise _refused("would not show its configuration", configuration)
        platform = read_configuration(url, _json(configuration))
        plate, registration, dynamic = self._room(invite, provider, platform)
        _check_endpoint(platform, registration)
        tool = self.tools.of(invite)
        asked = dynamic.tool_registration(tool, registration.wants, platform)
        answer = self._ask(
            "POST",
            platform.registration_endpoint,
            {"Accept": "application/json", "Content-Type": "application/json", **authorization},
            json.dumps(asked).encode(),
        )
        if answer.status not in _DONE:
            raise _refused("refused to register us", answer)
        values = dynamic.read_registration(_object(answer), platform)
        prepared = prepare(self.rooms, plate.key, values)
        told = {"family": platform.family_code, "version": platform.version}
        connected = self.connections.connect(invite, prepared, Origin("dynamic", url, told))
        return Registered(invite, plate, tool.name, platform, connected, _origins(platform))

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        return self.http.request(method, url, headers, body=body, max_body=LARGEST)

    def _room(
        self, invite: Invite, provider: str, platform: OpenIdConfiguration
    ) -> tuple[Provider, Registration, DynamicRegistration]:
        """Return the room of the platform's own family; one that nobody knows is read as the page said."""
        plate = self._of_family(platform.family_code) or self.rooms.room(provider)
        if invite.provider is not None and plate.key != invite.provider:
            wanted = self.rooms.room(invite.provider).label
            raise Misconfigured("registration.other_system", f"This link is for {wanted}, not for {plate.label}.")
        registration = plate.registration
        if registration is None or registration.dynamic is None:
            raise Misconfigured("registration.not_offered", f"{plate.label} is connected another way; choose that one.")
        return plate, registration, registration.dynamic

    def _of_family(self, code: str) -> Provider | None:
        known = (plate for plate in all_rooms().values() if code and code in plate.family_codes)
        return next((plate for plate in known if plate.registration and plate.registration.dynamic), None)


def _authorization(token: str | None) -> dict[str, str]:
    """Without a token no header: one platform refuses an empty one. Raises BadData for what no header can carry."""
    if not token:
        return {}
    if len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise BadData("registration.token_invalid", "The learning system sent a registration token that is damaged.")
    return {"Authorization": f"Bearer {token}"}


def _check_endpoint(platform: OpenIdConfiguration, registration: Registration) -> None:
    """The platform's token goes there, so it must be the platform's own host or its provider's (attack B3)."""
    own, host = host_of(platform.url), host_of(platform.registration_endpoint)
    if host != own and not (registration.is_own_host(own) and registration.is_own_host(host)):
        raise Misconfigured(
            "registration.endpoint_elsewhere",
            f"The configuration at {own} would have us register at {host}. Nothing was sent there.",
        )


def _json(reply: Reply) -> Any:
    try:
        return reply.json()
    except BadData as fault:
        raise BadData("registration.not_json", "The learning system answered with something else than JSON.",
                      _shown(reply)) from fault  # fmt: skip


def _object(reply: Reply) -> Mapping[str, Any]:
    answer = _json(reply)
    if not isinstance(answer, Mapping):
        raise BadData("registration.answer_invalid", "The learning system's answer is no JSON object.")
    return answer


def _refused(what: str, reply: Reply) -> Refused:
    return Refused("registration.refused", f"The learning system {what} (status {reply.status}).", _shown(reply))


def _shown(reply: Reply) -> str:
    """Return the platform's own words whole, for its administrator: bounded, laid out if they are JSON."""
    text = reply.body[: 4 * _SHOWN].decode("utf-8", "replace")
    try:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        pass
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")[:_SHOWN].strip()


def _origins(platform: OpenIdConfiguration) -> tuple[str, ...]:
    addresses = (platform.url, platform.issuer, platform.registration_endpoint, platform.authorization_endpoint)
    return tuple(dict.fromkeys(origin_of(address) for address in addresses))
