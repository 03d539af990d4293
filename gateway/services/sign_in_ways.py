"""The ways in which people of an application may sign in, for the page that asks where they go to school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.applications import Application
from gateway.store.integrations import find_integration
from gateway.store.native.accounts import has_accounts
from gateway.store.registrations import sign_in_clients


class Way(NamedTuple):
    """One button. `school` is named only where the client serves that one alone: the page lists no customers."""

    name: str
    provider: str
    label: str
    school: str | None


@dataclass(frozen=True, slots=True)
class SignInWays:
    """Thread-safe."""

    store: Store
    rooms: RoomSettings

    def of(self, application: Application) -> list[Way]:
        """Return the sign-in clients that serve a school which this application may see."""
        found: dict[str, Way] = {}
        for client in sign_in_clients(self.store):
            if not application.may_see(client.tenant_id) or client.application_id not in {None, application.id}:
                continue
            known = found.get(client.registration_id)
            label = self.rooms.room(client.provider).label
            school = client.org_name if known is None else None
            found[client.registration_id] = Way(client.registration_id, client.provider, label, school)
        return list(found.values())

    def has_native(self, application: Application) -> bool:
        """Return whether people of schools without an integration may sign in to it with a username."""
        with self.store.statements() as connection:
            return has_accounts(connection, None if application.all_tenants else application.tenants)

    def is_way(self, application: Application, integration_id: str) -> bool:
        """Return whether this integration signs in people whom the application may see."""
        found = find_integration(self.store, integration_id)
        if found is None or found.status != "active" or not application.may_see(found.tenant_id):
            return False
        is_meant = found.application_id in {None, application.id}
        return is_meant and self.rooms.room(found.provider).sign_in is not None
