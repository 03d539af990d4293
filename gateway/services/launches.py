"""The launch, told in order: state, proof, standing, person and class, hand-off; every way out leaves a trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.lti.catalogue import refusal
from gateway.lti.state import State
from gateway.lti.verifier import KeySource, verify
from gateway.services.entry import Entering, Entry, Keys
from gateway.services.ladder import Asking, Ladder
from gateway.services.launch_record import Accepted, Arriving, write_refusal
from gateway.services.legacy_ids import with_legacy_ids
from gateway.services.newcomers import Newcomers, of_platform
from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.room_settings import RoomSettings
from gateway.services.standing import LAUNCH
from gateway.store import Store
from gateway.store.arrivals import Known
from providers.contract import Failure, Launch, VerifiedClaims
from providers.kit.lti import claims as names


@dataclass(frozen=True, slots=True)
class Launches:
    """The verb of `/lti/launch`. Thread-safe."""

    store: Store
    registrations: Registrations
    rooms: RoomSettings
    entry: Entry
    newcomers: Newcomers
    key_sets: KeySource
    ladder: Ladder
    now: Callable[[], datetime]

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
        self.entry.routing.refresh()
        entering = Entering(
            arriving, _keys_of(arriving, claims), LAUNCH, lambda known: self._read(arriving, claims, known)
        )
        handoff = self.entry.let_in(entering)
        if handoff is None and self.newcomers.admit(*entering.keys[:2], of_platform(claims), arriving.at):
            handoff = self.entry.let_in(entering)
        if handoff is None:
            raise refusal("lti.deployment_pending")
        return Accepted(arriving.ref, handoff.url, cookie)

    def _auth_login_url(self, arriving: Arriving) -> str:
        return self.registrations.with_id(str(arriving.registration_id)).auth_login_url

    def _prove(self, arriving: Arriving, token: str, arrived_at: float) -> VerifiedClaims:
        assert isinstance(arriving.state, State)
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


def _keys_of(arriving: Arriving, claims: VerifiedClaims) -> Keys:
    context, link = claims.get(names.CONTEXT), claims.get(names.RESOURCE_LINK)
    return Keys(
        registration_id=str(arriving.registration_id),
        deployment_id=claims[names.DEPLOYMENT_ID],
        subject=claims.get("sub"),
        context_id=context["id"] if context else None,
        resource_link_id=link["id"] if link else None,
    )
