"""Callers of /api/v1: an application with its token, and an operator with a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from gateway.services.api.scopes import API_SCOPES
from gateway.services.operators.keys import OperatorKeys
from gateway.store.applications import add_application
from gateway.store.tables import audit
from tests.support.connecting import Inviting
from tests.support.launching import GATE
from tests.support.oidc_world import SECRET, an_application


@dataclass
class Calling:
    """A school at the gateway, and what programs do there."""

    school: Inviting

    def token(self, id: str = "reader", scope: str = "invites", **granted: Any) -> str:
        """Register an application that may use a scope; return a token of its own."""
        application = an_application(id, **{"api_scopes": (scope,), **granted})
        add_application(self.school.world.store, application, self.school.world.clock())
        return str(self.ask_token(id, scope)["access_token"])

    def ask_token(self, id: str, scope: str) -> dict[str, Any]:
        form = {"grant_type": "client_credentials", "scope": scope}
        answer = self.school.browser().post("/oauth2/token", data=form, auth=(id, SECRET), base_url=GATE)
        return dict(answer.get_json())

    def key(self, *scopes: str, days: int = 90) -> str:
        """Make an operator's key."""
        return self.keys.add(
            "nightly", scopes=scopes or list(API_SCOPES), expires_in=timedelta(days=days), actor="test"
        ).secret

    @property
    def keys(self) -> OperatorKeys:
        return OperatorKeys(self.school.world.store, self.school.world.clock)

    def call(self, method: str, path: str, secret: str | None, body: Any = None, **headers: str) -> TestResponse:
        """Call /api/v1PATH."""
        given = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"/api/v1{path}"
        return self.school.browser().open(address, method=method, json=body, headers=given, base_url=GATE)

    def invite(self, secret: str, **changes: Any) -> TestResponse:
        """Make an invite for the school."""
        return self.call("POST", "/invites", secret, {"orgSourcedId": self.school.org_id, **changes})

    def audited(self, action: str) -> list[tuple[str, str]]:
        """Return (actor, subject) of the audit's lines of one action."""
        return [(row["actor"], row["subject"]) for row in self.school.world.rows(audit) if row["action"] == action]


def said(answer: TestResponse) -> tuple[int, str]:
    """Return (status, code) of a refusal, which is problem+json."""
    assert answer.mimetype == "application/problem+json", answer.text
    problem = answer.get_json()
    assert (problem["status"], problem["detail"] != "") == (answer.status_code, True)
    return answer.status_code, problem["code"]
