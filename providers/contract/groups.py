"""The groups of one class as its LMS has them (LTI Course Groups Service 1.0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from providers.contract.context import Context
from providers.contract.lti_services import LtiService


class GroupSet(NamedTuple):
    """Groups that belong together, such as those of one project."""

    id: str
    name: str


class Group(NamedTuple):
    """One group; `set_id` names its set, `tag` is the platform's word for its purpose."""

    id: str
    name: str
    set_id: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class ClassGroups:
    """Every group and set of a class, from answers that were all read to their end."""

    groups: Sequence[Group]
    sets: Sequence[GroupSet] = ()


class Groups(Protocol):
    """Capability: groups. Who is in them comes with the members (`Member.group_ids`)."""

    def read_groups(
        self, context: Context[Any], service: LtiService, groups_url: str, sets_url: str | None
    ) -> ClassGroups:
        """Read groups and, where the platform has them, sets; any page that fails fails the reading (attack F1).

        The addresses are the launch's `context_groups_url` and `context_group_sets_url`. Raises:
            Refused: ``groups.refused``. Misconfigured: ``groups.gone``. Unavailable: ``groups.unavailable``.
            BadData: ``groups.unreadable``. Failures of the token request: see `LtiService`.
        """
        ...
