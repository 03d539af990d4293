"""An operator at the console of a gate that an invited school wants to connect to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.services.connecting.connections import Connected, Origin
from gateway.services.connecting.links import Made
from gateway.services.joining import prepare
from tests.support.connecting import Inviting
from tests.support.launching import GATE, LMS

VALUES = {"issuer": LMS, "client_id": "client-1", "auth_login_url": f"{LMS}/auth", "key_set_url": f"{LMS}/jwks"}
ELSEWHERE = "https://keys.elsewhere.example/jwks"


@dataclass
class Consoling:
    """The operator's browser, and what the school does meanwhile."""

    school: Inviting

    def __post_init__(self) -> None:
        self.browser = self.school.browser()

    def link(self, name: str = "ann") -> str:
        """Return the path of a one-time link."""
        return f"/console/sign-in/{self.school.world.gate.operator_sessions.link(name, actor='cli:ann')}"

    def enter(self, path: str = "", browser: FlaskClient | None = None, **headers: str) -> TestResponse:
        """Press the button behind a link."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return (browser or self.browser).post(path or self.link(), base_url=GATE, headers=given)

    def get(self, path: str = "") -> TestResponse:
        return self.browser.get(f"/console{path}", base_url=GATE)

    @property
    def form_token(self) -> str:
        found = re.search(r'name="form_token" value="(\w+)"', self.get("/launches").text)
        assert found is not None
        return found[1]

    def post(self, path: str, /, *, form_token: str | None = None, **form: str) -> TestResponse:
        """Send a form of the console."""
        token = self.form_token if form_token is None else form_token
        return self.browser.post(f"/console{path}", data={**form, "form_token": token}, base_url=GATE)

    def ask(self, made: Made | None = None, **changes: Any) -> Connected:
        """Let the school ask for a connection whose keys are on another host."""
        made = made or self.school.invite()
        prepared = prepare(self.school.desk.rooms, "lti", {**VALUES, "key_set_url": ELSEWHERE, **changes})
        return self.school.desk.connections.connect(self.school.now(made), prepared, Origin("manual"))


def words(answer: TestResponse) -> str:
    """Return what a page says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
