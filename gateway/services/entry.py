"""Lets a proven arrival in: its standing, its person and class, its hand-off; the same for every way in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from gateway.lti.catalogue import refusal
from gateway.services import copies
from gateway.services.class_members import ClassLists
from gateway.services.deep_linking import requests as deep_linking
from gateway.services.handoff import Handoff, begin
from gateway.services.late_ids import LateIds
from gateway.services.launch_claims import launch_claims
from gateway.services.launch_record import Arriving
from gateway.services.legacy_ids import keep_ids
from gateway.services.linking import Arrival, arrive, changes_of
from gateway.services.notice_handlers import NoticeHandlers
from gateway.services.recognition import recognise
from gateway.services.routing import Routing
from gateway.services.standing import Codes, check_standing
from gateway.services.subject_matter import about_whom
from gateway.store import Connection, Store
from gateway.store.arrivals import Known, look_up
from gateway.store.launches import LaunchRow, record_launch
from gateway.store.people import Collision
from providers.contract import Launch

TRIES: Final = 10


class _NewDeployment(Exception):
    """Nobody knows this deployment: to be written down once the arrival holds no connection."""


class Keys(NamedTuple):
    """What an arrival is looked up by. `deployment_id` of a sign-in is its district's."""

    registration_id: str
    deployment_id: str
    subject: str | None
    context_id: str | None = None
    resource_link_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entering:
    """One proven arrival on its way in. `read` makes the launch of it once it is known whose it is.

    `application_id` is the application that asked for this sign-in, None when nobody did.
    """

    arriving: Arriving
    keys: Keys
    codes: Codes
    read: Callable[[Known], Launch]
    application_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Thread-safe. Refresh the routing before: an arrival that holds a connection never waits for a second."""

    store: Store
    routing: Routing
    class_lists: ClassLists
    notice_handlers: NoticeHandlers
    late_ids: LateIds
    public_url: str

    def let_in(self, entering: Entering) -> Handoff | None:
        """Write the arrival down and start its hand-off; None when its deployment is new, and nothing is held.

        Raises:
            Failure: why it may not come in.
        """
        with suppress(_NewDeployment):
            return self._record_arrival(entering)
        return None

    def _record_arrival(self, entering: Entering) -> Handoff:
        with self.store.statements() as connection:
            known = self._stand(connection, entering)
            launch = about_whom(connection, entering.read(known), known)
            handoff = self._hand_off(entering, launch, known)
            is_warm = changes_of(launch, known).is_nothing and not copies.is_news(launch, known)
            is_warm = is_warm and not deep_linking.is_request(launch)
            if is_warm:
                arrival = Arrival(known.user_id, known.class_id, known.link_row_id)
                self._record(connection, entering, launch, known, arrival, handoff)
        if not is_warm:
            self._store_new(entering, launch, handoff)
            self.late_ids.after_launch(launch, known)
        self.class_lists.after_launch(launch, known)
        self.notice_handlers.after_launch(launch, known, entering.keys.registration_id)
        return handoff

    def _stand(self, connection: Connection, entering: Entering) -> Known:
        """Look everything up and check that registration, deployment, school and person may come in (attack A19)."""
        known = look_up(connection, **entering.keys._asdict())
        if known is not None and known.registration_status == "active" and known.deployment_status is None:
            raise _NewDeployment
        return check_standing(known, entering.codes, entering.arriving.at)

    def _hand_off(self, entering: Entering, launch: Launch, known: Known) -> Handoff:
        application, target = self.routing.choose(
            tenant_id=str(known.tenant_id),
            application_id=known.application_id,
            target=launch.target_link_uri,
            asked_by=entering.application_id,
        )
        entering.arriving.trace.passed("hand-off")
        return begin(application, issuer=self.public_url, target_link_uri=target, now=entering.arriving.at)

    def _store_new(self, entering: Entering, launch: Launch, handoff: Handoff) -> None:
        """Write new people and classes with their arrival in one transaction; two that collide take turns."""
        at = entering.arriving.at
        for _ in range(TRIES):
            try:
                with self.store.transaction() as connection:
                    known = self._stand(connection, entering)
                    if recognise(connection, launch, known, at):
                        known = self._stand(connection, entering)
                    arrival = arrive(connection, launch, known, at)
                    known = copies.write_origins(connection, launch, known, arrival)
                    self._record(connection, entering, launch, known, arrival, handoff)
                return
            except Collision:
                continue
        raise refusal(entering.codes.busy, f"{TRIES} collisions in a row")

    def _record(
        self,
        connection: Connection,
        entering: Entering,
        launch: Launch,
        known: Known,
        arrival: Arrival,
        handoff: Handoff,
    ) -> None:
        arriving = entering.arriving
        asks = deep_linking.is_request(launch)
        answer_url = deep_linking.answer_url(self.public_url, arriving.ref) if asks else ""
        told = launch_claims(launch, known, arrival, answer_url)
        row = _accepted_row(arriving, known, arrival, handoff, told)
        if not record_launch(connection, row):
            raise refusal(entering.codes.replayed)
        if asks:
            deep_linking.keep(
                connection,
                launch,
                known,
                ref=arriving.ref,
                registration_id=str(row.registration_id),
                public_url=self.public_url,
                at=arriving.at,
            )
        keep_ids(connection, launch, known, arrival)


def _accepted_row(
    arriving: Arriving, known: Known, arrival: Arrival, handoff: Handoff, claims: dict[str, Any]
) -> LaunchRow:
    return arriving.row(
        "accepted",
        tenant_id=known.tenant_id,
        integration_id=known.integration_id,
        deployment_row_id=known.deployment_row_id,
        user_sourced_id=arrival.user_id,
        class_sourced_id=arrival.class_id,
        resource_link_row_id=arrival.link_row_id,
        application_id=handoff.application_id,
        login_hint_hash=handoff.login_hint_hash,
        login_hint_expires_at=handoff.expires_at,
        claims=claims,
    )
