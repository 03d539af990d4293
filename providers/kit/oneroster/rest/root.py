"""Finds the address below which a provider's collections lie, from what an administrator entered."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from providers.contract import BadData, Failure, Misconfigured
from providers.kit.oneroster.rest.answers import error_answer, read_records
from providers.kit.oneroster.rest.collections import PLANS, below
from providers.kit.oneroster.rest.source import Source
from providers.kit.rest.asking import Asker
from providers.kit.rest.links import with_parameters

_PATHS: Final = {"1.2": "ims/oneroster/rostering/v1p2", "1.1": "ims/oneroster/v1p1"}
# An address that ends in a version is taken as it is: vendors put it below paths of their own.
_ENDS_IN_VERSION: Final = re.compile(r"/v\d(p\d)?/?$")


def candidates(source: Source) -> list[str]:
    """Return the addresses to try, the likeliest first."""
    if _ENDS_IN_VERSION.search(urlsplit(source.base_url).path):
        return [source.base_url, *source.other_urls]
    if source.version != "auto":
        return [below(source.base_url, _PATHS[source.version])]
    return [*(below(source.base_url, path) for path in _PATHS.values()), source.base_url]


def find_root(asker: Asker, source: Source) -> str:
    """Return the root that answers with orgs.

    Raises:
        Misconfigured: ``oneroster.base_url_wrong``: none of them does.
        Refused, Unavailable, Misconfigured: what the first of them answered that is there at all.
    """
    failures: list[Failure] = []
    for root in candidates(source):
        try:
            probe(asker, root)
        except Failure as failure:
            failures.append(failure)
        else:
            return root
    telling = [failure for failure in failures if not isinstance(failure, BadData)]
    if telling:
        raise telling[0]
    detail = "; ".join(failure.detail or failure.code for failure in failures)
    raise Misconfigured("oneroster.base_url_wrong", "There is no OneRoster provider at base_url.", detail) from (
        failures[0]
    )


def probe(asker: Asker, root: str) -> None:
    """Ask for one org, or one school where there are no orgs."""
    plan = PLANS[0]
    for collection in (plan.whole, *plan.instead):
        reply = asker.get(with_parameters(below(root, collection.path), limit=1, offset=0))
        if reply.ok:
            read_records(reply, collection.names)
            return
    raise error_answer(reply, "orgs")
