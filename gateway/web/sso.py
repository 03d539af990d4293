"""`/sso`: sign-ins through portals: parse, call one service, answer."""

from __future__ import annotations

from time import perf_counter

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.errors import answer_of
from gateway.lti.state import LIFETIME_SECONDS
from gateway.services.launch_record import LaunchRefused
from gateway.services.resuming import request_to_keep
from gateway.services.sign_in_shapes import Browser, CameIn, Started
from gateway.services.sign_ins import SignIns
from gateway.web.measures import Measures
from gateway.web.moves import move_to
from gateway.web.parameters import query_of
from gateway.web.telling import Advise, told

RESTART_SECONDS = 60
DEVICE_SECONDS = 30 * 24 * 3600
# After these a new sign-in takes one click: the person is still known to the portal.
_SIGN_IN_AGAIN = frozenset({"sso.replayed", "sso.code_refused", "sso.state_expired", "sso.provider_unavailable"})


def sso_endpoints(sign_ins: SignIns, advise: Advise, measures: Measures, *, is_https: bool) -> Blueprint:
    """Return the endpoints. Their addresses hold no provider's name, only our own ids."""
    endpoints = Blueprint("sso", __name__)
    cookies = Cookies(is_https=is_https)

    @endpoints.get("/sso/<uuid:name>/start")
    def start(name: object) -> AnyResponse:
        _refuse_heads()
        query = query_of(request)
        try:
            begun = sign_ins.start(
                str(name), cookies.browser(), request_to_keep(query), is_shared_device="shared" in query
            )
        except LaunchRefused as refused:
            measures.launch(refused.failure.code, refused.ref)
            return _refuse(refused, advise)
        return cookies.leave(begun)

    @endpoints.get("/sso/<uuid:registration_id>/callback")
    def callback(registration_id: object) -> AnyResponse:
        _refuse_heads()
        started = perf_counter()
        try:
            done = sign_ins.finish(str(registration_id), query_of(request), cookies.browser())
        except LaunchRefused as refused:
            measures.launch(refused.failure.code, refused.ref, perf_counter() - started)
            return _refuse(refused, advise, again=f"/sso/{registration_id}/start")
        if isinstance(done, Started):
            return cookies.leave(done)
        measures.launch("accepted", done.ref, perf_counter() - started)
        return cookies.enter(done, again=f"/sso/{registration_id}/start?shared=1")

    return endpoints


class Cookies:
    """The cookies of a sign-in. Lax: a picture or a frame on another site can neither set nor send one (attack C3)."""

    def __init__(self, *, is_https: bool) -> None:
        prefix = "__Host-" if is_https else ""
        self._restarts, self._device = f"{prefix}sso-restarts", f"{prefix}sso-device"

    def browser(self) -> Browser:
        """Return what of this request matters."""
        count = request.cookies.get(self._restarts, "")
        return Browser(
            cookies=request.cookies,
            destination=request.headers.get("Sec-Fetch-Dest", ""),
            restarts=int(count) if count.isascii() and count.isdigit() and len(count) < 3 else 0,
            device=request.cookies.get(self._device),
        )

    def leave(self, begun: Started) -> AnyResponse:
        """Send the browser to the provider."""
        response = move_to(begun.url, 302, cookie=_cookie(begun.cookie_name, begun.cookie_value, LIFETIME_SECONDS))
        if begun.restarts:
            response.headers.add("Set-Cookie", _cookie(self._restarts, str(begun.restarts), RESTART_SECONDS))
        return response

    def enter(self, done: CameIn, *, again: str) -> AnyResponse:
        """Send the browser on; where somebody else was signed in before, say first who it is now (attack C4)."""
        response: AnyResponse = move_to(done.url, 303)
        if done.is_replacing:
            page = render_template("signed_in.html", person=done.person, url=done.url, again=again)
            response = Response(page, mimetype="text/html")
        for cookie in (
            _cookie(done.spent_cookie, "", 0),
            _cookie(self._restarts, "", 0),
            _cookie(self._device, done.device, DEVICE_SECONDS),
        ):
            response.headers.add("Set-Cookie", cookie)
        return response


def _cookie(name: str, value: str, seconds: int) -> str:
    """Return a cookie; names and values are ours and need no quoting."""
    return f"{name}={value}; Secure; HttpOnly; Max-Age={seconds}; Path=/; SameSite=Lax"


def _refuse_heads() -> None:
    if request.method == "HEAD":  # a scanner looking at the link must not use anything up
        abort(405)


def _refuse(refused: LaunchRefused, advise: Advise, *, again: str = "") -> AnyResponse:
    code = refused.failure.code
    template = "pending.html" if code == "sso.district_pending" else "refused.html"
    page = render_template(template, **told(refused, advise), again=again if code in _SIGN_IN_AGAIN else "")
    return Response(page, status=answer_of(refused.failure).status, mimetype="text/html")
