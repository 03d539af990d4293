"""The smallest application worth serving: Flask reads a form and verifies one RS256 token, nothing else."""

from __future__ import annotations

import base64
import json
import os

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask, request


def create_app() -> Flask:
    """The key comes as one JSON Web Key in BENCH_JWK; GET / answers at once, GET /slow after a second."""
    app = Flask(__name__)
    key = _public_key(json.loads(os.environ["BENCH_JWK"]))

    @app.post("/verify")
    def verify() -> dict[str, str]:
        signing_input, _, signature = request.form["id_token"].rpartition(".")
        key.verify(_bytes(signature), signing_input.encode(), padding.PKCS1v15(), SHA256())
        return {"sub": json.loads(_bytes(signing_input.partition(".")[2]))["sub"]}

    @app.get("/slow")
    def slow() -> str:
        import time

        time.sleep(1)
        return "done"

    @app.get("/")
    def alive() -> dict[str, int]:
        return {"pid": os.getpid()}

    return app


def _public_key(jwk: dict[str, str]) -> rsa.RSAPublicKey:
    modulus, exponent = (int.from_bytes(_bytes(jwk[name]), "big") for name in ("n", "e"))
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
