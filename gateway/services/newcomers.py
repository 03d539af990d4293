"""A launch from a deployment that nobody accepted yet: the first of an invited school comes in, others wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.store import Store
from gateway.store.audit import note
from gateway.store.invites import awaiting_first_launch
from gateway.store.registrations import add_deployment, note_pending
from providers.contract import VerifiedClaims
from providers.kit.lti import claims as names

MOST_PENDING = 1000  # unknown deployments kept per registration
_SHOWN = ("guid", "name", "url", "description", "product_family_code", "version")


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Thread-safe. The claims are proven: the registration's own platform signed them."""

    store: Store

    def admit(self, registration_id: str, deployment_id: str, evidence: dict[str, Any], at: datetime) -> bool:
        """Accept the first deployment of a registration that an invited administrator made; else put it on the list.

        The registration belongs to that school alone and has no deployment, so there is nobody else it could be.
        """
        with self.store.transaction() as connection:
            awaiting = awaiting_first_launch(connection, registration_id, at)
            if awaiting is not None:
                home = (awaiting.tenant_id, awaiting.integration_id)
                add_deployment(
                    connection, registration_id=registration_id, deployment_id=deployment_id, integration=home, at=at
                )
                note(
                    connection, at=at, actor=f"invite:{awaiting.invite_id}", action="deployment.accepted",
                    subject=awaiting.integration_id, tenant_id=awaiting.tenant_id, detail={"rule": "first launch"},
                )  # fmt: skip
                return True
        self.put_down(registration_id, deployment_id, evidence, at)
        return False

    def put_down(self, registration_id: str, deployment_id: str, evidence: dict[str, Any], at: datetime) -> None:
        """Put an unknown deployment on the operator's list."""
        note_pending(
            self.store,
            registration_id=registration_id,
            deployment_id=deployment_id,
            evidence=evidence,
            at=at,
            most=MOST_PENDING,
        )


def of_platform(claims: VerifiedClaims) -> dict[str, Any]:
    """Return what an operator sees of an unknown deployment: the platform's words on itself, no person's."""
    platform = claims.get(names.TOOL_PLATFORM)
    told = platform if isinstance(platform, dict) else {}
    return {name: told[name][:200] for name in _SHOWN if isinstance(told.get(name), str)}
