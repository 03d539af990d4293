"""The launch, told in order: state, proof, standing, person and class, hand-off; every way out leaves a trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.lti.catalogue import refusal
from gateway.lti.verifier import KeySource, verify
from gateway.services import copies
from gateway.services.account_state import OrgState, UserState, check_account
from gateway.services.class_members import ClassLists
from gateway.services.deep_linking import requests as deep_linking
from gateway.services.handoff import Handoff, begin
from gateway.services.ladder import Asking, Ladder
from gateway.services.launch_claims import launch_claims
from gateway.services.launch_record import Accepted, Arriving, write_refusal
from gateway.services.legacy_ids import keep_ids, with_legacy_ids
from gateway.services.linking import Arrival, arrive, changes_of
from gateway.services.newcomers import Newcomers
from gateway.services.recognition import recognise
from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.room_settings import RoomSettings
from gateway.services.routing import Routing
from gateway.services.subject_matter import about_whom
from gateway.store import Connection, Store
from gateway.store.arrivals import Known, look_up
from gateway.store.launches import LaunchRow, record_launch
from gateway.store.people import Collision
from providers.contract import Failure, Launch, VerifiedClaims
from providers.kit.lti import claims as names

TRIES = 10


class _NewDeployment(Exception):
    """Nobody knows this deployment: to be written down once the launch holds no connection."""


@dataclass(frozen=True, slots=True)
class Launches:
    """The verb of `/lti/launch`. Thread-safe."""

    store: Store
    registrations: Registrations
    rooms: RoomSettings
    routing: Routing
    newcomers: Newcomers
    class_lists: ClassLists
    key_sets: KeySource
    ladder: Ladder
    now: Callable[[], datetime]
    public_url: str

    def launch(self, form: Mapping[str, str], cookies: Mapping[str, str], destination: str = "") -> Accepted | Asking:
        """Prove a launch, know its person and class, and start the hand-off; or say what its browser must be asked.

        Raises:
            LaunchRefused: with the failure and the reference of its trace.
        """
        arriving = Arriving(self.now())
        try:
            cookie = self.ladder.by_cookie(arriving, form, cookies, destination)
            token = form.get("id_token")
            if not token:
                raise refusal("lti.token_missing")
            claims = self._prove(arriving, token, arriving.at.timestamp())
            if cookie is None:
                return self.ladder.ask_storage(arriving, form, self._auth_login_url(arriving))
            return self._let_in(arriving, claims, cookie)
        except Failure as failure:
            raise write_refusal(self.store, arriving, failure) from failure

    def resume(self, answer: Callable[[str], str], *, is_ours: bool) -> Accepted:
        """Go on with a launch whose page brought `answer` from platform storage (see `Ladder.by_storage`).

        Raises:
            LaunchRefused: with the failure and the reference of its trace.
        """
        arriving = Arriving(self.now())
        try:
            waiting = self.ladder.by_storage(arriving, answer, is_ours=is_ours)
            return self._let_in(arriving, self._prove(arriving, waiting.token, waiting.arrived_at), None)
        except Failure as failure:
            raise write_refusal(self.store, arriving, failure) from failure

    def _let_in(self, arriving: Arriving, claims: VerifiedClaims, cookie: str | None) -> Accepted:
        self.routing.refresh()
        url = self._enter(arriving, claims)
        if url is None and self.newcomers.admit(str(arriving.registration_id), claims, arriving.at):
            url = self._enter(arriving, claims)
        if url is None:
            raise refusal("lti.deployment_pending")
        return Accepted(arriving.ref, url, cookie)

    def _enter(self, arriving: Arriving, claims: VerifiedClaims) -> str | None:
        """Let the launch in and return where its browser goes; None when its deployment is new, and nothing is held."""
        with suppress(_NewDeployment):
            return self._record_launch(arriving, claims)
        return None

    def _record_launch(self, arriving: Arriving, claims: VerifiedClaims) -> str:
        with self.store.statements() as connection:
            known = self._stand(connection, arriving, claims)
            launch = about_whom(connection, self._read(arriving, claims, known), known)
            handoff = self._hand_off(arriving, launch, known)
            is_warm = changes_of(launch, known).is_nothing and not copies.is_news(launch, known)
            is_warm = is_warm and not deep_linking.is_request(launch)
            if is_warm:
                arrival = Arrival(known.user_id, known.class_id, known.link_row_id)
                self._record(connection, arriving, launch, known, arrival, handoff)
        if not is_warm:
            self._store_new(arriving, claims, launch, handoff)
        self.class_lists.after_launch(launch, known)
        return handoff.url

    def _auth_login_url(self, arriving: Arriving) -> str:
        return self.registrations.with_id(str(arriving.registration_id)).auth_login_url

    def _prove(self, arriving: Arriving, token: str, arrived_at: float) -> VerifiedClaims:
        assert arriving.state is not None
        registration = self.registrations.with_id(arriving.state.registration_id)
        arriving.trace.passed("registration")
        claims = verify(
            token,
            state=arriving.state,
            endpoints=endpoints_of(registration),
            keys=self.key_sets,
            now=arrived_at,
            trace=arriving.trace,
        )
        arriving.message_type = str(claims[names.MESSAGE_TYPE])
        return claims

    def _stand(self, connection: Connection, arriving: Arriving, claims: VerifiedClaims) -> Known:
        """Look everything up and check that registration, deployment, school and person may come in (attack A19)."""
        known = look_up(connection, **_keys_of(arriving, claims))
        if known is None or known.registration_status != "active":
            raise refusal("lti.registration_disabled")
        if known.deployment_status is None:
            raise _NewDeployment
        if known.deployment_status == "pending":
            raise refusal("lti.deployment_pending")
        if known.deployment_status != "active":
            raise refusal("lti.deployment_disabled")
        if known.integration_status != "active":
            raise refusal("lti.registration_disabled", "its integration is switched off")
        check_account(_user_state(known), _org_states(known), now=arriving.at)
        return known

    def _read(self, arriving: Arriving, claims: VerifiedClaims, known: Known) -> Launch:
        arriving.trace.passed("deployment")
        plate = self.rooms.room(known.provider)
        if plate.launch is None:
            raise refusal("lti.registration_disabled", "its provider takes no LTI launches any more")
        settings = self.rooms.open(str(known.integration_id), plate, known.settings or {})
        launch = plate.launch.read_launch(claims, settings)
        arriving.trace.passed("account")
        client_id = self.registrations.with_id(str(arriving.registration_id)).client_id
        return with_legacy_ids(launch, claims, settings, client_id, arriving.trace)

    def _hand_off(self, arriving: Arriving, launch: Launch, known: Known) -> Handoff:
        application, target = self.routing.choose(
            tenant_id=str(known.tenant_id), application_id=known.application_id, target=launch.target_link_uri
        )
        arriving.trace.passed("hand-off")
        return begin(application, issuer=self.public_url, target_link_uri=target, now=arriving.at)

    def _store_new(self, arriving: Arriving, claims: VerifiedClaims, launch: Launch, handoff: Handoff) -> None:
        """Write new people and classes with their launch in one transaction; two that collide take turns."""
        for _ in range(TRIES):
            try:
                with self.store.transaction() as connection:
                    known = self._stand(connection, arriving, claims)
                    if recognise(connection, launch, known, arriving.at):
                        known = self._stand(connection, arriving, claims)
                    arrival = arrive(connection, launch, known, arriving.at)
                    known = copies.write_origins(connection, launch, known, arrival)
                    self._record(connection, arriving, launch, known, arrival, handoff)
                return
            except Collision:
                continue
        raise refusal("lti.busy", f"{TRIES} collisions in a row")

    def _record(
        self,
        connection: Connection,
        arriving: Arriving,
        launch: Launch,
        known: Known,
        arrival: Arrival,
        handoff: Handoff,
    ) -> None:
        asks = deep_linking.is_request(launch)
        answer_url = deep_linking.answer_url(self.public_url, arriving.ref) if asks else ""
        row = _accepted_row(arriving, launch, known, arrival, handoff, answer_url)
        if not record_launch(connection, row):
            raise refusal("lti.replayed")
        if asks:
            deep_linking.keep(
                connection,
                launch,
                known,
                ref=arriving.ref,
                registration_id=row.registration_id,
                public_url=self.public_url,
                at=arriving.at,
            )
        keep_ids(connection, launch, known, arrival)


def _keys_of(arriving: Arriving, claims: VerifiedClaims) -> dict[str, Any]:
    context, link = claims.get(names.CONTEXT), claims.get(names.RESOURCE_LINK)
    return {
        "registration_id": arriving.registration_id,
        "deployment_id": claims[names.DEPLOYMENT_ID],
        "subject": claims.get("sub"),
        "context_id": context["id"] if context else None,
        "resource_link_id": link["id"] if link else None,
    }


def _accepted_row(
    arriving: Arriving, launch: Launch, known: Known, arrival: Arrival, handoff: Handoff, answer_url: str
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
        claims=launch_claims(launch, known, arrival, answer_url),
    )


def _user_state(known: Known) -> UserState | None:
    if known.user_id is None:
        return None
    return UserState(bool(known.user_enabled), str(known.user_status))


def _org_states(known: Known) -> tuple[OrgState, OrgState]:
    return (
        OrgState(known.tenant_suspended_at, known.tenant_licence_ends_at),
        OrgState(known.org_suspended_at, known.org_licence_ends_at),
    )
