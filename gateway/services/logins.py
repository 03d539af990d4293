"""Answers an LMS's third-party-initiated login: finds the registration, makes the state, writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gateway.lti.login import LoginRequest, authentication_url, read_login
from gateway.lti.state import cookie_name, new_state, seal_state
from gateway.services.launch_record import Arriving, write_refusal
from gateway.services.registrations import Registrations
from gateway.store import Store
from gateway.store.registrations import Registration
from keys.sealing import Sealer
from providers.contract import Failure


class Login(NamedTuple):
    """Where the browser goes to be recognised, and the cookie that ties this login to it."""

    url: str
    cookie_name: str
    cookie_value: str


@dataclass(frozen=True, slots=True)
class Logins:
    """The verb of `/lti/login`. Thread-safe."""

    store: Store
    registrations: Registrations
    sealer: Sealer
    now: Callable[[], datetime]
    public_url: str

    def begin(self, parameters: Mapping[str, str], registration_id: str | None = None) -> Login:
        """Answer a login request (Security 5.1.1); `registration_id` comes from a login address of its own.

        Raises:
            LaunchRefused: unknown or disabled registration, missing parameters (attack A15: never a redirect).
        """
        arriving = Arriving(self.now())
        try:
            request = read_login(parameters)
            arriving.trace.passed("login request")
            registration = self.registrations.for_login(request, registration_id)
        except Failure as failure:
            raise write_refusal(self.store, arriving, failure) from failure
        return self._answer(request, registration, arriving.at)

    def _answer(self, request: LoginRequest, registration: Registration, at: datetime) -> Login:
        state, secret = new_state(registration.id, request.target_link_uri, request.deployment_id, int(at.timestamp()))
        text = seal_state(state, self.sealer)
        url = authentication_url(
            registration.auth_login_url,
            request,
            client_id=registration.client_id,
            redirect_uri=f"{self.public_url}/lti/launch",
            state=text,
            nonce=state.nonce_text,
        )
        return Login(url, cookie_name(text, is_https=self.public_url.startswith("https://")), secret)
