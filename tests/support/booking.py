"""What an application does with its gradebook over HTTP, in a district that a roster brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from gateway.services.gradebook.operations import BASE, GRADEBOOK
from tests.support.providing import Providing


@dataclass
class Book:
    """An application's gradebook. `klass` and the students are those of one class."""

    world: Providing
    application: str
    scope: str = " ".join(GRADEBOOK.scopes)

    def __post_init__(self) -> None:
        self.token = self.world.token(self.scope, self.application)
        self.klass = self.world.id_of("s0-c0", "classes")
        self.school = self.world.id_of("s0", "orgs")

    def student(self, number: int = 0) -> str:
        """Return a student of the class."""
        rows = self.world.north.active("enrollments").values()
        found = sorted({str(row["user_sourced_id"]) for row in rows if self._is_member(row)})
        return found[number]

    def _is_member(self, row: dict[str, Any]) -> bool:
        return (row["class_sourced_id"], row["role"]) == (self.klass, "student")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        address = path if path.startswith("http") else f"{BASE}{path}"
        told = {"Authorization": f"Bearer {self.token}", **{name.replace("_", "-"): headers[name] for name in headers}}
        return self.world.client.open(address, method=method, json=body, headers=told)

    def one(self, path: str) -> dict[str, Any]:
        """Return the object at an address."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        ((_, found),) = answer.get_json().items()
        return dict(found)

    def ids(self, path: str) -> list[str]:
        """Return the ids of a collection."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        ((_, found),) = answer.get_json().items()
        return [str(each["sourcedId"]) for each in found]

    def item(self, id: str = "quiz", **changes: Any) -> TestResponse:
        """Put a line item with no more than an application must say."""
        told = {"title": "Quiz", "class": {"sourcedId": self.klass}, "resultValueMax": 10}
        return self.call("PUT", f"/lineItems/{id}", {"lineItem": told | changes})

    def result(self, id: str = "r", item: str = "quiz", **changes: Any) -> TestResponse:
        """Put a result, the first student's unless `changes` say otherwise."""
        told = {"lineItem": {"sourcedId": item}, "student": {"sourcedId": self.student()}, "score": 8}
        return self.call("PUT", f"/results/{id}", {"result": told | changes})
