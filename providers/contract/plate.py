"""The plate on a room's door: what the provider is called, who looks after it and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from providers.contract.deep_linking import DeepLinking
from providers.contract.grades import Grades, RosterGrades
from providers.contract.groups import Groups
from providers.contract.launch import LtiLaunch
from providers.contract.members import ClassMembers
from providers.contract.notices import Notices
from providers.contract.registration import Registration
from providers.contract.roster import Roster
from providers.contract.sign_in import SignIn

CAPABILITIES: Final = (
    "launch",
    "sign_in",
    "roster",
    "members",
    "groups",
    "grades",
    "roster_grades",
    "notices",
    "registration",
    "deep_linking",
)
Maturity = Literal["experimental", "beta", "stable"]


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of system that schools use. An absent capability is None: no page offers it.

    `advice` says, per error code, what an administrator changes in *this* provider's own screens; a code that is
    not in it falls back to the general advice. `family_codes` are the LTI `product_family_code` values it sends.
    """

    key: str
    label: str
    settings: type[Any]
    maintainer: str
    maturity: Maturity
    launch: LtiLaunch[Any] | None = None
    sign_in: SignIn | None = None
    roster: Roster | None = None
    members: ClassMembers | None = None
    groups: Groups | None = None
    grades: Grades | None = None
    roster_grades: RosterGrades | None = None
    notices: Notices | None = None
    registration: Registration | None = None
    deep_linking: DeepLinking | None = None  # None: answers by the book
    advice: Mapping[str, str] = field(default_factory=dict)
    family_codes: tuple[str, ...] = ()

    @property
    def capabilities(self) -> tuple[str, ...]:
        """Names of the capabilities this room has, in the contract's order."""
        return tuple(name for name in CAPABILITIES if getattr(self, name) is not None)
