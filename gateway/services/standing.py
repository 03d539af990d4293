"""Whether registration, deployment, school and person behind a platform's message may come in now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.lti.catalogue import refusal
from gateway.services.account_state import OrgState, UserState, check_account
from gateway.store.arrivals import Known


@dataclass(frozen=True, slots=True)
class Codes:
    """By which codes one way in says what an arrival can meet."""

    disabled: str
    pending: str
    deployment_disabled: str
    replayed: str
    busy: str


LAUNCH: Final = Codes(
    disabled="lti.registration_disabled",
    pending="lti.deployment_pending",
    deployment_disabled="lti.deployment_disabled",
    replayed="lti.replayed",
    busy="lti.busy",
)


def check_standing(known: Known | None, codes: Codes, at: datetime) -> Known:
    """Return what is known, or raise Refused with what is switched off, unknown or paused (attack A19)."""
    if known is None or known.registration_status != "active":
        raise refusal(codes.disabled)
    if known.deployment_status in {None, "pending"}:
        raise refusal(codes.pending)
    if known.deployment_status != "active":
        raise refusal(codes.deployment_disabled)
    if known.integration_status != "active":
        raise refusal(codes.disabled, "its integration is switched off")
    check_account(_user_state(known), _org_states(known), now=at)
    return known


def _user_state(known: Known) -> UserState | None:
    if known.user_id is None:
        return None
    return UserState(bool(known.user_enabled), str(known.user_status))


def _org_states(known: Known) -> tuple[OrgState, OrgState]:
    return (
        OrgState(known.tenant_suspended_at, known.tenant_licence_ends_at),
        OrgState(known.org_suspended_at, known.org_licence_ends_at),
    )
