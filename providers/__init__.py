"""Finds the rooms by looking through this folder; knows none by name."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from providers.contract import Misconfigured, Provider

_NOT_ROOMS = {"contract", "kit"}


@cache
def rooms() -> dict[str, Provider]:
    """Return every room's plate by its key. A folder beside this file is a room when it has a `PROVIDER`."""
    found: dict[str, Provider] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.ispkg and module.name not in _NOT_ROOMS:
            plate = import_module(f"{__name__}.{module.name}").PROVIDER
            found[plate.key] = plate
    return found


def room(key: str) -> Provider:
    """Return one room's plate. Raises Misconfigured (``provider.unknown``) naming the rooms there are."""
    try:
        return rooms()[key]
    except KeyError:
        known = ", ".join(sorted(rooms()))
        raise Misconfigured("provider.unknown", f"There is no provider {key!r}; there are {known}.") from None
