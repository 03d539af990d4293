"""The tool we measure ourselves against: pylti1p3 and Flask, set up as its README does, nothing more."""

# pylti1p3 is partly annotated: its Flask part has no types at all.
# mypy: disable-error-code="attr-defined, no-untyped-call, no-any-return"

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.exception import LtiException, OIDCException
from pylti1p3.tool_config import ToolConfDict

from tests.bench import platform


class MemoryCache:
    """What Flask-Caching's in-memory cache offers pylti1p3, without its pickling: a gift to the peer."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[float, Any]] = {}

    def get(self, key: str) -> Any:
        expires, value = self._entries.get(key, (0.0, None))
        return value if expires > time.monotonic() else None

    def set(self, key: str, value: Any, timeout: float | None = None) -> None:
        self._entries[key] = (time.monotonic() + (timeout or 300), value)


def configuration(key_set_url: str, people: Iterable[int]) -> str:
    """The tool's settings for the bench's platform and the people who launch, as JSON for BENCH_PEER."""
    registrations = [
        {
            "client_id": client_id,
            "auth_login_url": platform.ISSUER + "/authorize",
            "auth_token_url": platform.ISSUER + "/token",
            "key_set_url": key_set_url,
            "key_set": None,
            "deployment_ids": [platform.DEPLOYMENT_ID],
        }
        for client_id in sorted({platform.client_id_of(person) for person in people})
    ]
    return json.dumps({platform.ISSUER: registrations})


def create_app() -> Flask:
    """BENCH_PEER holds the settings; with BENCH_PEER_CACHE=1 key sets are kept for two hours."""
    app = Flask(__name__)
    app.secret_key = os.urandom(32)
    tool_conf = ToolConfDict(json.loads(os.environ["BENCH_PEER"]))
    storage = FlaskCacheDataStorage(MemoryCache())
    keep_keys = os.environ.get("BENCH_PEER_CACHE") == "1"

    @app.route("/lti/login", methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        request = FlaskRequest()
        target = request.get_param("target_link_uri")
        return FlaskOIDCLogin(request, tool_conf, launch_data_storage=storage).redirect(target)

    @app.post("/lti/launch")
    def launch() -> ResponseReturnValue:
        message = FlaskMessageLaunch(FlaskRequest(), tool_conf, launch_data_storage=storage)
        if keep_keys:
            message.set_public_key_caching(storage, cache_lifetime=7200)
        data = message.get_launch_data()
        return f"<!doctype html><title>Welcome</title><p>{data['name']}, launch {message.get_launch_id()}</p>"

    @app.errorhandler(LtiException)
    @app.errorhandler(OIDCException)
    def refused(error: Exception) -> ResponseReturnValue:
        return jsonify(error=str(error)), 401

    return app
