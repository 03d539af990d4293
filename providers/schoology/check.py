"""Looks at what a key may see, changes nothing, and says in plain words which setting to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from providers.contract import Failure, Health
from providers.kit.rest.values import identifier, text
from providers.schoology.api import Api
from providers.schoology.reading import find_root
from providers.schoology.roles import own_words, read_roles
from providers.schoology.settings import SchoologySettings

_KEY: Final = "copy consumer_key and consumer_secret anew from the app's Options, API Info"
_ADVICE: Final = {
    "rest.unauthorized": f"Schoology refuses the key: {_KEY}. A personal key reads nobody else since June 2025.",
    "rest.forbidden": "The role of the key's owner may not read this: in User Management, Permissions grant it "
    "Access Schoology API, and let a system administrator own the key.",
    "rest.busy": "Schoology has too much to do: try again later.",
    "schoology.not_json": "api_url answers with something else than Schoology's API: leave it as it is by default.",
    "schoology.gone": "api_url does not lead to Schoology's API: leave it as it is by default.",
    "http.unreachable": "api_url names a host that can't be reached: leave it as it is by default.",
    "http.timeout": "Schoology did not answer in time: try again later.",
}
_LIMITED: Final = (
    "The key's owner sees one building only: take the key of an administrator of the whole school, or of an app."
)


def look_at(api: Api, settings: SchoologySettings) -> Iterator[Health]:
    """Yield one line for the key, and one for each thing that a roster needs."""
    try:
        root = find_root(api)
    except Failure as failure:
        yield Health("address and key", False, _advice(failure))
        return
    yield Health("address and key", True)
    looks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("buildings", lambda: _count(api, f"schools/{root}/buildings", "building", "")),
        ("whole school", lambda: _whole(api)),
        ("courses", lambda: _count(api, "courses", "course", "There is no course yet: make one, or look again later.")),
        ("roles", lambda: _roles(api, settings)),
        ("Unique IDs", lambda: _unique_ids(api)),
    )
    for name, look in looks:
        try:
            advice = look()
        except Failure as failure:
            advice = _advice(failure)
        yield Health(name, not advice, advice)


def _count(api: Api, path: str, name: str, empty: str) -> str:
    return empty if not next(api.all(path, name).pages(), []) else ""


def _whole(api: Api) -> str:
    try:
        next(api.all("gradingperiods", "gradingperiods").pages(), [])
    except Failure as failure:
        if failure.code == "rest.forbidden":
            return _LIMITED
        raise
    return ""


def _roles(api: Api, settings: SchoologySettings) -> str:
    told = [each for page in api.all("roles", "role").pages() for each in page]
    words = read_roles(told, own_words(settings.role_words))
    unknown = [text(each.get("title")) or "?" for each in told if not words.get(identifier(each.get("id")) or "")]
    return f"role_words says nothing of {', '.join(unknown)}: who has such a role has none here." if unknown else ""


def _unique_ids(api: Api) -> str:
    people = next(api.all("users", "user").pages(), [])
    if any(text(each.get("school_uid")) for each in people):
        return ""
    return "No person has a Unique ID: launches and rosters meet by it, so fill it in under User Management."


def _advice(failure: Failure) -> str:
    return _ADVICE.get(failure.code, failure.sentence)
