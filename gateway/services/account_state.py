"""Whether a person may come in now: the same check on every way in and at every later look (attack A19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gateway.lti.catalogue import refusal


@dataclass(frozen=True, slots=True)
class OrgState:
    """What an org's row says of its right to be served; a None licence end means no end."""

    suspended_at: datetime | None = None
    licence_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UserState:
    """What a user's row says: OneRoster's `enabledUser` and `status`."""

    enabled_user: bool = True
    status: str = "active"


def check_account(user: UserState | None, orgs: Iterable[OrgState], *, now: datetime) -> None:
    """Raise Refused when the person, their school or its tenant may not come in. `user` is None when anonymous."""
    for org in orgs:
        if org.suspended_at is not None and org.suspended_at <= now:
            raise refusal("account.tenant_suspended")
        if org.licence_ends_at is not None and org.licence_ends_at <= now:
            raise refusal("account.licence_ended")
    if user is not None and not (user.enabled_user and user.status == "active"):
        raise refusal("account.user_suspended")
