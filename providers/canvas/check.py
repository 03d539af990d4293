"""Looks at what a token may see, changes nothing, and says in plain words which setting to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from providers.canvas.api import Api
from providers.canvas.settings import CanvasSettings
from providers.contract import Failure, Health
from providers.kit.rest.values import identifier, text

_ADVICE: Final = {
    "rest.unauthorized": "Canvas refuses the token: make a new one under Account, Settings, as rest_token.",
    "rest.forbidden": "The token's owner may not see this: let an administrator of the root account own rest_token.",
    "rest.busy": "Canvas has too much to do: try again later.",
    "canvas.refresh_refused": "rest_refresh_token is refused: compare rest_client_id and rest_client_secret.",
    "canvas.gone": "rest_account names no account that the token sees: leave it as it is by default.",
    "canvas.not_json": "rest_url leads to a page for people: enter your Canvas's address alone.",
    "canvas.list_missing": "rest_url answers, but not as Canvas does: enter your Canvas's address alone.",
    "http.unreachable": "rest_url names a host that can't be reached: compare it.",
    "http.timeout": "Canvas did not answer in time: try again later.",
}


def look_at(api: Api, settings: CanvasSettings) -> Iterator[Health]:
    """Yield one line for the token, and one for each thing that a roster needs."""
    try:
        account = api.one(f"accounts/{settings.rest_account}")
    except Failure as failure:
        yield Health("address and token", False, _advice(failure))
        return
    yield Health("address and token", True)
    root = identifier(account.get("id"))
    is_root = identifier(account.get("parent_account_id")) is None
    yield Health("root account", is_root, "" if is_root else "rest_account is a sub-account, which has no terms.")
    looks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("sub-accounts", lambda: _any(api, f"accounts/{root}/sub_accounts", "")),
        ("courses", lambda: _any(api, f"accounts/{root}/courses", "There is no course yet.")),
        ("people", lambda: _any(api, f"accounts/{root}/users", "The token sees no people.")),
        ("administrators", lambda: _any(api, f"accounts/{root}/admins", "")),
        ("SIS ids", lambda: _sis_ids(api, f"accounts/{root}/users")),
    )
    for name, look in looks:
        try:
            advice = look()
        except Failure as failure:
            advice = _advice(failure)
        yield Health(name, not advice, advice)


def _any(api: Api, path: str, empty: str) -> str:
    return empty if not next(api.all(path).pages(), []) else ""


def _sis_ids(api: Api, path: str) -> str:
    people = next(api.all(path).pages(), [])
    if not people or any(text(each.get("sis_user_id")) for each in people):
        return ""
    return "No person shows an SIS id: grant the role of the token's owner SIS Data - read."


def _advice(failure: Failure) -> str:
    return _ADVICE.get(failure.code, failure.sentence)
