"""What an administrator fills in for a OneRoster REST provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from providers.contract import setting


@dataclass(frozen=True, slots=True)
class OneRosterSettings:
    """`client_id` and `client_secret` are the consumer key and secret under OAuth 1; a bearer token is the secret."""

    base_url: str = setting(
        "Base URL",
        help="The address of the OneRoster API; its /ims/oneroster/… part is found when it is left out.",
        kind="url",
        example="https://sis.school.example/ims/oneroster/rostering/v1p2",
    )
    client_secret: str = setting("Client secret", help="The secret, consumer secret or bearer token.", secret=True)
    client_id: str = setting(
        "Client ID",
        help="The client id or consumer key; a bearer token needs none.",
        default="",
        example="schoolgate-01",
    )
    auth: Literal["oauth2", "oauth1-sha256", "oauth1-sha1", "bearer"] = setting(
        "Signing in",
        help="OAuth 2 client credentials, OAuth 1.0a (SHA-1 stands in where SHA-256 is refused), or a fixed token.",
        kind="choice",
        choices=("oauth2", "oauth1-sha256", "oauth1-sha1", "bearer"),
        default="oauth2",
    )
    token_url: str = setting(
        "Token URL",
        help="Where OAuth 2 tokens are given out; a query in it is kept.",
        kind="url",
        default="",
        example="https://sis.school.example/oauth2/token?appName=schoolgate",
    )
    scope: str = setting(
        "Scope",
        help="OAuth 2 scopes separated by spaces; leave it empty unless the provider names some.",
        default="",
        example="https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly",
    )
    client_auth: Literal["auto", "basic", "body"] = setting(
        "Credentials go",
        help="In a header (basic), in the body, or one after the other until one is taken (auto).",
        kind="choice",
        choices=("auto", "basic", "body"),
        default="auto",
    )
    version: Literal["auto", "1.1", "1.2"] = setting(
        "Version",
        help="OneRoster's version; auto asks for 1.2 first.",
        kind="choice",
        choices=("auto", "1.1", "1.2"),
        default="auto",
    )
    page_size: int = setting(
        "Page size",
        help="Records asked for at once; it shrinks by itself where the provider can't serve that many.",
        kind="number",
        default=1000,
        minimum=10,
        maximum=50_000,
    )
    user_endpoints: Literal["users", "students_and_teachers"] = setting(
        "Users come from",
        help="The users collection, or students and teachers where the provider has no such collection.",
        kind="choice",
        choices=("users", "students_and_teachers"),
        default="users",
    )
    enrollment_endpoints: Literal["enrollments", "classes"] = setting(
        "Enrollments come from",
        help="The enrollments collection, or each class's students and teachers where the provider has no such "
        "collection. Don't change it later: the two name enrollments differently.",
        kind="choice",
        choices=("enrollments", "classes"),
        default="enrollments",
    )
