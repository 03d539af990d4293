"""The members of one class as its LMS knows them (LTI Names and Role Provisioning Services 2.0)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from providers.contract.context import Context
from providers.contract.launch import LaunchPerson, LaunchRoles
from providers.contract.lti_services import LtiService
from providers.contract.roster import Fault

MemberStatus = Literal["Active", "Inactive", "Deleted"]


class Member(NamedTuple):
    """One person of the class, vendor oddities removed.

    `subject` is the `sub` of this person's launches, byte for byte. What the platform withholds is None, and unknown
    is not empty: the hall keeps what it knows, also of `group_ids`, the platform's own ids of groups. `Deleted` occurs
    among differences alone.
    """

    subject: str
    roles: LaunchRoles
    person: LaunchPerson
    status: MemberStatus = "Active"
    group_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """One page of members. `faults` are the records of it that could not be read."""

    members: Sequence[Member]
    faults: Sequence[Fault] = ()


@dataclass(frozen=True, slots=True)
class MembersFinished:
    """The last thing a reader yields, and only after the last page; without it nobody may be called gone (attack F1).

    `mode`: every member was seen, or the changes since. `since` is the address to ask for the changes after this
    reading, where the platform offers one.
    """

    mode: Literal["full", "delta"]
    since: str | None = None


class ClassMembers(Protocol):
    """Capability: members of one class. A reader raises one of the five failures; it never guesses an end."""

    def read_class(
        self,
        context: Context[Any],
        service: LtiService,
        url: str,
        *,
        resource_link_id: str | None = None,
        since: str | None = None,
        groups: bool = False,
    ) -> Iterator[Members | MembersFinished]:
        """Read the class behind `url` (the launch's `context_memberships_url`).

        With `resource_link_id` the platform is asked for what it only tells about a link's members (the school's own
        ids in custom parameters), with `groups` for which groups each is in. With `since` (an earlier
        `MembersFinished.since`) only changes come. Raises:
            Refused: ``members.refused``: the platform does not (or no longer) let us read this class.
            Misconfigured: ``members.gone``: there is no such class any more.
            Unavailable: ``members.unavailable``: asking again may help.
            BadData: ``members.unreadable``: an answer is no member list.
            Failures of the token request: see `LtiService`.
        """
        ...
