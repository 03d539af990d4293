"""Every quirk of the simulated Clever as one named switch."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CleverSwitches:
    """How it behaves; the defaults go by Clever's own pages."""

    # signing in
    code_seconds: int = 60  # how long a code is good, once
    oidc: bool = False  # Clever's support enabled OpenID Connect: an ID token comes with the access token
    token_seconds: int = 3600  # how long an ID token is good
    email_verified: bool = False
    users_withheld: bool = False  # /users/{id} is not given to sign-ins: roles are in /userinfo alone
    roles_withheld: bool = False  # ... or the record comes without roles
    authorized_by: str = "district"  # "teacher": somebody took the application from the library
    unshared: frozenset[str] = frozenset()  # people whom the district does not share with the application
    drops_state: bool = False  # comes back without the state that it was given
    no_session: bool = False  # the browser has no session at Clever: its people sign in first
    sign_in_down: bool = False  # /oauth/tokens answers 503
    sign_in_page: bool = False  # /me is a web page
    blank_subject: bool = False
    blank_district: bool = False
    # who asks
    token_from: int = 0  # from the n-th request on the district's token is another one ...
    refuses_from: int = 0  # ... or every token is refused
    connected: bool = True  # False: the district has not accepted the application (any more)
    secure_sync: bool = True  # False: the token opens /districts alone
    # pages
    default_page: int = 100
    largest_page: int = 10000  # 413 above
    page_cap: int = 0  # gives fewer than were asked for, as a page that is too heavy
    counts: bool = False  # count=true adds the number of all
    per_minute: int = 1200  # above: 429 with an empty body
    busy: tuple[int, ...] = ()  # the first answers have these statuses
    heavy_above: int = 0  # 502 for larger pages
    page: str = "whole"  # "cut", "torn", "html", "error", "empty"
    # events
    events: bool = True
    events_days: int = 30
    previous_inside: bool = False  # previous_attributes stands inside data, as older pages have it
    # the district
    state: str = "success"  # "paused" in summer, "pending", "error"
    # its people and classes (each adds somebody or something odd)
    odd: frozenset[str] = field(default_factory=frozenset)


# What `odd` may name.
ODDITIES = (
    "section_without_teacher",
    "co_teachers",
    "student_in_two_schools",
    "contact_in_last_name",
    "empty_enumerations",
    "teacher_staff_and_admin",
    "email_without_at",
    "same_email_twice",
    "first_grader_without_email",
)
