"""Where rosters are: the proxy with its list of applications, and each district's Roster Server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request

from providers.classlink.simulator_classlink import PARTNER_TOKEN, SimulatedClassLink
from providers.classlink.simulator_tenant import Tenant
from providers.kit.simulator.roster_auth import BEARER
from providers.kit.simulator.roster_data import Record
from providers.kit.simulator.roster_provider import ROOTS

_ROOT: Final = ROOTS["1.1"]
_PREFIXES: Final = {"short": "/", "published": "/proxy/v1p0/"}
_USUAL_PAGE: Final = 100


def add_rosters(app: Flask, classlink: SimulatedClassLink) -> None:
    """Answer for proxy and Roster Servers before any rule: their paths hold ids that must not be decoded."""
    proxy = Proxy(classlink)
    app.before_request(proxy.answer)


class Proxy:
    """Takes requests by the path as it was sent."""

    def __init__(self, classlink: SimulatedClassLink) -> None:
        self.classlink = classlink

    def answer(self) -> Response | None:
        path = urlsplit(str(request.environ["REQUEST_URI"])).path
        if path == "/applications":
            return self._applications()
        if path.startswith("/applications/") and path.endswith("/server"):
            return self._server(path.removeprefix("/applications/").removesuffix("/server"))
        before, root, name = path.partition(f"{_ROOT}/")
        return self._records(before, name) if root else None

    def _applications(self) -> Response:
        if not _has(PARTNER_TOKEN):
            return _refused()
        rows = [*self._others(), *(each.row() for each in self.classlink.tenants.values())]
        if self.classlink.switches.page_honoured:
            offset = int(request.args.get("offset", 0))
            rows = rows[offset : offset + int(request.args.get("limit", _USUAL_PAGE))]
        return _json({"status": 1, "applications": rows})

    def _others(self) -> Iterator[Record]:
        """Yield tenants of other people's; every second is disabled, every third inactive."""
        for number in range(1, self.classlink.switches.other_rows + 1):
            yield {
                "id": number,
                "application_id": 67_890,
                "tenant_id": 900_000 + number,
                "bearer": f"somebody-elses-{number}",
                "tenant_name": f"District {number}",
                "enabled": "false" if number % 2 == 0 else "true",
                "tenant_status": "Inactive" if number % 3 == 0 else "Active",
                "oneroster_application_id": f"%2Fother{number}%3D",
                "name": "The application",
                "version": "",
            }

    def _server(self, application: str) -> Response:
        tenant = self._by_application(application)
        if not _has(PARTNER_TOKEN):
            return _refused()
        if tenant is None or not self.classlink.switches.server_told:
            return _json({"message": "Not found"}, 404)
        address = f"{self.classlink.base_url}/rs/{tenant.code}"
        server = {"endpoint_url": address, "client_id": tenant.key, "client_secret": tenant.secret}
        return _json({"server": server})

    def _records(self, before: str, name: str) -> Response:
        if before.startswith("/rs/"):
            found = (each for each in self.classlink.tenants.values() if each.code == before.removeprefix("/rs/"))
            tenant = next(found, None)
            lets_in = tenant is not None and tenant.door.lets_in(request.method, _url(), dict(request.headers))
        else:
            tenant = self._by_path(before)
            if tenant is not None and 0 < self.classlink.switches.bearer_from == len(tenant.server.requests) + 1:
                tenant.rotate()
            lets_in = tenant is not None and _has(tenant.bearer)
        if tenant is None:
            return Response("<html><title>Not found</title></html>", 404, mimetype="text/html")
        if not lets_in or not tenant.is_enabled:
            tenant.server.requests.append("refused")
            return _refused()
        tenant.server.count_request()
        inner = f"{request.host_url.rstrip('/')}{_ROOT}/{name}?{urlsplit(_url()).query}"
        sent = tenant.server.answer("GET", inner, {"Authorization": f"Bearer {BEARER}"}, {})
        return Response(sent.body, sent.status, sent.headers)

    def _by_path(self, before: str) -> Tenant | None:
        """Find the tenant whose id stands in the path letter for letter: encoded again, or decoded, it is nobody's."""
        for name in self.classlink.switches.prefixes:
            prefix = _PREFIXES[name]
            rest = before.removeprefix(prefix)
            if before.startswith(prefix) and "/" not in rest and (tenant := self._by_application(rest)):
                return tenant
        return None

    def _by_application(self, application: str) -> Tenant | None:
        return next((each for each in self.classlink.tenants.values() if each.application == application), None)


def _url() -> str:
    return f"{request.host_url.rstrip('/')}{request.environ['REQUEST_URI']}"


def _has(bearer: str) -> bool:
    return request.headers.get("Authorization") == f"Bearer {bearer}"


def _refused() -> Response:
    return _json({"message": "Unauthorized"}, 401)


def _json(body: Record, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
