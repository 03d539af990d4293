"""Chooses the application a launch goes to, and whether its `target_link_uri` may be followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from gateway.lti.catalogue import refusal
from gateway.lti.target import origin_of
from gateway.store import Store
from gateway.store.applications import Application, load_applications

REMEMBERED = timedelta(seconds=5)


class _Door(NamedTuple):
    application: Application
    origins: frozenset[str]


class Routing:
    """Remembers the applications for a few seconds; the OpenID provider asks the database again at sign-in."""

    def __init__(self, store: Store, now: Callable[[], datetime], public_url: str) -> None:
        self._store, self._now = store, now
        self._own = origin_of(public_url)
        self._read_at: datetime | None = None
        self._doors: Sequence[_Door] = ()

    def refresh(self) -> None:
        """Read the applications when what is remembered is old.

        A launch does so before it takes a connection: one that holds a connection must never wait for a second, or
        as many launches as the pool has connections could wait for each other.
        """
        now = self._now()
        if self._read_at is None or now - self._read_at >= REMEMBERED:
            self._doors = [_door(each) for each in load_applications(self._store) if each.is_active]
            self._read_at = now if self._doors else None

    def choose(
        self, *, tenant_id: str, application_id: str | None, target: str | None, asked_by: str | None = None
    ) -> tuple[Application, str | None]:
        """Return the application, and the target it should show (None: its own landing page). Asks no database.

        `asked_by` is the application that sent the person here, which none other may take the place of.
        An address of ours means the landing page; one of the application's is passed on; any other is refused.

        Raises:
            Misconfigured: ``handoff.no_application``.
            Untrusted: ``lti.target_not_allowed`` (attack A16).
        """
        open_doors = [door for door in self._doors if door.application.may_see(tenant_id)]
        for wanted in filter(None, (application_id, asked_by)):
            open_doors = [door for door in open_doors if door.application.id == wanted]
        if not open_doors:
            raise refusal("handoff.no_application")
        origin = origin_of(target) if target is not None else self._own
        if origin == self._own:
            return open_doors[0].application, None
        for door in open_doors:
            if origin in door.origins:
                return door.application, target
        raise refusal("lti.target_not_allowed")


def _door(application: Application) -> _Door:
    addresses = (application.login_uri, *application.redirect_uris)
    return _Door(application, frozenset(filter(None, map(origin_of, addresses))))
