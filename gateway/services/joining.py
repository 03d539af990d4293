"""Joins an org to a provider: settings checked and sealed, then registration, integration and deployments at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from gateway.services.room_settings import RoomSettings
from gateway.store import Connection
from gateway.store.integrations import add_integration
from gateway.store.matching.pairs import pair_with_itself
from gateway.store.orgs import Org
from gateway.store.registrations import LTI, SIGN_IN, add_deployment, save_registration
from providers.contract import LtiEndpoints, Misconfigured, Provider, declared, read_settings


class Registered(NamedTuple):
    """A new integration and the registration that its launches or sign-ins come through, if it has any."""

    integration_id: str
    registration_id: str | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Settings that their room has read; `stored` is how they are kept, secrets sealed."""

    plate: Provider
    stored: dict[str, Any]
    endpoints: LtiEndpoints | None


def prepare(rooms: RoomSettings, provider: str, values: Mapping[str, Any]) -> Prepared:
    """Let the room read the settings. Raises Misconfigured (``settings.invalid``, ``provider.unknown`` or its own)."""
    plate = rooms.room(provider)
    settings = read_settings(plate.settings, values)
    endpoints = endpoints_for(plate, settings)
    if endpoints is not None and not all(_is_deployment(name) for name in endpoints.deployment_ids):
        raise Misconfigured("deployment.malformed", "A deployment ID has at most 255 plain characters: copy it anew.")
    return Prepared(plate, rooms.seal(plate, _as_stored(plate, settings)), endpoints)


def _is_deployment(name: str) -> bool:
    """LTI Core 5.3.3: at most 255 ASCII characters; no launch could bring another."""
    return len(name) <= 255 and name.isascii() and name.isprintable()


def endpoints_for(plate: Provider, settings: Any) -> LtiEndpoints | None:
    """Return how a room's settings are registered: an LTI platform, or a sign-in client with its district."""
    if plate.launch is not None:
        return plate.launch.endpoints(settings)
    if plate.sign_in is None:
        return None
    client = plate.sign_in.client(settings)
    return LtiEndpoints(
        issuer=client.issuer,
        client_id=client.client_id,
        auth_login_url=client.authorize_url,
        auth_token_url=client.token_url,
        key_set_url=client.key_set_url,
        deployment_ids=(client.district_id,) if client.district_id else (),
        algorithms=client.algorithms,
        leeway_seconds=client.leeway_seconds,
    )


def join(
    connection: Connection, prepared: Prepared, org: Org, *, application_id: str | None, actor: str, at: datetime
) -> Registered:
    """Write everything in the caller's transaction. Raises Misconfigured (``deployment.taken``): take it all back."""
    endpoints = prepared.endpoints
    registration_id = None
    if endpoints is not None:
        registration_id = save_registration(connection, registration_row(prepared.plate, endpoints), at)
    row = {
        "tenant_id": org.tenant_id,
        "org_sourced_id": org.sourced_id,
        "provider": prepared.plate.key,
        "registration_id": registration_id,
        "application_id": application_id,
        "settings": prepared.stored,
    }
    integration_id = add_integration(connection, row, actor=actor, at=at)
    if endpoints is not None and registration_id is not None:
        deploy(connection, endpoints, registration_id, (org.tenant_id, integration_id), at)
    meet_own_roster(connection, prepared.plate, (org.tenant_id, integration_id), at)
    return Registered(integration_id, registration_id)


def meet_own_roster(connection: Connection, plate: Provider, home: tuple[str, str], at: datetime) -> None:
    """Let sign-ins and launches of an integration (its tenant and id) meet its own roster, where it brings both."""
    if (plate.sign_in is not None or plate.launch is not None) and plate.roster is not None:
        pair_with_itself(connection, tenant_id=home[0], integration_id=home[1], at=at)


def registration_row(plate: Provider, endpoints: LtiEndpoints) -> dict[str, Any]:
    """Return the columns of a registration."""
    return {
        "provider": plate.key,
        "kind": LTI if plate.launch is not None else SIGN_IN,
        "issuer": endpoints.issuer,
        "client_id": endpoints.client_id,
        "auth_login_url": endpoints.auth_login_url,
        "auth_token_url": endpoints.auth_token_url,
        "key_set_url": endpoints.key_set_url,
        "auth_audience": endpoints.auth_audience,
        "algorithms": list(endpoints.algorithms),
        "leeway_seconds": endpoints.leeway_seconds,
        "allow_anonymous": endpoints.allow_anonymous,
    }


def deploy(
    connection: Connection, endpoints: LtiEndpoints, registration_id: str, home: tuple[str, str], at: datetime
) -> None:
    """Give the deployments that the settings name to an integration (its tenant and id)."""
    for name in endpoints.deployment_ids:
        if not add_deployment(connection, registration_id=registration_id, deployment_id=name, integration=home, at=at):
            raise Misconfigured("deployment.taken", f"Deployment {name!r} already belongs to another integration.")


def _as_stored(plate: Provider, settings: Any) -> dict[str, Any]:
    """Return the settings that differ from their default, as JSON can hold them."""
    stored: dict[str, Any] = {}
    for field in declared(plate.settings):
        value = getattr(settings, field.name)
        if field.required or value != field.default:
            stored[field.name] = list(value) if isinstance(value, tuple) else value
    return stored
