"""A simulated Schoology's REST interface: a made-up roster in Schoology's ids, words, pages and moods."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from flask import Flask, Response, request

from providers.kit.simulator.roster_data import Roster, made_up_roster
from providers.kit.simulator.roster_gradebook import RosterGradebook
from providers.schoology.simulator_grades import Grades
from providers.schoology.simulator_rows import Rows

KEY, SECRET = "0f3b1c", "schoology & secret"
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
Told = list[dict[str, Any]]


@dataclass(frozen=True)
class ApiSwitches:
    """How the interface behaves, each quirk one switch."""

    signature_methods: tuple[str, ...] = ("HMAC-SHA1", "PLAINTEXT")
    nonces_once: bool = True  # a nonce that comes again is answered with 401
    redirects_me: bool = True  # users/me answers 303, and the address it leads to wants a signature of its own
    personal_key: bool = False  # 401 for everybody else's data, as since June 2025
    app_key: bool = False  # the key has no owner: users/me is nobody
    building: str = ""  # the key's owner sees this building alone
    wobble: bool = False  # numbers as text, flags as numbers, null for 0
    period_over: bool = False  # sections hide unless include_past is asked for
    first_role: int = 1212  # role ids differ from school to school
    most: int = 200  # records a page, whatever is asked for
    links: bool = True  # False: no links.next, as on the last page
    busy_every: int = 0  # each n-th answer is 429
    bad_gateway_above: int = 0  # 502 for larger pages
    refuses_from: int = 0  # 401 from this request on
    grows: bool = False  # total is another one on each page
    last_page: str = "whole"  # "short": lacks half; "torn"
    answers: str = "right"  # members of sections: "html", "error", "empty"
    may_grade: bool = True  # False: the key's owner may not grade in sections
    grade_items_fail: bool = False  # a bulk answer of 200 whose items failed
    bulk_status: int = 200  # 207 in some accounts


class SchoologyApi:
    """One school's data. `requests` keeps what was asked: path and query."""

    def __init__(self, roster: Roster | None = None, switches: ApiSwitches | None = None) -> None:
        self.roster = roster if roster is not None else made_up_roster()
        self._switches = switches or ApiSwitches()
        self.rows = Rows(self)
        self.gradebook = RosterGradebook()
        self._grades = Grades(self)
        self.requests: list[str] = []
        self.nonces: set[str] = set()

    @property
    def switches(self) -> ApiSwitches:
        """How it behaves."""
        return self._switches

    @switches.setter
    def switches(self, switches: ApiSwitches) -> None:
        self._switches = switches
        self.requests.clear()
        self.rows.forget()

    def answer(
        self, method: str, url: str, authorization: str, body: Mapping[str, Any] = MappingProxyType({})
    ) -> Response:
        """Answer one request for an absolute address."""
        parts = urlsplit(url)
        self.requests.append(f"{parts.path}?{parts.query}")
        if refusal := self._refusal(method, url, authorization):
            return refusal
        path, query = parts.path.removeprefix("/v1/"), dict(parse_qsl(parts.query))
        if path == "users/me":
            owner = self.rows.owner()
            if self.switches.redirects_me:
                return Response(status=303, headers={"Location": f"{_home(url)}/users/{owner}"})
            path = f"users/{owner}"
        if graded := self._grades.answer(method, path, query, body):
            return graded
        if found := self.rows.one(path):
            return _json(found)
        listed = self._grades.list(path) or self.rows.all(path, query)
        if listed is None:
            return Response("Not found", 404)
        return self._page(url, path, *listed)

    def _refusal(self, method: str, url: str, authorization: str) -> Response | None:
        number, switches, parts = len(self.requests), self.switches, urlsplit(url)
        if switches.busy_every and number % switches.busy_every == 0:
            return Response("Too many requests", 429, {"Retry-After": "1"})
        if not self._is_signed(method, url, authorization) or 0 < switches.refuses_from <= number:
            return Response("Unauthorized", 401)
        own = f"/v1/users/{self.rows.owner()}"
        if (switches.personal_key and parts.path not in ("/v1/users/me", own)) or (
            switches.app_key and parts.path == "/v1/users/me"
        ):
            return Response("Unauthorized", 401)
        if switches.building and parts.path == "/v1/gradingperiods":
            return Response("Forbidden", 403)
        if 0 < switches.bad_gateway_above < int(dict(parse_qsl(parts.query)).get("limit", 20)):
            return Response("<html><title>502 Bad Gateway</title></html>", 502)
        return None

    def _is_signed(self, method: str, url: str, header: str) -> bool:
        told = {name: unquote(value) for name, value in _PARAMETER.findall(header)}
        signature, nonce, way = (told.get(f"oauth_{name}", "") for name in ("signature", "nonce", "signature_method"))
        if way not in self.switches.signature_methods or told.get("oauth_consumer_key") != KEY:
            return False
        if self.switches.nonces_once and nonce in self.nonces:
            return False  # "Duplicate timestamp/nonce combination"
        self.nonces.add(nonce)
        told = {name: value for name, value in told.items() if name not in {"realm", "oauth_signature"}}
        right = f"{quote(SECRET, '~')}&" if way == "PLAINTEXT" else _signature(method, url, told)
        return hmac.compare_digest(signature, right)

    def _page(self, url: str, path: str, name: str, records: Told) -> Response:
        query, switches = dict(parse_qsl(urlsplit(url).query)), self.switches
        start, limit = int(query.get("start", 0)), min(int(query.get("limit", 20)), switches.most)
        page, is_last = records[start : start + limit], start + limit >= len(records)
        is_struck = path.endswith("/enrollments")
        if is_struck and switches.answers in {"html", "error"}:
            body = "<!doctype html><title>Log in</title>" if switches.answers == "html" else '{"error": "internal"}'
            return Response(body, 200, mimetype="text/html")
        if is_struck and switches.answers == "empty":
            return _json({name: [], "links": {}})
        if is_struck and is_last and switches.last_page == "short":
            page = page[: len(page) // 2]
        answer: dict[str, Any] = {name: page}
        if path not in ("roles",) and not path.endswith("/buildings"):
            answer["total"] = len(records) + (len(self.requests) if switches.grows else 0)
            answer["links"] = {"self": url} | (
                {} if is_last or not switches.links else {"next": _at(url, start + limit)}
            )
        if switches.wobble:
            answer = _wobbled(answer, len(self.requests))
        body = json.dumps(answer)
        torn = is_struck and is_last and switches.last_page == "torn"
        return Response(body[: len(body) // 2] if torn else body, mimetype="application/json")


def create_api(api: SchoologyApi) -> Flask:
    """Return the interface as a web application."""
    app = Flask("providers.schoology", static_folder=None)
    add_api(app, api)
    return app


def add_api(app: Flask, api: SchoologyApi) -> None:
    """Serve the interface below /v1 of an application."""

    def answer(**_path: str) -> Response:
        url = f"{request.host_url.rstrip('/')}{request.full_path.rstrip('?')}"
        body = request.get_json(silent=True) or {}
        return api.answer(request.method, url, request.headers.get("Authorization", ""), body)

    app.add_url_rule("/v1/<path:path>", "api", answer, methods=["GET", "POST", "PUT"])


def _json(answer: Mapping[str, Any]) -> Response:
    return Response(json.dumps(answer), mimetype="application/json", headers={"X-Schoology": "API"})


def _home(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/v1"


def _at(url: str, start: int) -> str:
    """Return the address of another page; behind a proxy Schoology's own scheme shows."""
    parts = urlsplit(url)
    query = urlencode({**dict(parse_qsl(parts.query)), "start": start})
    return f"https://{parts.netloc}{parts.path}?{query}"


def _wobbled(value: Any, round_: int) -> Any:
    """Return numbers as text, every second answer; 0 as null."""
    if isinstance(value, dict):
        return {name: _wobbled(each, round_) for name, each in value.items()}
    if isinstance(value, list):
        return [_wobbled(each, round_) for each in value]
    if isinstance(value, int) and round_ % 2:
        return str(value) if value else None
    return value


def _signature(method: str, url: str, told: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *told.items()]
    joined = "&".join(f"{name}={value}" for name, value in sorted((quote(n, "~"), quote(v, "~")) for n, v in pairs))
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    base = "&".join(quote(part, "~") for part in (method, address, joined))
    return base64.b64encode(hmac.new(f"{quote(SECRET, '~')}&".encode(), base.encode(), hashlib.sha1).digest()).decode()
