"""The sign-in, told in order: state, browser, code, identity, standing, hand-off; every way out leaves a trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.lti.catalogue import refusal
from gateway.lti.id_token import prove_id_token
from gateway.lti.verifier import KeySource
from gateway.services import launch_claims
from gateway.services.entry import Entering, Entry, Keys
from gateway.services.handoff import Handoff
from gateway.services.launch_record import Arriving, write_refusal
from gateway.services.newcomers import Newcomers
from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.renewing import keep_person
from gateway.services.resuming import application_of, resumed
from gateway.services.room_context import RoomContexts
from gateway.services.shared_devices import SharedDevices
from gateway.services.sign_in_shapes import (
    MOST_RESTARTS,
    SIGN_IN_CODES,
    Browser,
    CameIn,
    Started,
    error_of,
    in_our_words,
    launch_of,
    look_like_a_page,
    name_of,
)
from gateway.services.sign_in_state import (
    Kept,
    SignInState,
    new_sign_in,
    open_sign_in,
    read_kept,
    seal_sign_in,
    sign_in_cookie,
)
from gateway.store import Store
from gateway.store.arrivals import Known
from gateway.store.integrations import Integration, deployments_of, find_integration
from gateway.store.launches import was_recorded
from gateway.store.registrations import SIGN_IN, Registration, first_integration_of
from keys.sealing import Sealer
from providers.contract import (
    Context,
    Failure,
    Launch,
    SignedIn,
    SignInReturn,
    SignInStart,
    Unavailable,
)
from providers.contract import SignIn as Room


@dataclass(frozen=True, slots=True)
class SignIns:
    """The verbs of `/sso`. Thread-safe. The provider is asked while no connection is held."""

    store: Store
    registrations: Registrations
    contexts: RoomContexts
    entry: Entry
    newcomers: Newcomers
    key_sets: KeySource
    devices: SharedDevices
    sealer: Sealer
    now: Callable[[], datetime]
    public_url: str

    def start(self, name: str, browser: Browser, resume: str = "", *, is_shared_device: bool = False) -> Started:
        """Begin a sign-in at an integration (then its district is wished for) or at a registration.

        `resume` is the application's own request that waits for it.

        Raises:
            LaunchRefused: nothing of that name signs people in, or it is switched off.
        """
        arriving = Arriving(self.now())
        try:
            look_like_a_page(browser)
            registration, integration, district = self._named(name)
            arriving.registration_id = registration.id
            _check_active(registration)
            return self._begin(arriving, registration, integration, district, resume, is_shared_device)
        except Failure as failure:
            raise write_refusal(self.store, arriving, failure) from failure

    def finish(self, registration_id: str, answer: Mapping[str, str], browser: Browser) -> CameIn | Started:
        """Take what a browser brought back: let the person in, or begin anew where it brought no state.

        Raises:
            LaunchRefused: with the failure and the reference of its trace.
        """
        arriving = Arriving(self.now())
        try:
            registration = self._registration(registration_id)
            arriving.registration_id = registration.id
            _check_active(registration)
            arriving.trace.passed("client")
            if not answer.get("state") and not answer.get("error"):
                return self._restart(arriving, registration, answer, browser)
            kept = self._by_browser(arriving, registration, answer, browser)
            signed_in = self._ask(arriving, registration, answer["code"], kept)
            return self._let_in(arriving, signed_in, kept, answer["state"], browser)
        except Failure as failure:
            raise write_refusal(self.store, arriving, failure) from failure

    def _named(self, name: str) -> tuple[Registration, Integration, str | None]:
        integration = find_integration(self.store, name)
        if integration is None or integration.registration_id is None:
            registration = self._registration(name)
            return registration, self._holder(registration), None
        registration = self._registration(integration.registration_id)
        if integration.status != "active":
            raise refusal("sso.registration_disabled")
        active = [district for district, status in deployments_of(self.store, integration.id) if status == "active"]
        return registration, integration, active[0] if active else None

    def _registration(self, registration_id: str) -> Registration:
        try:
            UUID(registration_id)
            found = self.registrations.with_id(registration_id)
        except (ValueError, Failure) as fault:
            raise refusal("sso.client_unknown") from fault
        if found.kind != SIGN_IN:
            raise refusal("sso.client_unknown", "it is an LTI registration")
        return found

    def _holder(self, registration: Registration) -> Integration:
        """Return the integration whose settings hold the client's secret."""
        integration_id = first_integration_of(self.store, registration.id)
        found = find_integration(self.store, integration_id) if integration_id else None
        if found is None:
            raise refusal("sso.registration_disabled")
        return found

    def _begin(
        self,
        arriving: Arriving,
        registration: Registration,
        integration: Integration,
        district: str | None,
        resume: str,
        is_shared_device: bool,
    ) -> Started:
        state, kept = new_sign_in(registration.id, resume, int(arriving.at.timestamp()))
        text = seal_sign_in(state, self.sealer)
        room, context = self._room(integration)
        wanted = SignInStart(
            redirect_uri=self.callback(registration.id),
            state=text,
            nonce=state.nonce_text,
            challenge=kept.challenge,
            district_id=district,
            is_shared_device=is_shared_device,
        )
        return Started(room.authorize_url(context, wanted), self._cookie_name(text), kept.cookie())

    def callback(self, registration_id: str) -> str:
        """Return the redirect address of a registration, as it is entered at the provider."""
        return f"{self.public_url}/sso/{registration_id}/callback"

    def _restart(
        self, arriving: Arriving, registration: Registration, answer: Mapping[str, str], browser: Browser
    ) -> Started:
        """Drop a code that came without state, unseen, and ask for one with a state of ours (attacks C1, C3)."""
        look_like_a_page(browser)
        if not answer.get("code"):
            raise refusal("sso.code_missing")
        if browser.restarts >= MOST_RESTARTS:
            raise refusal("sso.loop", f"{browser.restarts} restarts")
        begun = self._begin(arriving, registration, self._holder(registration), None, "", is_shared_device=False)
        return begun._replace(restarts=browser.restarts + 1)

    def _by_browser(
        self, arriving: Arriving, registration: Registration, answer: Mapping[str, str], browser: Browser
    ) -> Kept:
        """Open the state and check that this browser began it; a state that is wrong never begins anew."""
        text = answer.get("state")
        if not text:
            raise refusal("sso.provider_error", error_of(answer))
        state = open_sign_in(text, self.sealer, int(arriving.at.timestamp()))
        if state.registration_id != registration.id:
            raise refusal("sso.state_invalid", "made for another client")
        arriving.state = state
        arriving.trace.passed("state")
        self._check_browser(state, browser.cookies.get(self._cookie_name(text)))
        arriving.trace.passed("browser")
        if answer.get("error"):
            raise refusal("sso.provider_error", error_of(answer))
        if not answer.get("code"):
            raise refusal("sso.code_missing")
        return read_kept(browser.cookies[self._cookie_name(text)])

    def _check_browser(self, state: SignInState, cookie: str | None) -> None:
        # Before the code is sent on: a provider may revoke what it gave for a code that comes twice (attack C2).
        if was_recorded(self.store, state.nonce_hash):
            raise refusal("sso.replayed")
        if not state.is_browser(cookie):
            raise refusal("sso.browser_mismatch", "no cookie came back" if cookie is None else "cookie differs")

    def _ask(self, arriving: Arriving, registration: Registration, code: str, kept: Kept) -> SignedIn:
        """Let the room find out who came. No connection is held meanwhile."""
        room, context = self._room(self._holder(registration))
        returned = SignInReturn(
            code=code,
            redirect_uri=self.callback(registration.id),
            verifier=kept.verifier,
            prove=lambda token: self._prove(arriving, registration, token),
        )
        try:
            signed_in = room.finish(context, returned)
        except Failure as failure:
            raise in_our_words(failure) from failure
        arriving.trace.passed("code")
        for code_, told in (
            ("sso.district_missing", signed_in.district_id),
            ("sso.subject_missing", signed_in.subject),
        ):
            if not told.strip() or len(told) > 255:
                raise refusal(code_)
        arriving.trace.passed("identity")
        arriving.message_type = launch_claims.SIGN_IN
        return signed_in

    def _prove(self, arriving: Arriving, registration: Registration, token: str) -> Mapping[str, Any]:
        assert isinstance(arriving.state, SignInState)
        try:
            return prove_id_token(
                token,
                asked=arriving.state,
                endpoints=endpoints_of(registration),
                keys=self.key_sets,
                now=arriving.at.timestamp(),
                trace=arriving.trace,
            )
        except Unavailable:
            raise
        except Failure as failure:
            raise refusal("sso.id_token_untrusted", f"{failure.code} {failure.detail}".strip()) from failure

    def _let_in(self, arriving: Arriving, signed_in: SignedIn, kept: Kept, state_text: str, browser: Browser) -> CameIn:
        self.entry.routing.refresh()
        keys = Keys(str(arriving.registration_id), signed_in.district_id, signed_in.subject)
        keep_person(self.store, keys, signed_in, arriving.at)

        def read(_known: Known) -> Launch:
            arriving.trace.passed("district")
            arriving.trace.passed("account")
            return launch_of(signed_in)

        entering = Entering(arriving, keys, SIGN_IN_CODES, read, application_of(kept.resume))
        handoff = self.entry.let_in(entering)
        if handoff is None:
            name = signed_in.name_district()
            evidence = {"name": name[:200]} if name else {}
            self.newcomers.put_down(keys.registration_id, keys.deployment_id, evidence, arriving.at)
            raise refusal("sso.district_pending")
        is_replacing = self.devices.take_over(browser.device, arriving.ref, arriving.at)
        return CameIn(
            ref=arriving.ref,
            url=_next(handoff, kept, self.public_url),
            spent_cookie=self._cookie_name(state_text),
            person=name_of(signed_in),
            is_replacing=is_replacing,
            device=self.devices.remember(arriving.ref),
        )

    def _room(self, integration: Integration) -> tuple[Room, Context[Any]]:
        room = self.contexts.rooms.room(integration.provider).sign_in
        if room is None:
            raise refusal("sso.registration_disabled", "its provider signs nobody in any more")
        return room, self.contexts.open(integration)

    def _cookie_name(self, state_text: str) -> str:
        return sign_in_cookie(state_text, is_https=self.public_url.startswith("https://"))


def _check_active(registration: Registration) -> None:
    if registration.status != "active":
        raise refusal("sso.registration_disabled")


def _next(handoff: Handoff, kept: Kept, public_url: str) -> str:
    return resumed(public_url, kept.resume, handoff.login_hint) if kept.resume else handoff.url
