"""One reason for which an arrival is refused: family, check, spec section, and what each reader is told."""

from __future__ import annotations

from typing import NamedTuple

from providers.contract import Failure


class Reason(NamedTuple):
    """`person` is for whoever clicked; `administrator` names the setting to change in the school's system."""

    family: type[Failure]
    check: str
    spec: str
    person: str
    administrator: str
