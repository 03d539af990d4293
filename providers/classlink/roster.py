"""The roster of a district by its Roster Server: OneRoster 1.1 through ClassLink's proxy, or directly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from providers.classlink.applications import Server, TenantBearer, find_application, find_server
from providers.classlink.settings import ClassLinkSettings
from providers.contract import Batch, Context, Failure, Finished, Health, Misconfigured, Recall
from providers.kit.oneroster.rest import OAuth1, Source, check_source, read_source

_ROOT: Final = "/ims/oneroster/v1p1"
_PATHS: Final = {"short": ("/{}",), "published": ("/proxy/v1p0/{}",), "auto": ("/{}", "/proxy/v1p0/{}")}
# Of both counts only this one is of all records: `x-count` is that of the page.
_TOTALS: Final = ("x-total-count",)
_ADVICE: Final = {
    "rest.unauthorized": "The Roster Server refuses us. Through the proxy: let the district disable and enable the"
    " application. Directly: copy roster_key and roster_secret anew, and compare signature_method.",
    "rest.forbidden": "The district does not share these records: Roster Console, Apps, Permissions.",
    "rest.busy": "Roster Server has too much to do: try again later, with a smaller page_size.",
    "oneroster.base_url_wrong": "There is no Roster Server: compare proxy_url and proxy_path, or endpoint_url.",
    "oneroster.not_json": "There is a page for people in place of the roster: compare proxy_url or endpoint_url.",
    "oneroster.envelope_missing": "There is no OneRoster at proxy_url or endpoint_url: compare it.",
    "oneroster.collection_missing": "Roster Server has no such collection: compare proxy_path or endpoint_url.",
    "oneroster.collection_empty": "let the district share its schools in Roster Console, Apps, Permissions.",
    "classlink.answer_invalid": "proxy_url answers as no ClassLink proxy does: compare it.",
    "http.not_json": "proxy_url leads to a page for people: compare it.",
    "http.unreachable": "proxy_url or endpoint_url names a host that can't be reached: compare it.",
    "http.address_refused": "proxy_url or endpoint_url leads where we don't call: use https and a public name.",
    "http.redirected": "proxy_url or endpoint_url sends us on to another address: enter that one instead.",
    "http.tls": "The host of proxy_url or endpoint_url has no valid certificate for its name: compare the name.",
    "http.timeout": "Roster Server did not answer in time: try again later, with a smaller page_size.",
}


class ClassLinkRoster:
    """The `roster` capability."""

    def is_set_up(self, settings: ClassLinkSettings) -> bool:
        """Say whether it is known whose roster to read, and how."""
        is_direct = settings.roster_access == "direct" and bool(settings.endpoint_url)
        return bool(settings.tenant_id) and (is_direct or bool(settings.partner_token))

    def check(self, context: Context[ClassLinkSettings]) -> Sequence[Health]:
        """Say what is well and which setting to change."""
        try:
            source = find_source(context)
        except Failure as failure:
            return [Health("application", False, _ADVICE.get(failure.code, failure.sentence))]
        return [Health("application", True), *check_source(context, source)]

    def read(
        self,
        context: Context[ClassLinkSettings],
        *,
        since: str | None = None,
        resume: str | None = None,
        recall: Recall | None = None,  # noqa: ARG002 - Roster Server's records come whole either way
    ) -> Iterator[Batch | Finished]:
        """Read the roster; it begins anew where Roster Server says that it moved meanwhile."""
        return read_source(context, find_source(context), since, resume)


def find_source(context: Context[ClassLinkSettings]) -> Source:
    """Return where and how to ask. Raises Misconfigured (``classlink.key_missing``) and what `applications` raises."""
    settings = context.settings
    if settings.roster_access == "direct":
        server = _own_server(settings) or find_server(context, settings, find_application(context, settings))
        method = settings.signature_method
        return _source(settings, server.url, auth=lambda: OAuth1(server.key, server.secret, method))
    application = find_application(context, settings)
    first, *others = (settings.proxy(f"{path.format(application.id)}{_ROOT}") for path in _PATHS[settings.proxy_path])
    return _source(settings, first, other_urls=tuple(others), auth=lambda: TenantBearer(settings, application))


def _source(settings: ClassLinkSettings, url: str, **how: Any) -> Source:
    return Source(url, version="1.1", page_size=settings.page_size, totals=_TOTALS, advice=_ADVICE, **how)


def _own_server(settings: ClassLinkSettings) -> Server | None:
    """Return what the operator filled in; where that is nothing, the partner token looks it up."""
    if not settings.endpoint_url:
        return None
    if not settings.roster_key or not settings.roster_secret:
        raise Misconfigured(
            "classlink.key_missing", "roster_key or roster_secret is empty: copy both from behind the key icon."
        )
    return Server(settings.endpoint_url, settings.roster_key, settings.roster_secret)


ROSTER = ClassLinkRoster()
