"""Where a OneRoster REST provider lives and how it wants to be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from providers.kit.oneroster.rest.headers import TOTALS
from providers.kit.rest.asking import LARGEST_BODY
from providers.kit.rest.auth import Auth

Version = Literal["auto", "1.1", "1.2"]


@dataclass(frozen=True, slots=True)
class Source:
    """`auth` makes the credentials of one reading (an `Auth` remembers what the provider refused).

    `revision_header` names a header whose change during a reading says that the roster changed under our hands.
    `totals` are the headers that count all records, the first that is there. `other_urls` are tried where there is
    nothing at `base_url`. `advice` is what `check` says of a failure's code in place of the kit's own words.
    """

    base_url: str
    auth: Callable[[], Auth]
    version: Version = "auto"
    page_size: int = 1000
    users_from_students_and_teachers: bool = False
    enrollments_from_classes: bool = False
    revision_header: str = "x-perm-rev"
    totals: tuple[str, ...] = TOTALS
    other_urls: tuple[str, ...] = ()
    advice: Mapping[str, str] = field(default_factory=dict)
    largest_body: int = LARGEST_BODY
