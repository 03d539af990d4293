"""A gate with a native school, people who have accounts there, and their browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.services.api.callers import Caller
from gateway.services.job_runs import JobRuns
from gateway.services.jobs import HEARD
from gateway.services.native.members import Member, NewMember
from gateway.services.native.orders import Made, NewOrder
from gateway.services.native.parts import Native
from gateway.services.native.visits import Browser
from gateway.store import Store
from gateway.store.applications import add_application
from gateway.store.orgs import Org, add_org
from gateway.work import work_of
from tests.support.launching import GATE, Launching, launching
from tests.support.oidc_world import an_application

PASSWORD = "seven purple herons"
_FORM_TOKEN = re.compile(r'name="form_token" value="(\w+)"')


@dataclass
class NativeWorld:
    """One native district with one school. The password of everybody is PASSWORD, hashed once."""

    world: Launching
    district: Org
    school: Org
    password_hash: str

    @property
    def native(self) -> Native:
        return self.world.gate.native

    @property
    def store(self) -> Store:
        return self.world.store

    def add_school(self, name: str, *, parent: Org | None = None) -> Org:
        """Make another school: of this district, or without a parent a tenant of its own."""
        at = self.world.clock()
        return add_org(self.store, name=name, type="school", parent=parent, actor="test", at=at)

    def add(self, username: str = "ann", role: str = "teacher", *, org: Org | None = None, **more: Any) -> Member:
        """Add somebody with an account."""
        org = org or self.school
        profile = {"given_name": username.title(), "family_name": "Example"}
        new = NewMember(org.sourced_id, role, username, self.password_hash, profile=profile, **more)
        with self.store.transaction() as connection:
            return self.native.members.add(connection, org.tenant_id, new, actor="test")

    def order(self, buyer: str = "office@elm.example", *, org: Org | None = None, **more: Any) -> Made:
        """Keep an order of the school's."""
        wanted: dict[str, Any] = {"expires_at": self.world.clock() + timedelta(days=365), **more}
        new = NewOrder(org=(org or self.school).sourced_id, buyer_email=buyer, **wanted)
        with self.store.transaction() as connection:
            return self.native.orders.add(Caller("test"), connection, new)

    def code(self, **more: Any) -> str:
        """Keep an order and return its access code."""
        code = self.order(**more).code
        assert code is not None
        return code

    def work(self) -> int:
        """Do what is due in the background, mails among it, once no queue is trusted to bring it any more."""
        self.world.clock.move(seconds=HEARD.total_seconds() + 1)
        return JobRuns(self.world.gate.jobs, work_of(self.world.gate)).run_due()

    def native_browser(self) -> Browser:
        """Return what services learn of a browser."""
        return Browser("192.0.2.7", "Firefox on Windows")

    def browser(self) -> FlaskClient:
        return self.world.browser()

    def sign_in(self, username: str = "ann", password: str = PASSWORD, **more: Any) -> tuple[FlaskClient, TestResponse]:
        """Send the sign-in form of a browser that was never here."""
        browser = self.browser()
        form = {"username": username, "password": password}
        return browser, browser.post("/sign-in", data=form, base_url=GATE, **more)

    def signed_in(self, username: str = "ann", password: str = PASSWORD) -> FlaskClient:
        """Return the browser of somebody who is signed in."""
        browser, answer = self.sign_in(username, password)
        assert answer.status_code == 303, answer.text
        return browser


def form_token(browser: FlaskClient, path: str = "/home") -> str:
    """Return what the forms of a browser's session carry."""
    found = _FORM_TOKEN.search(browser.get(path, base_url=GATE).text)
    assert found is not None
    return found[1]


def post(browser: FlaskClient, path: str, **form: str) -> TestResponse:
    """Send a form of a signed-in browser."""
    return browser.post(path, data={"form_token": form_token(browser), **form}, base_url=GATE)


def words(answer: TestResponse) -> str:
    """Return what a page says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@contextmanager
def native_world(database_url: str, **environment: Any) -> Iterator[NativeWorld]:
    """Yield a gate on a migrated database with one application and a native school."""
    with launching(database_url, joined=False, **environment) as world:
        at = world.clock()
        add_application(world.store, an_application(), at)
        district = add_org(world.store, name="Elm District", type="district", parent=None, actor="test", at=at)
        school = add_org(world.store, name="Elm School", type="school", parent=district, actor="test", at=at)
        yield NativeWorld(world, district, school, world.gate.native.passwords.hash(PASSWORD))
