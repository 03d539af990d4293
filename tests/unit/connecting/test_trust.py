"""Which addresses belong together."""

from __future__ import annotations

import pytest

from gateway.services.connecting.trust import host_of, origin_of, strange_hosts
from providers.contract import LtiEndpoints, Registration

VENDOR = Registration(asks=(), hosts=("*.cloud.example",))


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("https://LMS.example/a?b", "lms.example", "https://lms.example"),
        ("https://lms.example:443/", "lms.example", "https://lms.example"),
        ("https://lms.example:8443/", "lms.example:8443", "https://lms.example:8443"),
        ("http://lms.example/", "lms.example:80", "http://lms.example"),
        ("http://127.0.0.1:9001/", "127.0.0.1:9001", "http://127.0.0.1:9001"),
        ("nothing", "", "://"),
    ],
)
def test_hosts_and_origins(address: str, host: str, origin: str) -> None:
    assert (host_of(address), origin_of(address)) == (host, origin)


def _strange(issuer: str, *, login: str, keys: str, token: str | None, configuration: str | None = None) -> int:
    endpoints = LtiEndpoints(issuer, "1", login, keys, token)
    return len(strange_hosts(endpoints, VENDOR, configuration))


OWN, CLOUD, OTHER = "https://lms.school.example", "https://north.cloud.example", "https://evil.example"


@pytest.mark.parametrize(
    ("issuer", "login", "keys", "token", "configuration", "strange"),
    [
        (OWN, OWN, OWN, OWN, None, 0),
        (OWN, OWN, OWN, None, None, 0),
        ("http://lms.school.example", OWN, OWN, OWN, OWN, 0),  # behind a proxy it calls itself http
        (OWN, "http://lms.school.example", OWN, OWN, None, 1),
        (OWN, OWN, OWN, "https://auth.cloud.example", OWN, 0),  # its token service is the vendor's
        (CLOUD, "https://sso.cloud.example", "https://sso.cloud.example", CLOUD, None, 0),
        (CLOUD, CLOUD, CLOUD, CLOUD, "https://south.cloud.example", 0),
        (OWN, OWN, OTHER, OWN, None, 1),
        (CLOUD, OWN, OWN, OWN, None, 3),  # the vendor's shared issuer, run by a school itself
        (CLOUD, OWN, OWN, OWN, OWN, 1),
        (OTHER, OWN, OWN, OWN, OWN, 1),
        (CLOUD, CLOUD, CLOUD, CLOUD, OTHER, 1),  # a stranger's configuration that names the vendor's issuer
    ],
)
def test_what_proves_nothing_is_counted(
    issuer: str, login: str, keys: str, token: str | None, configuration: str | None, strange: int
) -> None:  # B3
    assert _strange(issuer, login=login, keys=keys, token=token, configuration=configuration) == strange
