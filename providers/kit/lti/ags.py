"""Grades by the book: https://www.imsglobal.org/spec/lti-ags/v2p0, with what some platforms do otherwise as options."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from providers.contract import (
    BadData,
    Context,
    Grades,
    GradesClaim,
    LineItem,
    LtiService,
    Outcome,
    Refused,
    Reply,
    Result,
    Score,
)
from providers.kit.lti.ags_answers import REFUSALS, Refusal, refusal_of
from providers.kit.lti.ags_shapes import (
    line_item_body,
    read_line_item,
    read_result,
    score_body,
    sub_address,
    with_query,
)
from providers.kit.lti.service_token import BY_THE_BOOK, TokenRules, authorized
from providers.kit.web_answers import link

_SCOPE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM, LINE_ITEM_READ = _SCOPE + "lineitem", _SCOPE + "lineitem.readonly"
RESULT_READ, SCORE = _SCOPE + "result.readonly", _SCOPE + "score"
SCOPES: Final = (LINE_ITEM, LINE_ITEM_READ, RESULT_READ, SCORE)

_LIS: Final = "application/vnd.ims.lis."
LINE_ITEM_TYPE: Final = _LIS + "v2.lineitem+json"
CONTAINER_TYPE: Final = _LIS + "v2.lineitemcontainer+json"
RESULTS_TYPE: Final = _LIS + "v2.resultcontainer+json"
SCORE_TYPE: Final = _LIS + "v1.score+json"
MOST_PAGES: Final = 500

Extend = Callable[[Score, dict[str, Any]], dict[str, Any]]
"""(score, its body by the book) -> body as this platform wants it."""


def _as_it_is(_score: Score, body: dict[str, Any]) -> dict[str, Any]:
    return body


@dataclass(frozen=True, slots=True)
class AssignmentsAndGrades(Grades):
    """A `Grades`. `refusals` are asked before those that hold everywhere: which code a platform's refusal means.

    `new_line`: what stands for a line's end in a comment. `needs_comment`: a score without one is sent with a blank.
    `link_may_be_foreign`: a line item refused for its link (404, 412) is made without it, if its resource or tag
    finds it again. `extend` adds a platform's own members to a score.
    """

    refusals: tuple[Refusal, ...] = ()
    new_line: str = "\n"
    needs_comment: bool = False
    link_may_be_foreign: bool = False
    extend: Extend = _as_it_is
    token: TokenRules = BY_THE_BOOK

    def open_line_item(
        self, context: Context[Any], service: LtiService, claim: GradesClaim, wanted: LineItem
    ) -> LineItem:
        """Find the line item, or make it, see `Grades`."""
        names_more = wanted.resource_id is not None or wanted.tag is not None
        if claim.lineitem_url is not None and not names_more:
            return wanted._replace(url=claim.lineitem_url)  # the link's own, made by the platform or a deep link
        if claim.lineitems_url is None:
            raise _fixed("the launch named no place for line items")
        if (found := self._find(context, service, claim, wanted)) is not None:
            return found
        if LINE_ITEM not in claim.scopes:
            raise _fixed("the platform grants no scope to make them")
        return self._make(context, service, claim.lineitems_url, wanted)

    def _find(
        self, context: Context[Any], service: LtiService, claim: GradesClaim, wanted: LineItem
    ) -> LineItem | None:
        """Return the oldest of ours that matches. Filters are only a hint: some platforms leave them unheard."""
        keys = {"resource_id": wanted.resource_id, "tag": wanted.tag}
        if not any(keys.values()):
            keys = {"resource_link_id": wanted.resource_link_id}
        asked = {name: value for name, value in keys.items() if value is not None}
        for item in self.line_items(context, service, claim, **asked):
            if all(getattr(item, name) == value for name, value in asked.items()) and not _is_elsewhere(item, wanted):
                return item
        copies = (self._copy(context, service, claim, wanted, each) for each in wanted.copied_from)
        return next((copy for copy in copies if copy is not None), None)

    def _copy(
        self,
        context: Context[Any],
        service: LtiService,
        claim: GradesClaim,
        wanted: LineItem,
        origin: tuple[str, str | None],
    ) -> LineItem | None:
        """Return the column that came with the course and still has what it had there (AGS 3.2: look before making)."""
        link_id, resource_id = origin
        asked = {"resource_link_id": link_id} if resource_id is None else {"resource_id": resource_id}
        for item in self.line_items(context, service, claim, **asked):
            is_here = item.resource_link_id in {None, link_id, wanted.resource_link_id}
            own = item.resource_id is None and item.resource_link_id == link_id
            if is_here and (item.resource_id == resource_id if resource_id else own):
                return item
        return None

    def _make(self, context: Context[Any], service: LtiService, lineitems_url: str, wanted: LineItem) -> LineItem:
        reply = self._create(context, service, lineitems_url, wanted)
        foreign = self.link_may_be_foreign and (wanted.resource_id or wanted.tag) and wanted.resource_link_id
        if foreign and reply.status in {404, 412}:
            reply = self._create(context, service, lineitems_url, wanted._replace(resource_link_id=None))
        if not reply.ok:
            raise refusal_of(context, reply, (*self.refusals, *REFUSALS), "grades.line_item_refused")
        made = read_line_item(reply.json())
        if made is None or made.url is None:
            raise BadData("grades.unreadable", "The LMS's answer is no line item.", "no id in it")
        return made

    def _create(self, context: Context[Any], service: LtiService, url: str, wanted: LineItem) -> Reply:
        headers = {"Accept": LINE_ITEM_TYPE, "Content-Type": LINE_ITEM_TYPE}
        return self._send(context, service, LINE_ITEM, "POST", url, headers, line_item_body(wanted))

    def line_items(
        self,
        context: Context[Any],
        service: LtiService,
        claim: GradesClaim,
        *,
        resource_link_id: str | None = None,
        resource_id: str | None = None,
        tag: str | None = None,
    ) -> Iterator[LineItem]:
        """Read the line items, see `Grades`."""
        if claim.lineitems_url is None:
            raise _fixed("the launch named no place for line items")
        # Some platforms grant reading only where it is asked for by its own name.
        scope = LINE_ITEM if LINE_ITEM in claim.scopes else LINE_ITEM_READ
        query = {"resource_link_id": resource_link_id, "resource_id": resource_id, "tag": tag}
        url = with_query(claim.lineitems_url, query)
        for record in self._pages(context, service, scope, url, CONTAINER_TYPE):
            if (item := read_line_item(record)) is not None:
                yield item

    def post_score(self, context: Context[Any], service: LtiService, line_item_url: str, score: Score) -> Outcome:
        """Write one score, see `Grades`."""
        body = self.extend(score, score_body(score, new_line=self.new_line, needs_comment=self.needs_comment))
        headers = {"Accept": "*/*", "Content-Type": SCORE_TYPE}
        reply = self._send(context, service, SCORE, "POST", sub_address(line_item_url, "scores"), headers, body)
        if reply.ok:
            return "recorded"
        refusal = refusal_of(context, reply, (*self.refusals, *REFUSALS), "grades.score_refused")
        if isinstance(refusal, BadData) and refusal.code == "grades.older":
            return "known"  # sent with the same timestamp, an earlier try had arrived (AGS 3.4.2)
        raise refusal

    def read_results(
        self, context: Context[Any], service: LtiService, line_item_url: str, *, subject: str | None = None
    ) -> Iterator[Result]:
        """Read results, see `Grades`."""
        url = with_query(sub_address(line_item_url, "results"), {"user_id": subject})
        for record in self._pages(context, service, RESULT_READ, url, RESULTS_TYPE):
            result = read_result(record)
            if result is not None and subject in {None, result.subject}:
                yield result

    def _pages(
        self, context: Context[Any], service: LtiService, scope: str, url: str, media_type: str
    ) -> Iterator[Any]:
        page: str | None = url
        seen: set[str] = set()
        while page is not None:
            if page in seen or len(seen) >= MOST_PAGES:
                raise BadData("grades.unreadable", "The LMS's list has no end.", f"{len(seen)} pages")
            seen.add(page)
            reply = self._send(context, service, scope, "GET", page, {"Accept": media_type}, None)
            if not reply.ok:
                raise refusal_of(context, reply, (*self.refusals, *REFUSALS), "grades.refused")
            records = reply.json()
            if not isinstance(records, list):
                raise BadData("grades.unreadable", "The LMS's answer is no list.", media_type)
            yield from records
            page = link(reply, "next", page)

    def _send(
        self,
        context: Context[Any],
        service: LtiService,
        scope: str,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: Mapping[str, Any] | None,
    ) -> Reply:
        content = None if body is None else json.dumps(body).encode()
        return authorized(context, service, (scope,), method, url, headers, body=content, rules=self.token)


def _is_elsewhere(item: LineItem, wanted: LineItem) -> bool:
    """Whether it hangs on another link: two links may carry the same resource."""
    links = (item.resource_link_id, wanted.resource_link_id)
    return None not in links and links[0] != links[1]


def _fixed(why: str) -> Refused:
    return Refused("grades.line_items_fixed", "This LMS lets the tool make no column in its gradebook.", why)
