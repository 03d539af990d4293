"""The quirks of a platform's services (tokens, class members, gradebook), each a named switch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ServiceSwitches:
    """How the services behave; the defaults go by the book."""

    names_roles: bool = True  # False: the launch names no member list
    grades: bool = True  # False: the launch names no gradebook
    services_user_agent_needed: bool = False  # 403 for a caller of tokens, members or grades without User-Agent
    key_set_blocked: bool = False  # the platform may not fetch the tool's keys (a guard against private addresses)
    link_header: str = "Link"  # the header's name, as the platform spells it
    # access tokens
    access_token_seconds: int | None = 3600  # None: expires_in is missing
    access_scopes: tuple[str, ...] | None = None  # grants only these, whatever is asked for
    token_type: str = "Bearer"  # noqa: S105 - some say "bearer"
    assertion_audience: str = ""  # what `aud` must be; "" is the token address
    assertion_audience_kind: Literal["any", "text", "list"] = "any"
    assertion_deployment: bool = False  # the assertion must name the deployment
    # class members
    members_page: int = 50  # members a page when nothing is asked for
    members_most: int = 1000  # ... and however many are asked for
    members_next: Literal["book", "relative", "unquoted", "typographic", "loop", "again"] = "book"
    members_short_roles: bool = False
    members_differences: bool = False
    members_rlid: bool = True  # False: asked for a link, it tells no more than otherwise
    members_status: bool = True  # False: leaves "Active" out
    members_envelope: bool = True  # False: an answer of 200 without a member list in it
    members_url_query: str = ""  # a query that the address brings along
    # course groups
    groups: bool = False  # offers the Course Groups Service
    group_sets: bool = True  # ... with sets
    groups_page: int = 50
    groups_of_members: bool = True  # False: members don't say which groups they are in
    # notices
    notices: bool = False  # offers the Platform Notification Service
    notice_types: tuple[str, ...] = ("LtiHelloWorldNotice", "LtiContextCopyNotice")
    notice_catalogue: bool = False  # answers a registered handler with the list of all of them
    notice_origins: Literal["list", "none", "objects"] = "list"  # how a copy's notice tells where it came from
    # gradebook
    grades_scopes: tuple[str, ...] = ("lineitem", "lineitem.readonly", "result.readonly", "score")
    line_item_of_link: bool = True  # False: the launch names no line item of its link
    line_items_filter: bool = True  # False: leaves filters unheard
    line_items_page: int = 50
    line_item_query: str = ""  # a query in each line item's address
    line_item_links: Literal["any", "own", "none"] = "any"  # which resourceLinkId it takes: else 404
    score_older: tuple[int, str] = (409, "")  # a timestamp that is not later
    score_unknown_student: tuple[int, str] = (404, "User not found in course")
    score_ended: tuple[int, str] = (403, "This course has concluded")
    score_fraction_needed: bool = True  # refuses timestamps without parts of a second
    score_comment_needed: bool = False  # refuses a score that lacks a comment; a blank one will do
    score_only_graded: bool = False  # leaves scoreGiven unheard unless FullyGraded
    course_ended: bool = False
    results_without_comment: bool = False
    results_of_one_without_comment: bool = False  # ... only where one student's are asked for
