"""A simulated Canvas's consent page: an administrator lets an API key act for them, once.

https://canvas.instructure.com/doc/api/file.oauth_endpoints.html
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Flask, Response, request
from markupsafe import escape

if TYPE_CHECKING:
    from providers.canvas.simulator_api import CanvasApi

PATH: Final = "/login/oauth2/auth"
REDIRECT: Final = "https://gateway.example/canvas"  # as it is registered with the key


class Consent:
    """Codes that were given and not yet redeemed: each is good once, for the address that asked."""

    def __init__(self, api: CanvasApi, key: str) -> None:
        self._api, self._key = api, key
        self._codes: dict[str, str] = {}

    def ask(self, asked: Mapping[str, str]) -> Response:
        """Show the page; an address that is not registered is never gone to."""
        if asked.get("client_id") != self._key or asked.get("response_type") != "code":
            return Response("unknown client_id or response_type", 400)
        if asked.get("redirect_uri") != REDIRECT:
            return Response("redirect_uri does not match client settings", 400)
        if not self._api.switches.key_on:
            return self._back(asked, error="unauthorized_client")
        if self._api.switches.scoped_key and not asked.get("scope"):
            return self._back(asked, error="invalid_scope")
        hidden = "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in asked.items())
        buttons = "".join(f'<button name="answer" value="{each}">{each}</button>' for each in ("Authorize", "Cancel"))
        head = "<!doctype html><title>Authorize</title><h1>May it use your account?</h1>"
        return Response(f"{head}<form method=post>{hidden}{buttons}</form>", mimetype="text/html")

    def answer(self, form: Mapping[str, str]) -> Response:
        """Send the administrator back with what they said."""
        if form.get("redirect_uri") != REDIRECT:
            return Response("redirect_uri does not match client settings", 400)
        if form.get("answer") != "Authorize":
            return self._back(form, error="access_denied")
        code = secrets.token_hex(8)
        self._codes[code] = form["redirect_uri"]
        return self._back(form, code=code)

    def redeem(self, form: Mapping[str, str]) -> bool:
        """Return whether a code is good, and use it up."""
        return self._codes.pop(form.get("code", ""), None) == form.get("redirect_uri", "")

    @staticmethod
    def _back(asked: Mapping[str, str], **told: str) -> Response:
        state = {"state": asked["state"]} if asked.get("state") else {}
        return Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(told | state)}"})


def add_consent(app: Flask, consent: Consent) -> None:
    """Serve the page."""
    app.add_url_rule(PATH, "consent", lambda: consent.ask(request.args.to_dict()))
    app.add_url_rule(PATH, "consented", lambda: consent.answer(request.form.to_dict()), methods=["POST"])
