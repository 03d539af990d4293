"""Looks at a district without changing anything and says in plain words which setting to change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from providers.clever.district_token import find_token
from providers.clever.pages import Pages, asker_of
from providers.clever.settings import CleverSettings
from providers.contract import Context, Failure, Health, Refused

_ADVICE: Final = {
    "clever.district_unknown": "district_id is empty: copy it from the district's page in your Clever dashboard.",
    "clever.client_refused": "client_id and client_secret are refused: copy both anew from Settings, General.",
    "clever.district_not_connected": "district_id names no district that shares with this application: compare it, or"
    " let the district accept the application in its own dashboard.",
    "rest.unauthorized": "The district's token is refused: let the district accept the application again.",
    "rest.forbidden": "The district's token is not for rosters: your application needs Secure Sync.",
    "http.unreachable": "site_url or api_url names a host that can't be reached: leave both empty.",
    "http.address_refused": "site_url or api_url leads where we don't call: leave both empty.",
    "clever.not_json": "api_url answers with a page for people: leave it empty.",
}
_KINDS: Final = ("schools", "users", "sections")


def advice_of(failure: Failure) -> str:
    """Return what to change for a failure."""
    return _ADVICE.get(failure.code, failure.sentence)


def check_client(context: Context[CleverSettings]) -> list[Health]:
    """Say whether Clever takes client ID and secret; a district that shares nothing yet is no fault of theirs."""
    try:
        find_token(context, context.settings)
    except Refused:
        return [Health("client ID and secret", True)]
    except Failure as failure:
        if failure.code == "clever.district_unknown":
            return []
        return [Health("client ID and secret", False, advice_of(failure))]
    return [Health("client ID and secret", True)]


def check_roster(context: Context[CleverSettings]) -> list[Health]:
    """Return one line for the district, one for each kind that must not be empty, and one for events."""
    try:
        find_token(context, context.settings)
    except Failure as failure:
        return [Health("district", False, advice_of(failure))]
    return [Health("district", True), *_looks(context)]


def _looks(context: Context[CleverSettings]) -> Iterator[Health]:
    pages = Pages(asker_of(context), context.settings)
    for kind in _KINDS:
        try:
            advice = f"No {kind} are shared: the district chooses what it shares in its own dashboard."
            yield Health(kind, pages.newest(kind) is not None, advice)
        except Failure as failure:
            yield Health(kind, False, advice_of(failure))
    yield from _state(pages, context.settings)
    if context.settings.events:
        yield _events(pages)


def _state(pages: Pages, settings: CleverSettings) -> Iterator[Health]:
    try:
        state: Any = pages.one(f"/districts/{settings.district_id}").get("state")
    except Failure as failure:
        yield Health("district's own sync", False, advice_of(failure))
        return
    advice = f"The district's own sync with Clever is in the state {state!r}: the district mends it in its dashboard."
    yield Health("district's own sync", state not in {"error", "pending"}, advice)


def _events(pages: Pages) -> Health:
    advice = "No event in thirty days: switch events on in your dashboard (Settings, Integrations), or set events=no."
    try:
        return Health("events", pages.newest("events") is not None, advice)
    except Failure as failure:
        return Health("events", False, advice_of(failure))
