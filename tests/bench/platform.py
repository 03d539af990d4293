"""A stand-in for the LMS: RSA keys, a key-set server on a real socket, and tokens minted for any nonce."""

from __future__ import annotations

import base64
import json
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

ISSUER = "https://lms.bench.example"
CLIENT_IDS = 10_000_000_000_000
SUBJECTS = 10_000_000
FIRST, PER_CLASS, PER_REGISTRATION = 100, 25, 100
DEPLOYMENT_ID = "1:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"
_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
_INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"


def client_id_of(person: int) -> str:
    """The registration that a person launches through: one issuer, a client id for each hundred people."""
    return str(CLIENT_IDS + person // PER_REGISTRATION)


class KeySetServer:
    """Serves a key set from a process of its own, `delay` seconds away, and counts its callers."""

    def __init__(self, key_set: dict[str, Any], delay: float) -> None:
        self._hits: Synchronized[int] = multiprocessing.Value("i", 0)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_KeySetHandler, key_set, delay, self._hits))
        self.url = f"http://127.0.0.1:{server.server_port}/jwks"
        self._process = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
        self._process.start()
        server.socket.close()

    @property
    def hits(self) -> int:
        """Requests answered so far."""
        return int(self._hits.value)

    def close(self) -> None:
        self._process.kill()
        self._process.join()


class Platform:
    """One LMS with one key, whose key set can be had near by and from `far` seconds away."""

    def __init__(self, far: float = 0.05, key_id: str = "bench-1") -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._header = _encode({"alg": "RS256", "typ": "JWT", "kid": key_id})
        self.key_set = {"keys": [_public_jwk(self._key.public_key(), key_id)]}
        self.near, self.far = KeySetServer(self.key_set, 0), KeySetServer(self.key_set, far)

    def mint(self, nonces: Sequence[str], people: Sequence[int], target_link_uri: str) -> list[str]:
        """One signed id_token per nonce; signing uses both cores and is never part of a timed phase."""
        claims = [launch_claims(person, nonce, target_link_uri) for nonce, person in zip(nonces, people, strict=True)]
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(self.sign, claims))

    def sign(self, claims: dict[str, Any]) -> str:
        signing_input = self._header + b"." + _encode(claims)
        signature = self._key.sign(signing_input, padding.PKCS1v15(), SHA256())
        return (signing_input + b"." + _base64url(signature)).decode()

    def close(self) -> None:
        self.near.close()
        self.far.close()


def launch_claims(person: int, nonce: str, target_link_uri: str) -> dict[str, Any]:
    """A resource link launch of ordinary size, one class of 25 people after the other."""
    course = person // PER_CLASS
    teacher = person % PER_CLASS == 0
    now = int(time.time())
    return {
        "iss": ISSUER,
        "aud": client_id_of(person),
        "azp": client_id_of(person),
        "sub": f"user-{SUBJECTS + person}",
        "iat": now,
        "exp": now + 600,
        "nonce": nonce,
        "name": f"Given{person} Family{person}",
        "given_name": f"Given{person}",
        "family_name": f"Family{person}",
        "email": f"user{person}@school.example",
        "locale": "en",
        _LTI + "message_type": "LtiResourceLinkRequest",
        _LTI + "version": "1.3.0",
        _LTI + "deployment_id": DEPLOYMENT_ID,
        _LTI + "target_link_uri": target_link_uri,
        _LTI + "resource_link": {"id": f"link-{course}", "title": f"Lesson of class {course}"},
        _LTI + "context": {
            "id": f"course-{course}",
            "label": f"M{course}",
            "title": f"Mathematics {course}",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
        },
        _LTI + "roles": [
            _MEMBERSHIP + ("Instructor" if teacher else "Learner"),
            _INSTITUTION + ("Instructor" if teacher else "Student"),
            "http://purl.imsglobal.org/vocab/lis/v2/system/person#User",
        ],
        _LTI + "tool_platform": {"guid": "bench.lms", "name": "Bench", "product_family_code": "bench"},
        _LTI + "launch_presentation": {
            "document_target": "iframe",
            "return_url": ISSUER + "/return",
            "locale": "en",
        },
        _LTI + "lis": {"person_sourcedid": f"SIS{person}", "course_offering_sourcedid": f"C{course}"},
        _LTI + "custom": {"lesson": str(course), "due": "$ResourceLink.submission.endDateTime"},
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": f"{ISSUER}/api/lti/courses/{course}/names_and_roles",
            "service_versions": ["2.0"],
        },
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": [
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            ],
            "lineitems": f"{ISSUER}/api/lti/courses/{course}/line_items",
        },
    }


class _KeySetHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, key_set: Any, delay: float, hits: Synchronized[int], *args: Any) -> None:
        self._body, self._delay, self._hits = json.dumps(key_set).encode(), delay, hits
        super().__init__(*args)

    def do_GET(self) -> None:
        with self._hits.get_lock():
            self._hits.value += 1
        time.sleep(self._delay)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Content-Length", str(len(self._body)))
        self.end_headers()
        self.wfile.write(self._body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal belongs to the results."""


def _public_jwk(key: rsa.RSAPublicKey, key_id: str) -> dict[str, str]:
    numbers = key.public_numbers()
    modulus, exponent = (
        _base64url(n.to_bytes((n.bit_length() + 7) // 8, "big")).decode() for n in (numbers.n, numbers.e)
    )
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": key_id, "n": modulus, "e": exponent}


def _encode(document: dict[str, Any]) -> bytes:
    return _base64url(json.dumps(document, separators=(",", ":")).encode())


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
