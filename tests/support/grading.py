"""A class whose application hands in grades, and the worker that sends them, on a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from gateway.services.grade_sending import WORK, GradeSending
from gateway.services.gradebook.operations import BASE
from gateway.services.jobs import Job
from gateway.store.tables import resource_links, scores, users
from providers.kit.simulator.gradebook import Written
from tests.support.classes import Classroom
from tests.support.oidc_world import SECRET

SCOPES = "https://purl.imsglobal.org/spec/or/v1p2/scope/gradebook."


@dataclass
class Grading:
    """What the application does over HTTP, and what the LMS then has."""

    room: Classroom
    application: str = "app"

    def __post_init__(self) -> None:
        self.client = self.room.world.app.test_client()
        self.token = self.ask_token()["access_token"]

    def ask_token(
        self, scope: str = f"{SCOPES}createput {SCOPES}readonly {SCOPES}delete", secret: str = SECRET
    ) -> dict[str, Any]:
        form = {"grant_type": "client_credentials", "scope": scope}
        answer = self.client.post("/oauth2/token", data=form, auth=(self.application, secret))
        return dict(answer.get_json())

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.client.open(f"{BASE}{path}", method=method, json=body, headers=headers)

    def put_item(self, id: str = "quiz-1", link: bool = False, **changes: Any) -> Any:
        """Put a line item of the class, on its link if wished."""
        metadata = {"lti_resource_link": self.room.world.rows(resource_links)[0]["id"]} if link else {}
        item = {"title": "Quiz", "class": {"sourcedId": self.room.class_id}, "resultValueMax": 10, "metadata": metadata}
        return self.call("PUT", f"/lineItems/{id}", {"lineItem": item | changes})

    def student(self, name: str = "Okafor") -> str:
        people = self.room.world.rows(users)
        return next(str(row["sourced_id"]) for row in people if row["family_name"] == name)

    def put(self, score: float | None = 8, id: str = "r-1", item: str = "quiz-1", **changes: Any) -> Any:
        """Put a result of Sam's."""
        student = changes.pop("student", None) or self.student()
        result = {"lineItem": {"sourcedId": item}, "student": {"sourcedId": student}, "score": score}
        return self.call("PUT", f"/results/{id}", {"result": result | changes})

    def result(self, id: str = "r-1") -> dict[str, Any]:
        return dict(self.call("GET", f"/results/{id}").get_json()["result"])

    def sending(self) -> GradeSending:
        return replace(self.room.world.gate.grade_sending, lot=lambda: 1.0)

    def send(self, class_id: str | None = None) -> float | None:
        """Let the worker send what is due now; return when it wants to go on."""
        again: float | None = 0
        while again == 0:
            job = Job("job", WORK, {"class": class_id or self.room.class_id}, 1, lambda: False)
            again = self.sending().work(job)
        return again

    def send_all(self) -> timedelta:
        """Send until nothing waits, moving the clock over each pause; return how long that took on the clock."""
        began = self.room.world.clock()
        while (pause := self.send()) is not None:
            self.room.world.clock.move(seconds=pause)
        return self.room.world.clock() - began

    @property
    def written(self) -> list[Written]:
        return self.room.platform.services.gradebook.written

    def states(self) -> list[tuple[str, str | None]]:
        rows = sorted(self.room.world.rows(scores), key=lambda row: row["id"])
        return [(row["state"], row["reason"]) for row in rows]
