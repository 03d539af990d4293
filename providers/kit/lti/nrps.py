"""Class members by the book: https://www.imsglobal.org/spec/lti-nrps/v2p0, with what some platforms do otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from providers.contract import (
    BadData,
    Context,
    Failure,
    Fault,
    LaunchPerson,
    LtiService,
    Member,
    Members,
    MembersFinished,
    MemberStatus,
    Misconfigured,
    Refused,
    Reply,
    Unavailable,
)
from providers.kit.lti import claims as names
from providers.kit.lti.launch import read_custom
from providers.kit.lti.roles import read_roles
from providers.kit.lti.service_token import BY_THE_BOOK, TokenRules, authorized
from providers.kit.lti.shapes import identifier, text
from providers.kit.web_answers import is_overloaded, link, retry_after

SCOPE: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MEDIA_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MOST_PAGES: Final = 2000
TRIES: Final = 5
LONGEST_NAP: Final = 60.0  # a longer wait is the job's, not this reading's
_STATUSES: Final[dict[str, MemberStatus]] = {"active": "Active", "inactive": "Inactive", "deleted": "Deleted"}

Refine = Callable[[Member, Mapping[str, Any], Mapping[str, str]], Member]
"""(member by the book, the platform's whole record, resolved custom parameters) -> member; vendor oddities end here."""


def _as_it_is(member: Member, _record: Mapping[str, Any], _custom: Mapping[str, str]) -> Member:
    return member


@dataclass(frozen=True, slots=True)
class NamesAndRoles:
    """A `ClassMembers`. `limit` asks for so many members a page; `asks_for_link`: the room wants custom parameters."""

    limit: int | None = None
    asks_for_link: bool = True
    refine: Refine = _as_it_is
    token: TokenRules = BY_THE_BOOK

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
        """Read the class, see `ClassMembers`."""
        reading = _Reading(self, context, service)
        members, page = reading.first(url, since, resource_link_id if self.asks_for_link else None, groups=groups)
        yield members
        while page is not None:
            members, page = reading.page(page)
            yield members
        yield MembersFinished("delta" if since else "full", reading.differences)


def _first_page(url: str, limit: int | None, resource_link_id: str | None, *, groups: bool) -> str:
    """Add what we ask for to the address; what it says itself stays (some platforms put a query of their own there)."""
    parts = urlsplit(url)
    present = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    wanted = {"limit": str(limit) if limit else None, "rlid": resource_link_id, "groups": "true" if groups else None}
    more = urlencode({name: value for name, value in wanted.items() if value and name not in present})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, more)))))


@dataclass(slots=True)
class _Reading:
    """One reading of one class. What it has seen keeps it from going round in circles (attack F1)."""

    options: NamesAndRoles
    context: Context[Any]
    service: LtiService
    differences: str | None = None
    _pages: set[str] = field(default_factory=set)
    _subjects: set[str] = field(default_factory=set)

    def first(self, url: str, since: str | None, link_id: str | None, *, groups: bool) -> tuple[Members, str | None]:
        """Return the first page. A link that the platform does not take for ours (a course's own menu) is left out."""
        limit = self.options.limit
        try:
            return self.page(since or _first_page(url, limit, link_id, groups=groups))
        except (Refused, Misconfigured):
            if since is not None or link_id is None:
                raise
            return self.page(_first_page(url, limit, None, groups=groups))

    def page(self, url: str) -> tuple[Members, str | None]:
        """Return one page and the address of the next."""
        if url in self._pages or len(self._pages) >= MOST_PAGES:
            raise BadData("members.unreadable", "The LMS's member list has no end.", f"{len(self._pages)} pages")
        self._pages.add(url)
        reply = self._fetch(url)
        records = _records(reply.json())
        members, faults = self._read(records)
        subjects = {member.subject for member in members}
        if subjects and subjects <= self._subjects:
            raise BadData("members.unreadable", "The LMS sent a page of the member list twice.", "repeated page")
        self._subjects |= subjects
        self.differences = link(reply, "differences", url) or self.differences
        return Members(members, faults), link(reply, "next", url)

    def _fetch(self, url: str) -> Reply:
        """Ask for a page; a platform that is busy is asked again, a few times. Any other answer fails the reading."""
        headers = {"Accept": MEDIA_TYPE}
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                reply = authorized(self.context, self.service, (SCOPE,), "GET", url, headers, rules=self.options.token)
            except Unavailable as failure:
                self._nap(failure, attempt, last=last)
                continue
            if reply.ok:
                return reply
            failure_ = _refusal(self.context, reply)
            if not isinstance(failure_, Unavailable):
                raise failure_
            self._nap(failure_, attempt, last=last)
        raise AssertionError("unreachable: the last attempt raises")

    def _nap(self, failure: Unavailable, attempt: int, *, last: bool) -> None:
        seconds = failure.retry_after if failure.retry_after is not None else 2.0 ** (attempt - 1)
        if last or seconds > LONGEST_NAP:
            raise failure
        self.context.log("class members: asking again", code=failure.code, seconds=seconds)
        self.context.sleep(seconds)

    def _read(self, records: list[Any]) -> tuple[list[Member], list[Fault]]:
        members, faults = [], []
        for row, record in enumerate(records, 1):
            try:
                members.append(self._member(record))
            except BadData as fault:
                faults.append(Fault("members", row, None, "members.record_unreadable", fault.detail))
        return members, faults

    def _member(self, record: Any) -> Member:
        if not isinstance(record, dict):
            raise BadData("members.record_unreadable", "A member is not an object.", "not an object")
        status = record.get("status")
        member = Member(
            subject=identifier(record.get("user_id"), "user_id"),
            roles=read_roles(record.get("roles")),
            person=_person(record),
            status=_STATUSES.get(status.lower(), "Active") if isinstance(status, str) else "Active",
            group_ids=_group_ids(record.get("group_enrollments")),
        )
        return self.options.refine(member, record, _custom(record))


def _person(record: Mapping[str, Any]) -> LaunchPerson:
    get = record.get
    return LaunchPerson(
        given_name=text(get("given_name")),
        family_name=text(get("family_name")),
        middle_name=text(get("middle_name")),
        name=text(get("name")),
        email=text(get("email")),
        picture=text(get("picture")),
        sourced_id=text(get("lis_person_sourcedid")),
    )


def _group_ids(told: Any) -> tuple[str, ...] | None:
    """Return the groups of a member, None where the platform says nothing of them (Course Groups 1.0)."""
    if not isinstance(told, list):
        return None
    ids = [each.get("group_id") for each in told if isinstance(each, dict)]
    return tuple(str(each) for each in ids if isinstance(each, str | int) and not isinstance(each, bool))


def _custom(record: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the link's custom parameters as resolved for this member (NRPS 3.2, with `rlid`)."""
    messages = record.get("message")
    for message in messages if isinstance(messages, list) else [messages]:
        custom = message.get(names.CUSTOM) if isinstance(message, dict) else None
        if isinstance(custom, dict):
            return read_custom({name: value for name, value in custom.items() if not isinstance(value, dict | list)})
    return {}


def _records(container: Any) -> list[Any]:
    members = container.get("members") if isinstance(container, dict) else None
    if not isinstance(members, list):
        raise BadData("members.unreadable", "The LMS's answer is no member list.", "no members in it")
    return members


def _refusal(context: Context[Any], reply: Reply) -> Failure:
    detail = f"status {reply.status}"
    if is_overloaded(reply):
        wait = retry_after(reply, context.now())
        return Unavailable("members.unavailable", "The LMS can't give its member list now.", detail, retry_after=wait)
    if reply.status in {404, 410}:
        return Misconfigured("members.gone", "The LMS has no such class any more.", detail)
    sentence = "The LMS does not let this tool read the class: switch on names and roles for the tool."
    return Refused("members.refused", sentence, detail)
