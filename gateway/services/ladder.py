"""Finds out that a launch comes from the browser that began it, by the rung that this browser can stand on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from gateway.lti.catalogue import refusal
from gateway.lti.state import State, Way, cookie_name, open_state
from gateway.lti.storage import Storage, storage_for
from gateway.lti.waiting import Waiting, open_waiting, seal_waiting
from gateway.services.launch_record import Arriving
from gateway.store import Store
from gateway.store.launches import was_recorded
from keys.sealing import Sealer
from providers.contract import Failure

_KNOWN_ERRORS = frozenset(
    {
        "access_denied",
        "invalid_request",
        "invalid_request_object",
        "invalid_scope",
        "launch_no_longer_valid",
        "login_required",
        "unauthorized_client",
        "unsupported_response_type",
    }
)
# What our page may report, and how the trace says it.
_FAULTS = {
    "silent": "platform storage: no answer in time",
    "empty": "platform storage: the value is gone",
    "refused": "platform storage: answered with an error",
}
_FRAMES = {"named": "platform storage, in the frame the platform named", "parent": "platform storage, in the parent"}


class Asking(NamedTuple):
    """A proven launch without a cookie: our page asks `storage` for the secret and comes back with `waiting`."""

    state: str
    waiting: str
    storage: Storage


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs (docs/cookieless.md): a cookie of the top window or of the frame, platform storage, a new window."""

    store: Store
    sealer: Sealer
    is_https: bool

    def by_cookie(
        self, arriving: Arriving, form: Mapping[str, str], cookies: Mapping[str, str], destination: str
    ) -> str | None:
        """Open the state and check this browser's cookie; return its name, or None when storage must be asked.

        `destination` is the request's Sec-Fetch-Dest, which tells a frame from a window; it only words the trace.
        """
        text = form.get("state")
        if "error" in form:
            self._note_registration(arriving, text)
            error = form["error"]
            raise refusal("lti.platform_error", error if error in _KNOWN_ERRORS else "another error code")
        state = self._open(arriving, text)
        name = cookie_name(text or "", is_https=self.is_https)
        if state.is_browser(cookies.get(name)):
            arriving.trace.passed("browser", _words_of(state.way, destination))
            return name
        # The cookie goes with the launch it protected: without it, a reload looks like another browser.
        if name not in cookies and was_recorded(self.store, state.nonce_hash):
            raise refusal("lti.replayed", "posted again after its cookie was spent")
        if name in cookies or state.way is not Way.STORAGE:
            raise refusal("lti.browser_mismatch", "cookie differs" if name in cookies else "no cookie came back")
        return None

    def ask_storage(self, arriving: Arriving, form: Mapping[str, str], auth_login_url: str) -> Asking:
        """Return what our page needs to ask the platform's storage for this launch's secret."""
        assert isinstance(arriving.state, State)
        text = form["state"]
        waiting = seal_waiting(Waiting(form["id_token"], arriving.at.timestamp()), text, self.sealer)
        return Asking(text, waiting, storage_for(text, auth_login_url, arriving.state.storage_target))

    def by_storage(self, arriving: Arriving, answer: Callable[[str], str], *, is_ours: bool) -> Waiting:
        """Check what our page brought back from platform storage; return the launch that waited for it.

        `answer` gives the page's fields by name. `is_ours` says that the browser named our own page as the sender: a
        form on somebody else's page could carry the answer of a login that is somebody else's (login CSRF, A14).
        """
        if not is_ours:
            raise refusal("lti.browser_mismatch", "platform storage: not posted by our page")
        text = answer("state")
        state = self._open(arriving, text)
        if state.way is not Way.STORAGE:
            raise refusal("lti.browser_mismatch", "platform storage: not offered at this login")
        if answer("fault"):
            raise refusal("lti.storage_silent", _FAULTS.get(answer("fault"), "platform storage: another fault"))
        if not state.is_browser(answer("secret")):
            raise refusal("lti.browser_mismatch", "platform storage: the value differs")
        arriving.trace.passed("browser", _FRAMES.get(answer("frame"), "platform storage"))
        return open_waiting(answer("waiting"), text, self.sealer, arriving.at.timestamp())

    def _open(self, arriving: Arriving, text: str | None) -> State:
        if not text:
            raise refusal("lti.state_missing")
        state = arriving.state = open_state(text, self.sealer, int(arriving.at.timestamp()))
        arriving.registration_id = state.registration_id
        arriving.trace.passed("state")
        return state

    def _note_registration(self, arriving: Arriving, text: str | None) -> None:
        """Find out whose refusal this is, so that the advice can be that LMS's own; a bad state says nothing."""
        with suppress(Failure):
            arriving.registration_id = open_state(text or "", self.sealer, int(arriving.at.timestamp())).registration_id


def _words_of(way: Way, destination: str) -> str:
    if way is Way.WINDOW:
        return "first-party cookie, in a new window"
    if destination == "document":
        return "first-party cookie"
    return "partitioned cookie" if destination else "cookie"
