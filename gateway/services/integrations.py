"""Adds, checks and switches integrations, and lets unknown deployments in: what operators do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from gateway.services.joining import Registered, join, meet_own_roster, prepare
from gateway.services.room_context import RoomContexts
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.integrations import (
    Integration,
    add_integration,
    deployments_of,
    find_integration,
    set_status,
)
from gateway.store.launches import last_deep_linking
from gateway.store.notice_handlers import handlers_of
from gateway.store.orgs import Org, find_org
from gateway.store.registrations import (
    Deployment,
    accept_deployment,
    disable_deployment,
    find_deployment,
    integrations_of,
    registration_with,
)
from providers.contract import Context, Failure, Health, Misconfigured, Roster


class KeySetReader(Protocol):
    """Fetches a platform's key set at once."""

    def refresh(self, url: str) -> tuple[str, ...]:
        """Return the kids. Raises what went wrong."""
        ...


class Checking(Protocol):
    """A capability that looks at itself."""

    def check(self, context: Context[Any]) -> Sequence[Health]:
        """Say what is well and which setting to change."""
        ...


_NOT_TRIED = (
    "Not tried yet. Let a teacher add the tool where course materials are added: the application's choice of content "
    "opens. Where the tool is not offered there, it has no placement for deep linking: see the LMS's own page."
)


class Finding(NamedTuple):
    """One thing that `integrations check` looked at; `advice` names the setting to change when it is not well.

    `is_news`: nothing is wrong, whatever it says.
    """

    check: str
    ok: bool
    advice: str
    is_news: bool = False

    @property
    def told(self) -> str:
        """What a person should read."""
        return "" if self.ok and not self.is_news else self.advice


@dataclass(frozen=True, slots=True)
class Integrations:
    """What an operator does with integrations. `actor` is who did it, for the audit log."""

    store: Store
    rooms: RoomSettings
    key_sets: KeySetReader
    contexts: RoomContexts
    now: Callable[[], datetime]

    def add(
        self, provider: str, *, org_id: str, values: Mapping[str, Any], actor: str, application_id: str | None = None
    ) -> Registered:
        """Join an org to a provider; nothing is written when a setting is wrong.

        Raises:
            Misconfigured: ``settings.invalid``, ``provider.unknown``, ``org.unknown``, ``deployment.taken``.
        """
        org = self._org(org_id)
        prepared = prepare(self.rooms, provider, values)
        with self.store.transaction() as connection:
            return join(connection, prepared, org, application_id=application_id, actor=actor, at=self.now())

    def switch(self, integration_id: str, status: str, *, actor: str) -> None:
        """Make an integration `active` or `disabled`."""
        set_status(self.store, self.find(integration_id), status, actor=actor, at=self.now())

    def find(self, integration_id: str) -> Integration:
        """Return one integration. Raises Misconfigured (``integration.unknown``)."""
        found = find_integration(self.store, integration_id)
        if found is None:
            raise Misconfigured("integration.unknown", f"There is no integration {integration_id!r}.")
        return found

    def accept(self, row_id: str, *, org_id: str | None, actor: str) -> Deployment:
        """Let a pending deployment in: into the integration its registration has, or a new one for `org_id`.

        Raises:
            Misconfigured: ``deployment.unknown``, ``deployment.org_needed``, ``deployment.taken``, ``org.unknown``.
        """
        deployment = self._deployment(row_id)
        tenant_id, integration_id = self._home_of(deployment, org_id, actor)
        at = self.now()
        if not accept_deployment(
            self.store, row_id, tenant_id=tenant_id, integration_id=integration_id, actor=actor, at=at
        ):
            raise Misconfigured("deployment.taken", "This deployment already belongs to another integration.")
        return deployment._replace(tenant_id=tenant_id, integration_id=integration_id, status="active")

    def disable_deployment(self, row_id: str, *, actor: str) -> Deployment:
        """Refuse a deployment's launches until it is accepted again. Raises Misconfigured (``deployment.unknown``)."""
        deployment = self._deployment(row_id)
        disable_deployment(self.store, deployment, actor=actor, at=self.now())
        return deployment._replace(status="disabled")

    def check(self, integration_id: str) -> list[Finding]:
        """Say in plain words what of an integration is well and which setting to change."""
        integration = self.find(integration_id)
        findings = [
            Finding(
                "switched on",
                integration.status == "active",
                f"It is disabled: schoolgate integrations enable {integration.id}.",
            )
        ]
        plate = self.rooms.room(integration.provider)
        if plate.sign_in is not None:
            findings += [*self._ask_room("sign-in", plate.sign_in, integration), self._check_district(integration)]
        elif integration.registration_id is not None:
            findings += [*self._check_lti(integration), *self._check_notices(integration)]
            findings.append(self._look_at_deep_linking(integration))
        if plate.roster is not None and self._is_to_bring_a_roster(plate.roster, integration):
            findings += self._ask_room("roster", plate.roster, integration)
        return findings

    def _is_to_bring_a_roster(self, roster: Roster, integration: Integration) -> bool:
        try:
            return roster.is_set_up(self.contexts.open(integration).settings)
        except Failure:  # asking the room will say so
            return True

    def _ask_room(self, name: str, capability: Checking, integration: Integration) -> list[Finding]:
        try:
            found = capability.check(self.contexts.open(integration))
        except Failure as failure:
            return [Finding(name, False, failure.sentence)]
        return [Finding(f"{name}: {health.check}", health.ok, health.advice) for health in found]

    def _check_district(self, integration: Integration) -> Finding:
        active = [name for name, status in deployments_of(self.store, integration.id) if status == "active"]
        advice = "No district yet: sign in once from the portal, then schoolgate deployments accept --org."
        return Finding("district", bool(active), advice)

    def _check_lti(self, integration: Integration) -> list[Finding]:
        registration = registration_with(self.store, str(integration.registration_id))
        assert registration is not None  # a foreign key holds it
        try:
            kids = self.key_sets.refresh(registration.key_set_url)
            keys = Finding("key set", bool(kids), "key_set_url answers, but holds no key that could sign a launch.")
        except Exception as fault:
            advice = f"key_set_url could not be read ({fault}): compare it with the LMS's tool screen."
            keys = Finding("key set", False, advice)
        active = [name for name, status in deployments_of(self.store, integration.id) if status == "active"]
        advice = "No deployment yet: open the tool once from the LMS, then schoolgate deployments list."
        return [keys, Finding("deployment", bool(active), advice)]

    def _look_at_deep_linking(self, integration: Integration) -> Finding:
        """Say whether the LMS's placements for choosing content were ever used: only a person there can try them."""
        seen = last_deep_linking(self.store, integration.tenant_id, integration.id)
        advice = f"Placements seen: content was last chosen on {seen:%d %B %Y}." if seen else _NOT_TRIED
        return Finding("deep linking", True, advice, is_news=True)

    def _check_notices(self, integration: Integration) -> list[Finding]:
        """Look at the deployments whose LMS offers to tell of copied courses; elsewhere nothing is missing."""
        offered = handlers_of(self.store, integration.id)
        faults = sorted({handler.fault for handler in offered if handler.fault and handler.registered_at is None})
        waiting = "The LMS was not asked yet: see that a worker runs (schoolgate jobs list)."
        advice = (
            f"The LMS tells of no copied courses ({', '.join(faults)}): see troubleshooting." if faults else waiting
        )
        is_well = all(handler.registered_at is not None for handler in offered)
        return [Finding("notices of copied courses", is_well, advice)] if offered else []

    def _deployment(self, row_id: str) -> Deployment:
        deployment = find_deployment(self.store, row_id)
        if deployment is None:
            raise Misconfigured("deployment.unknown", f"There is no deployment {row_id!r}.")
        return deployment

    def _org(self, org_id: str) -> Org:
        org = find_org(self.store, org_id)
        if org is None:
            raise Misconfigured("org.unknown", f"There is no org {org_id!r}: see schoolgate orgs list.")
        return org

    def _home_of(self, deployment: Deployment, org_id: str | None, actor: str) -> tuple[str, str]:
        """Return (tenant, integration) for a deployment; a new org gets an integration of its own."""
        homes = integrations_of(self.store, deployment.registration_id)
        model = self.find(homes[0][0])
        if deployment.integration_id is not None:
            homes = [home for home in homes if home[0] == deployment.integration_id]
        elif self.rooms.room(model.provider).sign_in is not None:
            homes = []  # every district has an integration of its own
        fitting = [home for home in homes if org_id is None or home[2] == org_id]
        if len(fitting) == 1:
            return fitting[0][1], fitting[0][0]
        if deployment.integration_id is not None:  # before an integration is made for nothing
            raise Misconfigured("deployment.taken", "This deployment already belongs to another integration.")
        if org_id is None:
            raise Misconfigured("deployment.org_needed", "Several orgs may use this registration: name one with --org.")
        org = self._org(org_id)
        row = {
            "tenant_id": org.tenant_id,
            "org_sourced_id": org.sourced_id,
            "provider": model.provider,
            "registration_id": deployment.registration_id,
            "application_id": model.application_id,
            "settings": model.settings,
        }
        plate, at = self.rooms.room(model.provider), self.now()
        if plate.sign_in is not None:
            row["settings"] = {**model.settings, plate.sign_in.district_setting: deployment.deployment_id}
        with self.store.transaction() as connection:
            integration_id = add_integration(connection, row, actor=actor, at=at)
            meet_own_roster(connection, plate, (org.tenant_id, integration_id), at)
        return org.tenant_id, integration_id
