"""Every quirk of a simulated OneRoster provider as one named switch; the defaults go by the book."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Page = Literal[
    "whole",
    "short",  # the last page lacks its second half, as when a proxy gives up
    "torn",  # its JSON ends in the middle
    "repeated",  # the first page comes again in place of the second
    "empty",  # {"users": []} for everything
    "empty_object",  # {} with status 200
    "bare_list",  # the list without its envelope
    "other_envelope",
    "null_envelope",
    "html",  # a sign-in page with status 200
    "error",  # an error's body with status 200
    "error_1_1",  # the same in 1.1's words
    "status_beside",  # a success report beside the records
    "marked",  # a byte order mark before and after
]


@dataclass(frozen=True)
class RosterSwitches:
    """How the provider behaves. `fault_in` is the collection that the faults of pages strike.

    An address below a class is named with its ids, or with a star for each: ``classes/*/students``.
    """

    # credentials
    auth: Literal["oauth2", "oauth1", "bearer"] = "oauth2"
    signature_methods: tuple[str, ...] = ("HMAC-SHA256", "HMAC-SHA1")
    client_auth: tuple[str, ...] = ("basic", "body")
    token_query: str = ""  # the token address tells applications apart by this query
    scope: str = ""  # a scope that must be asked for
    token_seconds: int | str | None = 3600
    token_dies_after: int = 0  # requests that a token is good for
    refuses_from: int = 0  # 401 from this request on, whatever the token
    # pages
    default_page: int = 100
    page_cap: int = 10_000  # silently
    count: Literal["right", "none", "high", "low", "first_page"] = "right"
    links: Literal["right", "none", "relative", "http", "other_host", "loop", "same", "cut"] = "right"
    beyond_the_end: Literal["empty", "400", "404"] = "empty"
    ignores_offset: bool = False
    # a record before the second page goes while it is read: once, for good; or it comes back for each first page
    shifts: Literal["", "once", "always"] = ""
    page: Page = "whole"
    fault_in: str = "enrollments"
    # load
    busy: tuple[tuple[int, str], ...] = ()  # (status, Retry-After) of the first answers
    bad_gateway_above: int = 0  # 502 for pages larger than this
    # what is there
    missing: dict[str, int] = field(default_factory=dict)  # collection or address below a class -> status
    forbidden: frozenset[str] = frozenset()
    filter: Literal["right", "ignored", "refused"] = "right"
    revision_changes: bool = False
    # how values are written
    version: Literal["1.1", "1.2"] = "1.2"
    booleans: Literal["text", "json", "upper", "digit"] = "text"
    status: Literal["lower", "upper", "missing", "inactive"] = "lower"
    modified: Literal["utc", "missing", "date", "local", "offset"] = "utc"
    references: Literal["whole", "bare", "ids", "null"] = "whole"
    nulls: bool = False  # null in place of empty lists and absent members
    shape: Literal["", "1.1", "1.2"] = ""  # users as the other version has them
    extensions: bool = False  # words of its own: ext:mentor, and one without "ext:"
