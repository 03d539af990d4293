"""The sign-in side of the simulated Clever: its portal, its authorization page, codes and tokens."""

from __future__ import annotations

from base64 import b64encode
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from providers.clever.simulator_clever import CLIENT_ID, CLIENT_SECRET, SimulatedClever
from providers.clever.simulator_district import District, Record
from providers.kit.simulator.portal_pages import button, link, own_path, page, sent_back

SESSION_COOKIE: Final = "clever_session"


def sign_in_endpoints(clever: SimulatedClever) -> Blueprint:
    """Return the pages and endpoints of https://clever.com."""
    endpoints = Blueprint("sign_in", __name__)
    site = Site(clever)
    endpoints.add_url_rule("/", "home", site.home)
    endpoints.add_url_rule("/in/<shortname>", "portal", site.portal)
    endpoints.add_url_rule("/in/<shortname>/as/<user_id>", "enter", site.enter, methods=["POST"])
    endpoints.add_url_rule("/in/<shortname>/open", "open", site.open_tile)
    endpoints.add_url_rule("/oauth/authorize", "authorize", site.authorize)
    endpoints.add_url_rule("/oauth/instant-login", "instant", site.instant_login)
    endpoints.add_url_rule("/oauth/tokens", "redeem", site.redeem, methods=["POST"])
    endpoints.add_url_rule("/oauth/tokens", "tokens", site.tokens)
    endpoints.add_url_rule("/oauth/certs", "certs", site.certs)
    endpoints.add_url_rule("/.well-known/openid-configuration", "discovery", site.discovery)
    return endpoints


class Site:
    """One browser is signed in as the person whom its cookie names."""

    def __init__(self, clever: SimulatedClever) -> None:
        self.clever = clever

    def home(self) -> Response:
        links = [link(f"/in/{each.shortname}", each.name) for each in self.clever.districts.values()]
        return page("Clever (a simulation)", [*links, link("/admin", "For the district's administrator")])

    def portal(self, shortname: str) -> Response:
        district = self._named(shortname)
        if district is None:
            return page("No such district", [], 404)
        user = self._session()
        if user is not None and user["id"] in district.objects["users"]:
            return page(f"{district.name}: {_name(user)}", [link(f"/in/{shortname}/open", "Open the application")])
        return self._people(district, f"/in/{shortname}")

    def enter(self, shortname: str, user_id: str) -> ResponseReturnValue:
        answer = redirect(own_path(request.args.get("next", f"/in/{shortname}"), "/"), 303)
        answer.set_cookie(SESSION_COOKIE, user_id, httponly=True, samesite="Lax")
        return answer

    def open_tile(self, shortname: str) -> ResponseReturnValue:  # noqa: ARG002 - the address is the portal's
        return self._arrive()

    def instant_login(self) -> ResponseReturnValue:
        district = self.clever.districts.get(request.args.get("district_id", ""))
        if request.args.get("client_id") != CLIENT_ID or district is None:
            return page("This link is not right", [], 400)
        return self._arrive() if self._session() else self._people(district, request.full_path)

    def authorize(self) -> ResponseReturnValue:
        asked = request.args
        redirect_uri, is_ours = asked.get("redirect_uri", ""), asked.get("client_id") == CLIENT_ID
        if not is_ours or redirect_uri not in self.clever.redirect_uris or asked.get("response_type") != "code":
            return page("This application asked in a way that is not registered", [], 400)
        user = self._session()
        if user is None:
            return self._login_page(asked.get("district_id"))
        if asked.get("confirmed") == "false":
            again = urlencode({name: value for name, value in asked.items() if name != "confirmed"})
            return page(f"Are you {_name(user)}?", [link(f"/oauth/authorize?{again}", "Yes, go on")])
        if user["id"] in self.clever.switches.unshared:
            if "return_unshared" in asked:
                return sent_back(redirect_uri, {"error": "unauthorized-user", "state": asked.get("state")})
            return page("Your district has not shared this application with you", [], 403)
        code = self.clever.give_code(user["id"], redirect_uri, asked.get("nonce"))
        state = None if self.clever.switches.drops_state else asked.get("state")
        return sent_back(redirect_uri, {"code": code, "state": state})

    def redeem(self) -> ResponseReturnValue:
        if self.clever.switches.sign_in_down:
            return "", 503
        if not _is_client():
            return jsonify(error="invalid_client"), 401
        form = request.get_json(silent=True) if request.is_json else request.form
        form = form or {}
        code = self.clever.take_code(form.get("code", ""), form.get("redirect_uri", ""))
        found = self.clever.find_user(code.user_id) if code else None
        if form.get("grant_type") != "authorization_code" or code is None or found is None:
            return jsonify(error="invalid_grant", error_description="invalid code"), 400
        answer = {"access_token": self.clever.give_token(code.user_id), "token_type": "bearer"}
        if self.clever.switches.oidc:
            answer["id_token"] = self.clever.id_token(found[1], found[0], code.nonce)
        return jsonify(answer)

    def tokens(self) -> ResponseReturnValue:
        if not _is_client():
            return jsonify(message="Unauthorized"), 401
        wanted = request.args.get("district")
        shared = self.clever.districts.values() if self.clever.switches.connected else ()
        data = [_token_of(each) for each in shared if wanted in {None, each.id}]
        return jsonify(data=data, links=[{"rel": "self", "uri": "/oauth/tokens?owner_type=district"}])

    def certs(self) -> Response:
        return jsonify(keys=[self.clever.key.jwk()])

    def discovery(self) -> Response:
        base = self.clever.base_url
        return jsonify(
            issuer=base,
            authorization_endpoint=f"{base}/oauth/authorize",
            token_endpoint=f"{base}/oauth/tokens",
            jwks_uri=f"{base}/oauth/certs",
            userinfo_endpoint=f"{base}/userinfo",
        )

    def _arrive(self) -> ResponseReturnValue:
        """Send a person to the application's first address, with a code that it never asked for and no state."""
        user, (first, *_) = self._session(), (*self.clever.redirect_uris, "")
        if user is None or not first:
            return redirect("/", 303)
        return sent_back(first, {"code": self.clever.give_code(user["id"], first, None)})

    def _session(self) -> Record | None:
        if self.clever.switches.no_session:
            return None
        found = self.clever.find_user(request.cookies.get(SESSION_COOKIE, ""))
        return found[1] if found else None

    def _named(self, shortname: str) -> District | None:
        return next((each for each in self.clever.districts.values() if each.shortname == shortname), None)

    def _login_page(self, district_id: str | None) -> Response:
        district = self.clever.districts.get(district_id or "")
        shown = [district] if district else list(self.clever.districts.values())
        buttons = [button for each in shown for button in _buttons(each, request.full_path)]
        return page("Who are you?", buttons)

    def _people(self, district: District, back: str) -> Response:
        return page(f"{district.name}: who are you?", _buttons(district, back))


def _buttons(district: District, back: str) -> list[Markup]:
    people = list(district.objects["users"].values())
    shown = [*people[:8], *(each for each in people[8:] if "student" not in each["roles"])][:16]
    query = urlencode({"next": back})
    return [button(f"/in/{district.shortname}/as/{each['id']}?{query}", _name(each), _says(each)) for each in shown]


def _says(user: Record) -> str:
    return ", ".join(user["roles"])


def _name(user: Record) -> str:
    return " ".join(filter(None, (user["name"].get("first"), user["name"]["last"])))


def _token_of(district: District) -> Record:
    return {
        "id": district.id,
        "created": "2026-08-01T00:00:00.000Z",
        "owner": {"type": "district", "id": district.id},
        "access_token": district.token,
        "scopes": ["read:sis"],
    }


def _is_client() -> bool:
    expected = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    return request.headers.get("Authorization") == f"Basic {expected}"
