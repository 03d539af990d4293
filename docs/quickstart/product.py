"""A product behind Schoolgate: one sign-in, one roster page, one grade. Needs authlib and httpx."""

from __future__ import annotations

import json
import os
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet

GATEWAY = os.environ["GATEWAY"]
CLIENT = {"client_id": os.environ["CLIENT_ID"], "client_secret": os.environ["CLIENT_SECRET"]}
PORT = int(os.environ.get("PORT", "8765"))
OWN_URL = os.environ.get("OWN_URL", f"http://localhost:{PORT}")
ROSTER, GRADES = f"{GATEWAY}/ims/oneroster/rostering/v1p2", f"{GATEWAY}/ims/oneroster/gradebook/v1p2"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"

metadata: dict[str, Any] = httpx.get(f"{GATEWAY}/.well-known/openid-configuration").json()
started: dict[str, dict[str, str]] = {}  # state -> nonce and PKCE verifier; a real product keeps these in the session


def login(query: dict[str, str]) -> tuple[int, Any]:
    """Begin the sign-in, because the gateway sent the browser here."""
    if query.get("iss") != GATEWAY:
        return 400, "not our gateway"
    nonce, verifier = secrets.token_urlsafe(16), generate_token(48)
    client = OAuth2Client(
        **CLIENT, scope="openid profile", redirect_uri=f"{OWN_URL}/callback", code_challenge_method="S256"
    )
    address, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce, login_hint=query.get("login_hint", "")
    )
    started[state] = {"nonce": nonce, "verifier": verifier}
    return 303, address


def callback(query: dict[str, str]) -> tuple[int, Any]:
    """Exchange the code, check the ID token, and say who came."""
    begun = started.pop(query.get("state", ""), None)
    if begun is None or query.get("iss") != GATEWAY or "code" not in query:
        return 400, query.get("error_description", "this sign-in was not begun here")
    client = OAuth2Client(**CLIENT, redirect_uri=f"{OWN_URL}/callback")
    tokens = client.fetch_token(metadata["token_endpoint"], code=query["code"], code_verifier=begun["verifier"])
    keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"]).json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    must = {"iss": GATEWAY, "aud": CLIENT["client_id"], "nonce": begun["nonce"]}
    jwt.JWTClaimsRegistry(**{name: {"essential": True, "value": value} for name, value in must.items()}).validate(
        claims
    )
    return 200, {name: claims.get(name) for name in ("sub", "name", f"{LTI}context", f"{LTI}roles")}


def machine() -> OAuth2Client:
    """Return an HTTP client with a token for the application itself."""
    client = OAuth2Client(**CLIENT)
    client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    return client


def roster(_query: dict[str, str]) -> tuple[int, Any]:
    """Show the first page of people."""
    answer = machine().get(f"{ROSTER}/users", params={"limit": 10, "filter": "status='active'", "sort": "familyName"})
    return answer.status_code, {"total": answer.headers["X-Total-Count"], **answer.json()}


def grade(query: dict[str, str]) -> tuple[int, Any]:
    """Hand in a grade, and say what became of it."""
    client, item = machine(), {"title": "First quiz", "class": {"sourcedId": query["class"]}, "resultValueMax": 10}
    client.put(f"{GRADES}/lineItems/quiz-1", json={"lineItem": item}).raise_for_status()
    result = {
        "lineItem": {"sourcedId": "quiz-1"},
        "student": {"sourcedId": query["student"]},
        "score": float(query["score"]),
    }
    address = f"{GRADES}/results/quiz-1.{query['student']}"
    client.put(address, json={"result": result}).raise_for_status()
    return 200, client.get(address).json()["result"]


PAGES = {"/login": login, "/callback": callback, "/roster": roster, "/grade": grade}


class Pages(BaseHTTPRequestHandler):
    """Answers each page as JSON, or sends the browser on."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        page = PAGES.get(parts.path)
        status, told = page(dict(parse_qsl(parts.query))) if page else (404, "no such page")
        self.send_response(status)
        if status == 303:
            self.send_header("Location", told)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", PORT), Pages).serve_forever()
