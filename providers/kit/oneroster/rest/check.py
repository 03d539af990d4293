"""Looks at a provider without changing anything and says in plain words which setting to change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from providers.contract import Failure, Health, Refused
from providers.kit.oneroster.rest.answers import read_records
from providers.kit.oneroster.rest.collections import PLANS, Plan, below
from providers.kit.oneroster.rest.nested import ENROLLMENTS, PEOPLE, is_there
from providers.kit.oneroster.rest.root import find_root
from providers.kit.oneroster.rest.source import Source
from providers.kit.rest.asking import Asker
from providers.kit.rest.links import with_parameters

# What an administrator does about a failure's code; anything else says its own sentence.
_ADVICE: Final = {
    "http.unreachable": "base_url or token_url names a host that can't be reached: compare it.",
    "http.timeout": "The provider did not answer in time: try again later, then compare base_url.",
    "http.address_refused": "base_url or token_url leads where we don't call: use https and a public name.",
    "http.redirected": "base_url or token_url sends us on to another address: enter that one instead.",
    "http.tls": "The host of base_url or token_url has no valid certificate for its name: compare the name.",
    "http.not_json": "base_url or token_url answers with something else than JSON: compare it, path and all.",
    "oneroster.base_url_wrong": "base_url leads to no OneRoster provider: enter the address up to and including "
    "/ims/oneroster/rostering/v1p2 or /ims/oneroster/v1p1.",
    "oneroster.not_json": "base_url leads to a page for people: enter the address of the OneRoster API.",
    "oneroster.envelope_missing": "base_url answers, but not as OneRoster does: compare its path.",
    "rest.token_url_wrong": "token_url is no token address: compare it, query included.",
    "rest.token_unavailable": "The address in token_url can't answer now: try again later.",
    "rest.credentials_refused": "client_id and client_secret are refused: copy both anew, and compare token_url.",
    "rest.scope_refused": "scope asks for more than this client was given: leave it empty or copy it anew.",
    "rest.unauthorized": "Our credentials are refused: copy client_id and client_secret anew, and compare auth "
    "with what the provider wants (OAuth 1 or OAuth 2).",
    "rest.forbidden": "Our credentials are good, but not for this: let the provider grant it, or change scope.",
    "rest.busy": "The provider has too much to do: try again later, with a smaller page_size.",
}

NO_ENROLLMENTS: Final = "The provider has no enrollments collection: set enrollment_endpoints to classes."


def check(source: Source, asker: Asker) -> list[Health]:
    """Return one line for the address with the credentials, and one for each kind of record."""
    try:
        root = find_root(asker, source)
    except Failure as failure:
        return [Health("address and credentials", False, advice_of(failure, source))]
    return [Health("address and credentials", True), *_kinds(source, asker, root)]


def _kinds(source: Source, asker: Asker, root: str) -> Iterator[Health]:
    for plan in PLANS:
        try:
            if plan.kind == "enrollments":
                yield _enrollments(source, asker, root, plan)
            else:
                yield _kind(plan, asker, root, source)
        except Failure as failure:
            yield Health(plan.kind, not plan.is_needed, advice_of(failure, source))


def _enrollments(source: Source, asker: Asker, root: str, plan: Plan) -> Health:
    """Look at their collection, or class by class where that was chosen, is missing or is withheld."""
    if source.enrollments_from_classes:
        advice = "The provider does not list a class's students: compare enrollment_endpoints."
        return Health(plan.kind, True) if is_there(asker, root, PEOPLE) else Health(plan.kind, False, advice)
    try:
        found = _kind(plan, asker, root, source)
    except Refused as failure:
        found = Health(plan.kind, False, advice_of(failure, source))
    return Health(plan.kind, True) if not found.ok and is_there(asker, root, ENROLLMENTS) else found


def _kind(plan: Plan, asker: Asker, root: str, source: Source) -> Health:
    parts_are_wanted = source.users_from_students_and_teachers and plan.kind == "users"
    collections = plan.instead if parts_are_wanted else (plan.whole,)
    for collection in collections:
        reply = asker.get(with_parameters(below(root, collection.path), limit=1, offset=0))
        if not reply.ok:
            missing = _missing(plan, collection.path, parts_are_wanted)
            return Health(plan.kind, not plan.is_needed, source.advice.get("oneroster.collection_missing", missing))
        if not read_records(reply, collection.names) and plan.is_needed:
            empty = source.advice.get("oneroster.collection_empty", "let the provider share its schools with us.")
            return Health(plan.kind, False, f"{collection.path} is empty: {empty}")
    return Health(plan.kind, True)


def _missing(plan: Plan, path: str, parts_are_wanted: bool) -> str:
    if plan.kind == "users" and not parts_are_wanted:
        return "The provider has no users collection: set user_endpoints to students_and_teachers."
    if plan.kind == "enrollments":
        return NO_ENROLLMENTS
    return f"The provider has no {path} collection: compare base_url, or ask the provider for it."


def advice_of(failure: Failure, source: Source) -> str:
    """Return what to change for a failure, in the room's words where it has some."""
    return source.advice.get(failure.code) or _ADVICE.get(failure.code, failure.sentence)
