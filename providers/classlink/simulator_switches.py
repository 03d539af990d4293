"""Every quirk of the simulated ClassLink as one named switch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from providers.kit.simulator.roster_switches import Page, RosterSwitches


@dataclass(frozen=True)
class ClassLinkSwitches:
    """How it behaves; the defaults go by what ClassLink documents or integrators saw."""

    # signing in
    echoes_response_type: bool = True  # comes back with response_type=code beside the code
    code_seconds: int = 300  # how long a code is good, once
    client_auth: tuple[str, ...] = ("body",)  # where the secret may be; its discovery document lists "basic", too
    consent: bool = False  # asks once whether the application may know who it is
    id_token: bool = True
    id_token_seconds: int = 86400
    id_token_of: int = 0  # the ID token is about this UserId in place of who came
    email_verified: bool = False
    blank_sourced_id: bool = False  # the district has no Roster Server: SourcedId is "" for everybody
    org_id: Literal["text", "list"] = "text"  # "" or ["5678"]
    role: Literal["text", "list", "commas"] = "text"  # how several roles are written; "text" has the first alone
    drops_state: bool = False  # comes back without the state that it was given
    no_session: bool = False  # the browser has no session at LaunchPad: its people sign in first
    sign_in_down: bool = False  # the token endpoint answers 503
    sign_in_page: bool = False  # /v2/my/info is a web page
    blank_subject: bool = False  # ... or has neither SourcedId nor UserId
    blank_tenant: bool = False
    # applications
    other_rows: int = 3  # how many other tenants are listed before ours; 100 come at once
    page_honoured: bool = True  # False: limit and offset change nothing
    prefixes: tuple[str, ...] = ("short", "published")  # which of the proxy's two paths there are
    bearer_from: int = 0  # from the n-th request on a tenant's bearer is another one ...
    refuses_from: int = 0  # ... or every request is refused
    server_told: bool = True  # /applications/ID/server says endpoint, key and secret
    # the Roster Server
    signature_methods: tuple[str, ...] = ("HMAC-SHA256", "HMAC-SHA1")
    booleans: Literal["text", "json", "upper", "digit"] = "text"
    references: Literal["whole", "bare", "ids", "null"] = "whole"  # hrefs lead to the district's own host
    page: Page = "whole"  # "error": 200 with an error's body; "bare_list": no envelope
    fault_in: str = "enrollments"
    page_cap: int = 10_000
    totals: bool = True  # False: x-count, the rows of the page, comes without x-total-count
    perm_rev: Literal["steady", "absent", "changes"] = "steady"  # the header x-perm-rev
    moves_at: int = 0  # at the n-th request somebody is renamed, an enrollment goes, and x-perm-rev is another
    busy: tuple[tuple[int, str], ...] = ()  # (status, Retry-After) of the first answers
    bad_gateway_above: int = 0  # 502 for pages larger than this
    teachers_in_students: bool = False  # /students holds teachers, too
    unenrolled: bool = True  # False: people without a class are left out, administrators among them
    filter: Literal["right", "ignored", "refused"] = "right"  # what was purged is in no answer to it
    # its people and classes (each adds somebody or something odd)
    odd: frozenset[str] = field(default_factory=frozenset)

    def of_server(self) -> RosterSwitches:
        """Return how the Roster Server itself behaves behind proxy and signature."""
        return RosterSwitches(
            auth="bearer",
            version="1.1",
            links="none",
            count="right" if self.totals else "none",
            booleans=self.booleans,
            references=self.references,
            page=self.page,
            fault_in=self.fault_in,
            page_cap=self.page_cap,
            busy=self.busy,
            refuses_from=self.refuses_from,
            bad_gateway_above=self.bad_gateway_above,
            filter=self.filter,
        )


# What `odd` may name.
ODDITIES = (
    "pipe_and_slash",
    "case_variants",
    "leading_zeros",
    "id_like_a_user_id",
    "to_be_deleted",
    "homeroom",
    "duplicate_titles",
    "teacher_and_parent",
    "custom_role",
)
