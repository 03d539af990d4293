"""Course groups by the book: https://www.imsglobal.org/spec/lti-gs/v1p0, sets and paging included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from providers.contract import (
    BadData,
    ClassGroups,
    Context,
    Failure,
    Group,
    GroupSet,
    LtiService,
    Misconfigured,
    Refused,
    Reply,
    Unavailable,
)
from providers.kit.lti.service_token import BY_THE_BOOK, TokenRules, authorized
from providers.kit.lti.shapes import text
from providers.kit.web_answers import is_overloaded, link, retry_after

SCOPE: Final = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
GROUPS_TYPE: Final = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
SETS_TYPE: Final = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"
MOST_PAGES: Final = 500


@dataclass(frozen=True, slots=True)
class CourseGroups:
    """A `Groups`."""

    token: TokenRules = BY_THE_BOOK

    def read_groups(
        self, context: Context[Any], service: LtiService, groups_url: str, sets_url: str | None
    ) -> ClassGroups:
        """Read groups and sets, see `Groups`."""
        sets: dict[str, GroupSet] = {}
        for record in self._records(context, service, sets_url, "sets", SETS_TYPE) if sets_url else ():
            found = GroupSet(_id(record.get("id")), text(record.get("name")) or "")
            sets[found.id] = found
        groups: dict[str, Group] = {}
        for record in self._records(context, service, groups_url, "groups", GROUPS_TYPE):
            set_id = record.get("set_id")
            group = Group(
                _id(record.get("id")),
                text(record.get("name")) or "",
                None if set_id in {None, ""} else _id(set_id),
                text(record.get("tag")),
            )
            groups[group.id] = group
        return ClassGroups(list(groups.values()), list(sets.values()))

    def _records(
        self, context: Context[Any], service: LtiService, url: str, name: str, media_type: str
    ) -> Iterator[Mapping[str, Any]]:
        page: str | None = url
        seen: set[str] = set()
        while page is not None:
            if page in seen or len(seen) >= MOST_PAGES:
                raise BadData("groups.unreadable", "The LMS's list of groups has no end.", f"{len(seen)} pages")
            seen.add(page)
            reply = authorized(context, service, (SCOPE,), "GET", page, {"Accept": media_type}, rules=self.token)
            if not reply.ok:
                raise _refusal(context, reply)
            yield from _listed(reply.json(), name)
            page = link(reply, "next", page)


def _listed(container: Any, name: str) -> list[Mapping[str, Any]]:
    records = container.get(name) if isinstance(container, dict) else None
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise BadData("groups.unreadable", "The LMS's answer is no list of groups.", f"no {name} in it")
    return records


def _id(value: Any) -> str:
    """Return an id; some platforms write it as a number."""
    told = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(told, str) or not told.strip() or len(told) > 255 or not told.isprintable():
        raise BadData("groups.unreadable", "The LMS's list of groups has one without an id.", "no id")
    return told


def _refusal(context: Context[Any], reply: Reply) -> Failure:
    detail = f"status {reply.status}"
    if is_overloaded(reply):
        wait = retry_after(reply, context.now())
        return Unavailable("groups.unavailable", "The LMS can't give its groups now.", detail, retry_after=wait)
    if reply.status in {404, 410}:
        return Misconfigured("groups.gone", "The LMS has no such class any more.", detail)
    return Refused("groups.refused", "The LMS does not let this tool read the groups of the class.", detail)
