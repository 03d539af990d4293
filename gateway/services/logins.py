"""Answers an LMS's third-party-initiated login: finds the registration, makes the state, writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from gateway.lti.login import LoginRequest, authentication_url, read_login
from gateway.lti.state import Way, cookie_name, new_state, seal_state
from gateway.lti.storage import Storage, frame_name, storage_for
from gateway.lti.trace import Trace
from gateway.services.launch_record import Arriving, LaunchRefused, write_refusal
from gateway.services.registrations import Registrations
from gateway.store import Store
from gateway.store.registrations import Registration
from keys.sealing import Sealer
from providers.contract import Failure

NEW_WINDOW = "schoolgate_new_window"  # the parameter by which our own link asks for the same login, in a window
_REPEATED = (
    "iss",
    "login_hint",
    "target_link_uri",
    "client_id",
    "lti_message_hint",
    "lti_deployment_id",
    "deployment_id",
)


class Detour(NamedTuple):
    """What our page needs where the browser may not keep the cookie: whom to ask, and a link to begin in a window."""

    storage: Storage | None
    new_window_url: str


# How an unknown login differs from the one registration that it resembles.
UNKNOWN = "lti.issuer_unknown"
OTHER_CLIENT, OTHER_ISSUER = "same issuer, another client id", "same client id, another issuer"


class Login(NamedTuple):
    """Where the browser goes to be recognised, and the cookie that ties this login to it.

    With a `detour` it goes there by way of our page, which tries the rungs of docs/cookieless.md.
    """

    url: str
    cookie_name: str
    cookie_value: str
    detour: Detour | None = None


@dataclass(frozen=True, slots=True)
class Logins:
    """The verb of `/lti/login`. Thread-safe."""

    store: Store
    registrations: Registrations
    sealer: Sealer
    now: Callable[[], datetime]
    public_url: str
    asks_storage: bool = True

    def begin(
        self,
        parameters: Mapping[str, str],
        registration_id: str | None = None,
        *,
        may_lose_cookies: bool = False,
    ) -> Login:
        """Answer a login request (Security 5.1.1); `registration_id` comes from a login address of its own.

        Raises:
            LaunchRefused: unknown or disabled registration, missing parameters (attack A15: never a redirect).
        """
        at, trace = self.now(), Trace()
        try:
            request = read_login(parameters)
            trace.passed("login request")
            registration = self.registrations.for_login(request, registration_id)
        except Failure as failure:
            raise self._refused(Arriving(at, trace=trace), failure, parameters) from failure
        if may_lose_cookies:
            return self._by_our_page(parameters, request, registration, registration_id, at)
        way = Way.WINDOW if NEW_WINDOW in parameters else Way.COOKIE
        return self._answer(request, registration, at, way)[0]

    def _refused(self, arriving: Arriving, failure: Failure, parameters: Mapping[str, str]) -> LaunchRefused:
        """Write the refusal down; an unknown login that resembles one registration is kept with that one."""
        if failure.code == UNKNOWN:
            request = read_login(parameters)
            near = self.registrations.resembling(request)
            if near is not None:
                arriving.registration_id = near.id
                # What a stranger calls itself is not written down, only how it differs.
                failure.detail = OTHER_CLIENT if near.issuer == request.issuer else OTHER_ISSUER
        return write_refusal(self.store, arriving, failure)

    def _by_our_page(
        self,
        parameters: Mapping[str, str],
        request: LoginRequest,
        registration: Registration,
        registration_id: str | None,
        at: datetime,
    ) -> Login:
        frame = frame_name(request.storage_target)
        way = Way.STORAGE if self.asks_storage else Way.COOKIE
        login, state = self._answer(request, registration, at, way, frame)
        path = f"/lti/login/{registration_id}" if registration_id else "/lti/login"
        again = {name: parameters[name] for name in _REPEATED if name in parameters} | {NEW_WINDOW: "1"}
        window_url = "" if NEW_WINDOW in parameters else f"{path}?{urlencode(again)}"
        storage = storage_for(state, registration.auth_login_url, frame) if self.asks_storage else None
        return login._replace(detour=Detour(storage, window_url))

    def _answer(
        self, request: LoginRequest, registration: Registration, at: datetime, way: Way, frame: str = ""
    ) -> tuple[Login, str]:
        state, secret = new_state(
            registration.id,
            request.target_link_uri,
            request.deployment_id,
            int(at.timestamp()),
            way=way,
            storage_target=frame,
        )
        text = seal_state(state, self.sealer)
        url = authentication_url(
            registration.auth_login_url,
            request,
            client_id=registration.client_id,
            redirect_uri=f"{self.public_url}/lti/launch",
            state=text,
            nonce=state.nonce_text,
        )
        return Login(url, cookie_name(text, is_https=self.public_url.startswith("https://")), secret), text
