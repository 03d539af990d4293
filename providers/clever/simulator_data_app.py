"""The data API of the simulated Clever: collections by cursor, events, and what goes wrong there."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from providers.clever.simulator_clever import SimulatedClever
from providers.clever.simulator_district import COLLECTIONS, District, Record

_PAGE = "<!doctype html><title>Clever</title><p>Something else than data</p>"


def data_endpoints(clever: SimulatedClever) -> Blueprint:
    """Return the endpoints below /v3.1, and /v3.0 for what sign-ins ask there."""
    endpoints = Blueprint("data", __name__)
    api = DataApi(clever)
    for version in ("/v3.1", "/v3.0"):
        suffix = version[1:].replace(".", "_")
        endpoints.add_url_rule(f"{version}/me", f"me_{suffix}", api.me)
        endpoints.add_url_rule(f"{version}/<name>", f"list_{suffix}", api.collection)
        endpoints.add_url_rule(f"{version}/<name>/<id>", f"one_{suffix}", api.one)
    endpoints.add_url_rule("/v3.1/users/<id>/sections", "sections_of", api.sections_of)
    endpoints.add_url_rule("/userinfo", "userinfo", api.userinfo)
    return endpoints


class DataApi:
    """Answers for the district or the person whose token is sent."""

    def __init__(self, clever: SimulatedClever) -> None:
        self.clever = clever

    def me(self) -> Response:
        user = self._person()
        if user is None or self.clever.switches.sign_in_page:
            return _page(401 if user is None else 200)
        district, _ = self.clever.find_user(user["id"]) or (None, None)
        switches = self.clever.switches
        data = {
            "id": "" if switches.blank_subject else user["id"],
            "district": "" if switches.blank_district or district is None else district.id,
            "type": "user",
            "authorized_by": switches.authorized_by,
        }
        links = [{"rel": "self", "uri": "/me"}, {"rel": "canonical", "uri": f"/v3.0/users/{user['id']}"}]
        return _json({"type": "user", "data": data, "links": links})

    def userinfo(self) -> Response:
        user = self._person()
        found = self.clever.find_user(user["id"]) if user else None
        if user is None or found is None:
            return _json({"message": "Unauthorized"}, 401)
        name = {"first": user["name"].get("first"), "last": user["name"]["last"]}
        return _json({**self.clever.told(user, found[0]), "district_id": found[0].id, "name": name})

    def collection(self, name: str) -> Response:
        district = self._district()
        if isinstance(district, Response):
            return district
        if (trouble := self._trouble()) is not None:
            return trouble
        limit = int(request.args.get("limit", self.clever.switches.default_page))
        if limit > self.clever.switches.largest_page:
            return _json({"message": "limit is too large"}, 413)
        if 0 < self.clever.switches.heavy_above < limit:
            return _page(502)
        rows = self._rows(district, name)
        return _json({"message": "Not found"}, 404) if rows is None else self._listed(name, rows, limit)

    def one(self, name: str, id: str) -> Response:
        user = self._person()
        if user is not None:
            return self._of_person(user, name, id)
        district = self._district()
        if isinstance(district, Response):
            return district
        if (trouble := self._trouble()) is not None:
            return trouble
        if name == "districts" and id == district.id:
            return _json({"data": district.document(self.clever.switches.state)})
        row = next((each for each in self._rows(district, name) or () if each["id"] == id), None)
        return _json({"data": row}) if row else _json({"message": "Not found"}, 404)

    def sections_of(self, id: str) -> Response:
        district = self._district()
        if isinstance(district, Response):
            return district
        if id not in district.objects["users"]:
            return _json({"message": "Not found"}, 404)
        sections = district.objects["sections"].values()
        rows = [each for each in sections if id in each["students"] or id in each["teachers"]]
        return self._listed(f"users/{id}/sections", rows, int(request.args.get("limit", 100)))

    def _of_person(self, user: Record, name: str, id: str) -> Response:
        found = self.clever.find_user(user["id"])
        if name == "districts" and found is not None and id == found[0].id:
            return _json({"data": found[0].document(self.clever.switches.state)})
        if name != "users" or id != user["id"] or self.clever.switches.users_withheld:
            return _page(404)
        withheld = {"roles"} if self.clever.switches.roles_withheld else set()
        return _json({"data": {key: value for key, value in user.items() if key not in withheld}})

    def _person(self) -> Record | None:
        user_id = self.clever.tokens.get(_bearer())
        found = self.clever.find_user(user_id) if user_id else None
        return found[1] if found else None

    def _district(self) -> District | Response:
        """Return whose token this is; a person's opens no collection."""
        if self._person() is not None:
            return _page(404)
        self.clever.requests["data"] += 1
        switches, number = self.clever.switches, self.clever.requests["data"]
        found = next((each for each in self.clever.districts.values() if each.token == _bearer()), None)
        if found is not None and 0 < switches.token_from <= number:
            self.clever.switch(token_from=0)
            found.rotate_token()
            found = None
        if found is None or not switches.connected or 0 < switches.refuses_from <= number:
            return _json({"message": "Unauthorized"}, 401)
        if not switches.secure_sync and not request.path.startswith("/v3.1/districts"):
            return _json({"message": "Resource not in token's scopes"}, 403)
        return found

    def _trouble(self) -> Response | None:
        switches, now = self.clever.switches, int(self.clever.now().timestamp())
        if switches.busy:
            status, *rest = switches.busy
            self.clever.switch(busy=tuple(rest))
            return self._refused(status, now + 2)
        minute = f"{_bearer()} {now // 60}"
        self.clever.requests[minute] += 1
        return self._refused(429, (now // 60 + 1) * 60) if self.clever.requests[minute] > switches.per_minute else None

    def _refused(self, status: int, reset: int) -> Response:
        told = {"X-RateLimit-Limit": str(self.clever.switches.per_minute), "X-RateLimit-Remaining": "0"}
        return Response("", status, headers={**told, "X-RateLimit-Reset": str(reset)})

    def _rows(self, district: District, name: str) -> list[Record] | None:
        switches = self.clever.switches
        if name == "events":
            oldest = self.clever.now() - timedelta(days=switches.events_days)
            kept = [each for each in district.events if int(each["id"][:8], 16) >= int(oldest.timestamp())]
            shown = [_inside(each) for each in kept] if switches.previous_inside else kept
            return shown if switches.events else []
        if name == "districts":
            return [district.document(switches.state)]
        if name not in COLLECTIONS:
            return None
        rows = list(district.objects[name].values())
        role = request.args.get("role")
        return [each for each in rows if role in each["roles"]] if role and name == "users" else rows

    def _listed(self, name: str, rows: list[Record], limit: int) -> Response:
        after, before = request.args.get("starting_after"), request.args.get("ending_before")
        size = min(limit, self.clever.switches.page_cap or limit)
        if before is not None:
            rows = [each for each in rows if before == "last" or each["id"] < before]
            shown, rest = rows[-size:], []
        else:
            rows = [each for each in rows if after is None or each["id"] > after]
            shown, rest = rows[:size], rows[size:]
        return self._broken(name, shown, rest, limit) or self._whole(name, shown, rest, limit, len(rows))

    def _whole(self, name: str, shown: list[Record], rest: list[Record], limit: int, number: int) -> Response:
        links = [{"rel": "self", "uri": request.full_path}]
        if rest:
            links.append({"rel": "next", "uri": f"/v3.1/{name}?limit={limit}&starting_after={shown[-1]['id']}"})
        listed = [{"data": each, "uri": f"/v3.1/{name}/{each['id']}"} for each in shown]
        answer: Record = {"data": listed, "links": links}
        is_counted = self.clever.switches.counts and request.args.get("count") == "true"
        return _json(answer | ({"count": number} if is_counted else {}))

    def _broken(self, name: str, shown: list[Record], rest: list[Record], limit: int) -> Response | None:
        page = self.clever.switches.page
        if page == "cut" and not rest:
            return self._whole(name, shown[: (len(shown) + 1) // 2], rest, limit, len(shown))
        if page == "torn" and not rest:
            text = json.dumps({"data": [{"data": each} for each in shown]})
            return Response(text[: len(text) // 2], 200, mimetype="application/json")
        if page == "empty":
            return self._whole(name, [], [], limit, 0)
        if page == "error" and not rest:
            return _json({"message": "Internal error"})
        return _page(200) if page == "html" and not rest else None


def _inside(event: Record) -> Record:
    told = dict(event)
    if "previous_attributes" in told:
        told["data"] = {**told["data"], "previous_attributes": told.pop("previous_attributes")}
    return told


def _bearer() -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def _page(status: int) -> Response:
    return Response(_PAGE, status, mimetype="text/html")
