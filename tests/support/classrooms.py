"""A native school with a teacher who is signed in, and short ways to what she does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.services.classes.code_text import shown
from gateway.services.classes.parts import Classrooms
from gateway.services.job_runs import JobRuns
from gateway.services.native.visits import Browser, Visitor
from gateway.store import Store
from gateway.store.orgs import Org
from gateway.work import work_of
from tests.support.launching import GATE
from tests.support.natives import PASSWORD, NativeWorld, form_token, native_world

PUPIL = {"givenName": "Bo", "familyName": "Berg", "username": "bo.berg", "password": PASSWORD}


@dataclass
class Rooms:
    """The world; `teacher` is signed in with `browser`."""

    natives: NativeWorld
    browser: FlaskClient

    @property
    def parts(self) -> Classrooms:
        return self.natives.world.gate.classrooms

    @property
    def store(self) -> Store:
        return self.natives.store

    @property
    def school(self) -> Org:
        return self.natives.school

    def visitor(self, username: str = "ann") -> Visitor:
        """Return somebody as the pages know them."""
        visits = self.natives.native.visits
        found = visits.visit(visits.sign_in(username, PASSWORD, Browser("127.0.0.9", "A browser")))
        assert found is not None
        return found

    def make_class(self, title: str = "Maths 5a", username: str = "ann") -> str:
        return self.parts.classes.make(self.visitor(username), self.school.sourced_id, title)

    def make_code(self, class_id: str, **more: Any) -> str:
        """Give a class a code and return it as it is shown."""
        visitor = self.visitor()
        self.parts.codes.make(visitor, class_id, **{"days": 14, "needs_approval": False, **more})
        code = self.parts.codes.newest(visitor.tenant_id, class_id)
        assert code is not None
        return shown(code.code)

    def get(self, path: str, browser: FlaskClient | None = None) -> TestResponse:
        return (browser or self.browser).get(path, base_url=GATE)

    def post(self, path: str, browser: FlaskClient | None = None, /, **form: Any) -> TestResponse:
        """Send a form of somebody who is signed in."""
        browser = browser or self.browser
        return browser.post(path, data={"form_token": form_token(browser), **form}, base_url=GATE)

    def join(self, code: str, browser: FlaskClient | None = None, **fields: str) -> TestResponse:
        """Make a student's account with a code."""
        browser = browser or self.natives.browser()
        return browser.post("/code/new", data={"code": code, **PUPIL, **fields}, base_url=GATE)

    def students(self, class_id: str) -> list[str]:
        """Return who is in a class."""
        classroom = self.parts.rights.classroom(self.visitor(), class_id)
        return [each.full_name for each in self.parts.classes.students(classroom)]

    def upload(self, data: bytes, name: str = "students.csv") -> str:
        """Upload a list and return the address of its page."""
        answer = self.post("/students/import", file=(BytesIO(data), name))
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def write(self, address: str) -> None:
        """Take the good rows of a list, and let a worker write them."""
        assert self.post(f"{address}/write").status_code == 303
        self.work()

    def work(self) -> None:
        """Let a worker do what waits."""
        gate = self.natives.world.gate
        JobRuns(gate.jobs, work_of(gate)).run_due()

    def counts(self, address: str) -> dict[str, int]:
        """Return how many rows of a list have which action."""
        found = self.parts.imports.find(self.visitor(), address.rpartition("/")[2])
        return dict(found.counts)

    def slips(self, address: str) -> list[tuple[str, str]]:
        """Return username and password of each slip that the password page shows."""
        page = self.post(f"{address}/passwords").text
        codes = re.findall(r"<code>([^<]+)</code>", page)
        return list(zip(codes[::2], codes[1::2], strict=True))


@contextmanager
def classrooms(database_url: str) -> Iterator[Rooms]:
    """Yield the world."""
    with native_world(database_url) as natives:
        natives.add("ann", "teacher")
        yield Rooms(natives, natives.signed_in("ann"))
