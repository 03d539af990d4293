"""Whether a provider can tell what changed since a moment, and how it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from providers.contract import Failure
from providers.kit.oneroster.rest.answers import read_records
from providers.kit.oneroster.rest.collections import PLANS, Collection, below
from providers.kit.rest.asking import Asker
from providers.kit.rest.links import with_parameters

# Providers write local time without saying so, and their clocks differ: a day is asked for twice, and what did not
# change is not written again.
OVERLAP: Final = timedelta(hours=24)
_NEVER: Final = "2999-01-01T00:00:00.000Z"
_EVER: Final = "1970-01-01T00:00:00.000Z"


def changed_since(url: str, since: str) -> str:
    """Return the address of the records changed after a moment."""
    return with_parameters(url, filter=f"dateLastModified>'{since}'")


def watermark(started: datetime) -> str:
    """Return from when on to ask the next time, for a reading that started at this moment."""
    moment = (started - OVERLAP).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def tells_changes(asker: Asker, root: str) -> bool:
    """Return whether every collection honours the filter: nothing changed after the year 2999, something ever did.

    A provider that ignores the filter answers both alike, and one that knows no filter with 400.
    """
    for plan in PLANS:
        if _count(asker, root, plan.whole, _NEVER) != 0:
            return False
    return bool(_count(asker, root, PLANS[0].whole, _EVER))


def _count(asker: Asker, root: str, collection: Collection, since: str) -> int | None:
    url = with_parameters(below(root, collection.path), limit=1, offset=0)
    try:
        reply = asker.get(changed_since(url, since), tries=1)
        return len(read_records(reply, collection.names)) if reply.ok else None
    except Failure:  # whatever it is: asking for changes does not work here
        return None
