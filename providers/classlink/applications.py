"""The partner's list of applications: one line for each tenant, with what opens its roster.

https://support.classlink.com (Roster Server, Partner Portal); shapes as integrators saw them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from providers.classlink.settings import ClassLinkSettings
from providers.contract import BadData, Context, Failure, Misconfigured, Refused, Reply
from providers.kit.rest.asking import Asker
from providers.kit.rest.auth import Bearer
from providers.kit.rest.links import with_parameters
from providers.kit.rest.values import flag, text

_PAGE: Final = 100
_MOST_PAGES: Final = 200
# ClassLink encoded the id itself: it goes into the path as it is, and must not lead out of its place there.
_ENCODED: Final = re.compile(r"(?=.*[^.])(?:[A-Za-z0-9._~=+-]|%[0-9A-Fa-f]{2})+")
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")


class Application(NamedTuple):
    """A tenant's own access to its roster. `id` stands encoded."""

    id: str
    bearer: str

    def __repr__(self) -> str:
        """Hide the bearer: it must not reach a log by accident."""
        return f"Application({self.id!r})"


class Server(NamedTuple):
    """Where a tenant's Roster Server is, and the key and secret that it wants."""

    url: str
    key: str
    secret: str

    def __repr__(self) -> str:
        """Hide the secret."""
        return f"Server({self.url!r})"


def find_application(context: Context[Any], settings: ClassLinkSettings) -> Application:
    """Return the tenant's application.

    Raises:
        Misconfigured: ``classlink.tenant_unknown``, ``classlink.partner_token_missing``,
            ``classlink.partner_token_refused``.
        Refused: ``classlink.tenant_not_listed``, ``classlink.application_disabled``, ``classlink.tenant_inactive``.
        BadData: ``classlink.answer_invalid``. Unavailable: ``rest.busy``.
    """
    if not settings.tenant_id:
        raise Misconfigured("classlink.tenant_unknown", "tenant_id is empty: enter the district's own number.")
    mine = [row for row in _rows(context, settings) if text(row.get("tenant_id")) == settings.tenant_id]
    for row in mine:
        if _is_enabled(row) and _is_active(row):
            return _application(row)
    if not mine:
        raise Refused(
            "classlink.tenant_not_listed",
            "This district has not added the application: compare tenant_id, or let it add it in its Roster Console.",
        )
    if not any(map(_is_enabled, mine)):
        raise Refused(
            "classlink.application_disabled",
            "The district has added the application and not enabled it: Roster Console, Apps, Enabled.",
        )
    raise Refused("classlink.tenant_inactive", "ClassLink has this district as inactive: let the district ask why.")


def find_server(context: Context[Any], settings: ClassLinkSettings, application: Application) -> Server:
    """Return the tenant's Roster Server.

    Raises Misconfigured (``classlink.server_untold``) and what `find_application` raises.
    """
    reply = _ask(_asker(context, settings), settings.proxy(f"/applications/{application.id}/server"))
    told = _object(reply).get("server") if reply.ok else None
    server = told if isinstance(told, Mapping) else {}
    url, key, secret = (text(server.get(name)) for name in ("endpoint_url", "client_id", "client_secret"))
    if not url or not key or not secret:
        raise Misconfigured(
            "classlink.server_untold",
            "ClassLink does not say where this Roster Server is: fill in endpoint_url, roster_key and roster_secret.",
        )
    return Server(url, key, secret)


class TenantBearer:
    """An `Auth` of the kit: on a refusal the list is read again, and only another bearer is worth another try."""

    def __init__(self, settings: ClassLinkSettings, application: Application) -> None:
        self._settings, self._application = settings, application

    def headers(self, _context: Context[Any], _method: str, _url: str) -> Mapping[str, str]:
        """Return the tenant's bearer."""
        return {"Authorization": f"Bearer {self._application.bearer}"}

    def renew(self, context: Context[Any]) -> bool:
        """Look the bearer up; say whether it is another one."""
        refused, self._application = self._application, find_application(context, self._settings)
        return refused.bearer != self._application.bearer and refused.id == self._application.id


def _rows(context: Context[Any], settings: ClassLinkSettings) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of all pages; no header counts them, so the end is a page with nothing new on it."""
    asker, seen = _asker(context, settings), set[str]()
    for number in range(_MOST_PAGES):
        url = with_parameters(settings.proxy("/applications"), limit=_PAGE, offset=number * _PAGE)
        rows = _object(_ask(asker, url)).get("applications")
        if not isinstance(rows, list):
            raise BadData("classlink.answer_invalid", "ClassLink's list of applications can't be read.", "no list")
        fresh = [row for row in rows if isinstance(row, Mapping) and str(_key(row)) not in seen]
        if not fresh:
            return
        seen |= {str(_key(row)) for row in fresh}
        yield from fresh


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row.get("id"), row.get("tenant_id"), row.get("oneroster_application_id"))


def _application(row: Mapping[str, Any]) -> Application:
    id_, bearer = text(row.get("oneroster_application_id")) or "", text(row.get("bearer")) or ""
    if not _ENCODED.fullmatch(id_) or not _TOKEN.fullmatch(bearer):
        detail = "oneroster_application_id or bearer"
        raise BadData("classlink.answer_invalid", "ClassLink's list of applications can't be read.", detail)
    return Application(id_, bearer)


def _is_enabled(row: Mapping[str, Any]) -> bool:
    return flag(row.get("enabled"))


def _is_active(row: Mapping[str, Any]) -> bool:
    return str(row.get("tenant_status", "")).strip().lower() == "active"


def _asker(context: Context[Any], settings: ClassLinkSettings) -> Asker:
    if not settings.partner_token:
        raise Misconfigured(
            "classlink.partner_token_missing", "partner_token is empty: copy the API key from the Partner Portal."
        )
    return Asker(context, Bearer(settings.partner_token), _PAGE)


def _ask(asker: Asker, url: str) -> Reply:
    try:
        return asker.get(url)
    except Failure as failure:
        if failure.code in {"rest.unauthorized", "rest.forbidden"}:
            sentence = "partner_token is refused: copy the API key anew from the Partner Portal."
            raise Misconfigured("classlink.partner_token_refused", sentence) from failure
        raise


def _object(reply: Reply) -> Mapping[str, Any]:
    answer = reply.json() if reply.ok else None
    if not isinstance(answer, Mapping):
        detail = f"status {reply.status}"
        raise BadData("classlink.answer_invalid", "ClassLink's list of applications can't be read.", detail)
    return answer
