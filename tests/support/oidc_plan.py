"""What a client under the OpenID Foundation's test plans does at the provider: authorize, exchange, ask who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.services.oidc.userinfo import userinfo
from gateway.services.oidc.wire import Answer, Incoming
from tests.support.oidc_world import CALLBACK, World, an_application, read_id_token, returned


@dataclass
class Plan:
    """A plan over one response mode; the person comes by a launch, whose hint every request carries."""

    world: World
    mode: str

    def authorize(self, **changes: str | None) -> Answer:
        """Ask as the plan does, but for these changes."""
        mode = {} if self.mode == "query" else {"response_mode": self.mode}
        if "login_hint" not in changes:
            changes["login_hint"] = self.world.arrive(an_application())
        return self.world.authorize(**{**mode, **changes})

    def answered(self, answer: Answer) -> dict[str, str]:
        """Return the parameters that the client is sent, by whichever mode."""
        if self.mode == "query":
            return returned(answer)
        assert answer.form is not None, answer
        assert (answer.status, answer.location, answer.form[0]) == (200, None, CALLBACK)
        return dict(answer.form[1])

    def code(self, **changes: str | None) -> str:
        """Return a code."""
        return self.answered(self.authorize(**changes))["code"]

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        """Return a token answer."""
        answer = self.world.exchange(self.code(**changes))
        assert answer.status == 200, answer
        return dict(answer.body or {})

    def claims(self, **changes: str | None) -> dict[str, Any]:
        """Return the claims of the ID token that a request brings."""
        return read_id_token(self.tokens(**changes)["id_token"])

    def person(self, token: str, method: str = "GET", *, in_body: bool = False) -> dict[str, Any]:
        """Return what the userinfo endpoint says."""
        values = {"access_token": [token]} if in_body else {}
        answer = userinfo(self.world.house, Incoming(method, values, None if in_body else f"Bearer {token}"))
        assert answer.status == 200, answer
        return dict(answer.body or {})
