"""Somebody whom a portal calls otherwise from now on stays who they are, where its own answer proves it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from gateway.services.entry import Keys
from gateway.store import Store
from gateway.store.people import Collision
from gateway.store.renewals import home_of, needs_renewal, renew
from providers.contract import SignedIn


def keep_person(store: Store, keys: Keys, signed_in: SignedIn, at: datetime) -> None:
    """Let the new id lead to whom the earlier one leads to, before anybody is made; audited."""
    earlier = signed_in.earlier_subject
    home = home_of(store, keys.registration_id, keys.deployment_id) if earlier else None
    if earlier is None or home is None or not needs_renewal(store, home, signed_in.subject, earlier):
        return
    with suppress(Collision), store.transaction() as connection:
        renew(connection, home, signed_in.subject, earlier, at)
