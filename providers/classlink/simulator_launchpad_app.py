"""LaunchPad: the portal's pages, the authorization page, codes and tokens, and who somebody is."""

from __future__ import annotations

from base64 import b64encode
from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from providers.classlink.simulator_classlink import CLIENT_ID, CLIENT_SECRET, SimulatedClassLink
from providers.classlink.simulator_tenant import Tenant
from providers.kit.simulator.portal_pages import button, link, own_path, page, sent_back
from providers.kit.simulator.roster_data import Record

SESSION_COOKIE: Final = "classlink_session"
Known = tuple[Tenant, Record]


def launchpad_endpoints(classlink: SimulatedClassLink) -> Blueprint:
    """Return the pages and endpoints of https://launchpad.classlink.com and https://nodeapi.classlink.com."""
    endpoints = Blueprint("launchpad", __name__)
    site = LaunchPad(classlink)
    endpoints.add_url_rule("/", "home", site.home)
    endpoints.add_url_rule("/<code>", "portal", site.portal)
    endpoints.add_url_rule("/<code>/as/<int:user_id>", "enter", site.enter, methods=["POST"])
    endpoints.add_url_rule("/<code>/open", "open", site.open_tile)
    endpoints.add_url_rule("/oauth2/v2/auth", "authorize", site.authorize)
    endpoints.add_url_rule("/oauth2/v2/consent", "consent", site.consent)
    endpoints.add_url_rule("/oauth2/v2/token", "redeem", site.redeem, methods=["POST"])
    endpoints.add_url_rule("/oauth2/v2/jwks", "keys", site.keys)
    endpoints.add_url_rule("/.well-known/openid-configuration", "discovery", site.discovery)
    endpoints.add_url_rule("/v2/my/info", "info", site.info)
    return endpoints


class LaunchPad:
    """One browser is signed in as the person whom its cookie names."""

    def __init__(self, classlink: SimulatedClassLink) -> None:
        self.classlink = classlink

    def home(self) -> Response:
        back = request.args.get("logincallback")
        if back is not None:
            tenants = list(self.classlink.tenants.values())
            return page("Who are you?", [each for tenant in tenants for each in _people(tenant, back)])
        links = [link(f"/{each.code}", each.name) for each in self.classlink.tenants.values()]
        return page("ClassLink (a simulation)", [*links, link("/admin", "For the district's administrator")])

    def portal(self, code: str) -> Response:
        tenant = next((each for each in self.classlink.tenants.values() if each.code == code), None)
        if tenant is None:
            return page("No such district", [], 404)
        known = self._session()
        if known is not None and known[0] is tenant:
            return page(f"{tenant.name}: {_name(known[1])}", [link(f"/{code}/open", "Open the application")])
        return page(f"{tenant.name}: who are you?", _people(tenant, f"/{code}"))

    def enter(self, code: str, user_id: int) -> ResponseReturnValue:
        answer = redirect(own_path(request.args.get("next", f"/{code}"), "/"), 303)
        answer.set_cookie(SESSION_COOKIE, str(user_id), httponly=True, samesite="Lax")
        return answer

    def open_tile(self, code: str) -> ResponseReturnValue:  # noqa: ARG002 - the address is the portal's
        """Send a person to the application's first address, with a code that it never asked for and no state."""
        known, (first, *_) = self._session(), (*self.classlink.redirect_uris, "")
        return self._back(known, first, None, None) if known and first else redirect("/", 303)

    def authorize(self) -> ResponseReturnValue:
        asked = request.args
        redirect_uri, is_ours = asked.get("redirect_uri", ""), asked.get("client_id") == CLIENT_ID
        if not is_ours or redirect_uri not in self.classlink.redirect_uris or asked.get("response_type") != "code":
            return page("This application asked in a way that is not registered", [], 400)
        if not asked.get("scope"):
            return page("This application asked for no scope", [], 400)
        known = self._session()
        if known is None:
            return redirect(f"/?logincallback={quote(request.full_path, safe='')}", 302)
        user_id = known[0].user_id(known[1])
        if self.classlink.switches.consent and user_id not in self.classlink.consents:
            yes, no = (f"/oauth2/v2/consent?{urlencode({**asked, 'agreed': word})}" for word in ("yes", "no"))
            return page("May the application know who you are?", [link(yes, "Allow"), link(no, "Deny")])
        return self._back(known, redirect_uri, asked.get("nonce"), asked.get("state"))

    def consent(self) -> ResponseReturnValue:
        asked, known = request.args, self._session()
        if asked.get("agreed") != "yes" or known is None:
            told = {"error": "access_denied", "state": asked.get("state")}
            return sent_back(asked["redirect_uri"], told) if self._is_known() else redirect("/", 303)
        self.classlink.consents.add(known[0].user_id(known[1]))
        return self.authorize()

    def redeem(self) -> ResponseReturnValue:
        if self.classlink.switches.sign_in_down:
            return "", 503
        if not self._is_client():
            return jsonify(error="invalid_client", message="Client authentication failed"), 401
        code = self.classlink.take_code(request.form.get("code", ""), request.form.get("redirect_uri"))
        known = self.classlink.find_user(code.user_id) if code else None
        if code is None or known is None:
            return jsonify(error="invalid_grant", message="Invalid code"), 400
        answer = {"access_token": self.classlink.give_token(code.user_id), "token_type": "Bearer"}
        if self.classlink.switches.id_token:
            answer["id_token"] = self.classlink.id_token(known[1], known[0], code.nonce)
        return jsonify(answer | {"response_type": "code"})

    def keys(self) -> Response:
        return jsonify(keys=[self.classlink.signing_key.jwk()])

    def discovery(self) -> Response:
        base = self.classlink.base_url
        return jsonify(
            issuer=base,
            authorization_endpoint=f"{base}/oauth2/v2/auth",
            token_endpoint=f"{base}/oauth2/v2/token",
            jwks_uri=f"{base}/oauth2/v2/jwks",
            userinfo_endpoint=f"{base}/v2/my/profileinfo",
            token_endpoint_auth_methods_supported=["client_secret_post", "client_secret_basic"],
        )

    def info(self) -> ResponseReturnValue:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        known = self.classlink.find_user(self.classlink.tokens.get(token))
        if known is None:
            return jsonify(message="Unauthorized"), 401
        if self.classlink.switches.sign_in_page:
            return page("ClassLink", [])
        return jsonify(known[0].profile(known[1], self.classlink.switches))

    def _session(self) -> Known | None:
        if self.classlink.switches.no_session:
            return None
        return self.classlink.find_user(request.cookies.get(SESSION_COOKIE))

    def _back(self, known: Known, redirect_uri: str, nonce: str | None, state: str | None) -> ResponseReturnValue:
        tenant, user = known
        switches = self.classlink.switches
        told = {
            "code": self.classlink.give_code(tenant.user_id(user), redirect_uri, nonce),
            "response_type": "code" if switches.echoes_response_type else None,
            "state": None if switches.drops_state else state,
        }
        return sent_back(redirect_uri, told)

    def _is_known(self) -> bool:
        return request.args.get("redirect_uri") in self.classlink.redirect_uris

    def _is_client(self) -> bool:
        header = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        is_basic = request.headers.get("Authorization") == f"Basic {header}"
        told = (request.form.get("client_id"), request.form.get("client_secret"))
        way = "basic" if is_basic else "body" if told == (CLIENT_ID, CLIENT_SECRET) else ""
        return way in self.classlink.switches.client_auth


def _people(tenant: Tenant, back: str) -> list[Markup]:
    """Return a button for the first pupils and all of the staff."""
    people = list(tenant.people())
    shown = [*people[:8], *(each for each in people[8:] if each[1]["roles"][0]["role"] != "student")][:20]
    query = urlencode({"next": back})
    return [
        button(f"/{tenant.code}/as/{number}?{query}", _name(user), user["roles"][0]["role"]) for number, user in shown
    ]


def _name(user: Record) -> str:
    return f"{user['givenName']} {user['familyName']}"
