"""A place in the order of changes, as a word that only we read."""

from __future__ import annotations

import base64
import binascii
import struct
from typing import Final

from gateway.store.events.lines import Place
from providers.contract import BadData

_SHAPE: Final = struct.Struct(">BQQ")
_VERSION: Final = 1


def write_cursor(place: Place) -> str:
    """Return the word for a place."""
    return base64.urlsafe_b64encode(_SHAPE.pack(_VERSION, *place)).rstrip(b"=").decode()


def read_cursor(text: str) -> Place:
    """Return the place. Raises BadData (``events.cursor_invalid``)."""
    try:
        version, xid, id_ = _SHAPE.unpack(
            base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        )
    except (binascii.Error, struct.error, ValueError):
        version = xid = id_ = 0
    if version != _VERSION or max(xid, id_) >= 1 << 63:
        raise BadData(
            "events.cursor_invalid", "This is no cursor of ours. Begin with after=now or without it.", "after"
        )
    return Place(xid, id_)
