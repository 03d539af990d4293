"""A simulated Canvas's REST interface: a made-up roster in Canvas's ids, words, pages and moods."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Flask, Response, request

from providers.canvas.simulator_consent import Consent, add_consent
from providers.canvas.simulator_grades import Grades
from providers.canvas.simulator_rows import Rows, Told
from providers.kit.simulator.roster_data import Roster, made_up_roster
from providers.kit.simulator.roster_gradebook import RosterGradebook

TOKEN, KEY, KEY_SECRET, REFRESH = "7~never", "10000000000002", "key secret", "1~refresh"


@dataclass(frozen=True)
class ApiSwitches:
    """How the interface behaves, each quirk one switch."""

    key_on: bool = True  # False: the API key is switched off in the account
    scoped_key: bool = False  # the API key enforces scopes, so consent wants some named
    token_dies_after: int = 0  # requests that an access token is good for
    refuses_from: int = 0  # 401 with WWW-Authenticate from this request on
    throttle_every: int = 0  # each n-th answer says that the bucket is full
    throttle_status: Literal[403, 429] = 403
    bad_gateway_above: int = 0  # 502 for larger pages
    forbidden: str = ""  # 401 without WWW-Authenticate for addresses that end so
    sis_ids: bool = True  # False: the token's owner may not read SIS data
    most: int = 100  # records a page
    link_header: str = "Link"  # its name, as some proxies spell it
    last_link: bool = False  # a link to the last page, too; often there is none
    wrapped_terms: bool = True  # terms stand under enrollment_terms, unlike every other list
    email_on_include: bool = True  # addresses only for who asks for them
    remaining_header: bool = True  # a full bucket says what is left of it
    test_student: bool = True  # each course has one
    blueprint: bool = True  # there is a course that nobody takes
    odd: frozenset[str] = frozenset()  # who and what is like no other: simulator_odd.ODDITIES
    loops: bool = False  # the next page of the last one is the first
    last_page: Literal["whole", "short", "torn"] = "whole"
    answers: Literal["right", "html", "error", "empty"] = "right"  # members of courses
    grade_scopes: bool = True  # False: the API key has no scope for assignments and submissions
    may_grade: bool = True  # False: the token's owner manages no grades
    unauthorized_status: Literal[401, 403] = 403  # who may not: 401 without WWW-Authenticate in older versions


class CanvasApi:
    """One root account's data. `requests` keeps what was asked: path and query."""

    def __init__(self, roster: Roster | None = None, switches: ApiSwitches | None = None) -> None:
        self.roster = roster if roster is not None else made_up_roster()
        self._switches = switches or ApiSwitches()
        self.rows = Rows(self)
        self.gradebook = RosterGradebook()
        self._grades = Grades(self)
        self.consent = Consent(self, KEY)
        self.requests: list[str] = []
        self.tokens: Counter[str] = Counter({TOKEN: 0})

    @property
    def switches(self) -> ApiSwitches:
        """How it behaves."""
        return self._switches

    @switches.setter
    def switches(self, switches: ApiSwitches) -> None:
        self._switches = switches
        self.requests.clear()
        self.rows.forget()

    def token(self, form: dict[str, str]) -> Response:
        """Answer at the token address: a refresh token is good for ever, an access token for an hour."""
        key = {"client_id": KEY, "client_secret": KEY_SECRET}
        is_refresh = form == {"grant_type": "refresh_token", "refresh_token": REFRESH, **key}
        is_code = form.get("grant_type") == "authorization_code" and form.items() >= key.items()
        if not is_refresh and not (is_code and self.consent.redeem(form)):
            return _json({"error": "invalid_grant"}, 400)
        value = f"7~{len(self.tokens)}"
        self.tokens[value] = 0
        told = {"access_token": value, "token_type": "Bearer", "expires_in": 3600}
        return _json(told if is_refresh else {**told, "refresh_token": REFRESH})

    def answer(
        self, url: str, authorization: str, method: str = "GET", body: Mapping[str, Any] = MappingProxyType({})
    ) -> Response:
        """Answer one request for an absolute address."""
        parts = urlsplit(url)
        self.requests.append(f"{parts.path}?{parts.query}")
        path = parts.path.removeprefix("/api/v1/")
        if refusal := self._refusal(url, path, authorization.removeprefix("Bearer ")):
            return refusal
        if graded := self._grades.answer(method, path, body):
            return graded
        if found := self.rows.one(path):
            return _json(found)
        listed = self._grades.list(path)
        listed = self.rows.all(path) if listed is None else listed
        return _json({"errors": [{"message": "not found"}]}, 404) if listed is None else self._page(url, path, listed)

    def _refusal(self, url: str, path: str, token: str) -> Response | None:
        count, switches = len(self.requests), self.switches
        if switches.throttle_every and count % switches.throttle_every == 0:
            headers = {"X-Request-Cost": "0.1"} | (
                {"X-Rate-Limit-Remaining": "0.0"} if switches.remaining_header else {}
            )
            return Response("403 Forbidden (Rate Limit Exceeded)", switches.throttle_status, headers)
        if token in self.tokens:
            self.tokens[token] += 1
        is_dead = 0 < switches.token_dies_after < self.tokens[token] or 0 < switches.refuses_from <= count
        if token not in self.tokens or is_dead:
            answer = _json({"errors": [{"message": "Invalid access token."}]}, 401)
            answer.headers["WWW-Authenticate"] = 'Bearer realm="canvas-lms"'
            return answer
        if switches.forbidden and path.endswith(switches.forbidden):
            return _json({"status": "unauthorized", "errors": [{"message": "user not authorized"}]}, 401)
        if 0 < switches.bad_gateway_above < int(dict(parse_qsl(urlsplit(url).query)).get("per_page", 10)):
            return Response("<html><title>502 Bad Gateway</title></html>", 502)
        return None

    def _page(self, url: str, path: str, records: Told) -> Response:
        query, switches = dict(parse_qsl(urlsplit(url).query)), self.switches
        limit = min(int(query.get("per_page", 10)), switches.most)
        start = _start(query.get("page", ""))
        page, is_last = records[start : start + limit], start + limit >= len(records)
        is_struck = path.startswith("courses/") and path.endswith("/enrollments")
        if is_struck and switches.answers != "right":
            bodies = {"html": "<!doctype html><title>Log in</title>", "error": '{"errors": []}', "empty": "[]"}
            return Response(bodies[switches.answers], 200, mimetype="text/html")
        if is_struck and is_last and switches.last_page == "short":
            page = page[: len(page) // 2]
        if path.endswith("/users") and switches.email_on_include and query.get("include[]") != "email":
            page = [{name: value for name, value in each.items() if name != "email"} for each in page]
        is_wrapped = path.endswith("/terms") and switches.wrapped_terms
        body = json.dumps({"enrollment_terms": page} if is_wrapped else page)
        if is_struck and is_last and switches.last_page == "torn":
            body = body[: len(body) // 2]
        answer = Response(body, mimetype="application/json")
        following = 0 if is_last and switches.loops else start + limit
        if not is_last or switches.loops:
            last = [("last", _bookmark(len(records) // limit * limit))] if switches.last_link else []
            answer.headers[switches.link_header] = ", ".join(_links(url, query, limit, following, last))
        return answer


def create_api(api: CanvasApi) -> Flask:
    """Return the interface as a web application."""
    app = Flask("providers.canvas", static_folder=None)

    def answer(**_path: str) -> Response:
        url = f"{request.host_url.rstrip('/')}{request.full_path.rstrip('?')}"
        body = request.get_json(silent=True) or {}
        return api.answer(url, request.headers.get("Authorization", ""), request.method, body)

    app.add_url_rule("/api/v1/<path:path>", "api", answer, methods=["GET", "POST", "PUT"])
    add_consent(app, api.consent)
    app.add_url_rule("/login/oauth2/token", "token", lambda: api.token(request.form.to_dict()), methods=["POST"])
    return app


def _json(answer: Any, status: int = 200) -> Response:
    return Response(json.dumps(answer), status, mimetype="application/json")


def _links(url: str, query: dict[str, str], limit: int, start: int, last: list[tuple[str, str]]) -> Iterator[str]:
    """Yield opaque links."""
    own = "&".join(f"{name}={value}" for name, value in query.items() if name not in {"page", "per_page"})
    for name, at in (("current", ""), ("next", _bookmark(start)), ("first", _bookmark(0)), *last):
        yield f'<{url.partition("?")[0]}?{own}&page={at}&per_page={limit}>; rel="{name}"'


def _bookmark(start: int) -> str:
    return f"bookmark:{base64.urlsafe_b64encode(str(start).encode()).decode().rstrip('=')}"


def _start(page: str) -> int:
    told = unquote(page).removeprefix("bookmark:")
    return int(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))) if told else 0
