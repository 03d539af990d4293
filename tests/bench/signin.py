"""The application's half of a launch, as any OpenID Connect client speaks it: authorize, token, userinfo."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.bench.gateway import REDIRECT_URI, Gateway
from tests.bench.load import Pump, Reply, get, post
from tests.bench.processes import cpu_seconds
from tests.bench.rounds import Round, expect


def finish(gateway: Gateway, launched: Round, at_once: int) -> Round:
    """Sign in everybody whose launch just landed (within the hint's minute); CPU of the gateway alone."""
    target = gateway.target
    result = Round(launches=launched.launches)
    hits = target.key_sets.hits
    pump = Pump(("127.0.0.1", target.port), at_once)
    cpu, database = cpu_seconds(target.pid), target.database_cpu()
    clock = time.perf_counter()
    verifiers = [secrets.token_urlsafe(32) for _ in launched.landings]
    asked = [asking(gateway, url, v) for url, v in zip(launched.landings, verifiers, strict=True)]
    codes = _drive(pump, asked, 302, 303)
    tokens = _drive(pump, [exchanging(gateway, r, v) for r, v in zip(codes, verifiers, strict=True)], 200)
    people = _drive(pump, [_userinfo(gateway, reply) for reply in tokens], 200)
    result.wall = time.perf_counter() - clock
    result.cpu, result.database_cpu = cpu_seconds(target.pid) - cpu, target.database_cpu() - database
    pump.close()
    result.outbound = target.key_sets.hits - hits
    result.latencies = [a.seconds + b.seconds + c.seconds for a, b, c in zip(codes, tokens, people, strict=True)]
    return result


def _drive(pump: Pump, requests: Sequence[bytes], *statuses: int) -> list[Reply]:
    replies = pump.drive(requests)
    expect(replies, frozenset(statuses))
    return replies


def asking(gateway: Gateway, landing: str, verifier: str) -> bytes:
    query = {
        "response_type": "code",
        "client_id": gateway.client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid profile email",
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"="),
        "code_challenge_method": "S256",
        "login_hint": parse_qs(urlsplit(landing).query)["login_hint"][0],
    }
    return get("/oauth2/authorize?" + urlencode(query), host=gateway.target.host)


def exchanging(gateway: Gateway, authorized: Reply, verifier: str) -> bytes:
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(authorized.header("Location") or "").query)["code"][0],
        "redirect_uri": REDIRECT_URI,
        "code_verifier": verifier,
    }
    basic = base64.b64encode(f"{gateway.client_id}:{gateway.client_secret}".encode()).decode()
    return post("/oauth2/token", form, host=gateway.target.host, Authorization=f"Basic {basic}")


def _userinfo(gateway: Gateway, reply: Reply) -> bytes:
    token = json.loads(reply.body)["access_token"]
    return get("/oauth2/userinfo", host=gateway.target.host, Authorization=f"Bearer {token}")
