"""A system with rosters and no launches: the wizard shows what a worker found, and turns green on a good preview."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

import pytest
from werkzeug.test import TestResponse

from gateway.services.job_runs import JobRuns
from gateway.store.rosters.runs import list_runs
from gateway.store.tables import users
from gateway.work import work_of
from providers.kit.simulator.roster_app import create_roster_app
from providers.kit.simulator.roster_auth import CLIENT_ID, CLIENT_SECRET
from providers.kit.simulator.roster_provider import TOKEN_PATH, SimulatedRosterProvider
from providers.kit.simulator.serving import running
from tests.support.connecting import Inviting, RecordedHttp
from tests.support.key_stores import Clock
from tests.support.launching import GATE, launching


@dataclass
class Looking:
    """A school whose system has rosters, and its administrator's browser."""

    school: Inviting
    base: str
    provider: SimulatedRosterProvider

    def __post_init__(self) -> None:
        self.made = self.school.invite(provider="oneroster")
        self.browser = self.school.browser(self.made)

    def get(self, path: str = "/connect/waiting") -> TestResponse:
        return self.browser.get(path, base_url=GATE)

    def words(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.get().text)).split())

    def fill_in(self, **changes: str) -> TestResponse:
        form = {
            "base_url": self.base,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "token_url": f"{self.base}{TOKEN_PATH}",
            "auth": "oauth2",
            **changes,
        }
        return self.post("/connect/with/oneroster", **form)

    def post(self, path: str, **form: str) -> TestResponse:
        page = self.get("/connect/with/oneroster")
        page = page if page.status_code == 200 else self.get()
        token = re.search(r'name="form_token" value="(\w+)"', page.text)
        assert token is not None
        return self.browser.post(path, data={**form, "form_token": token[1]}, base_url=GATE)

    def work(self) -> None:
        """Let a worker do what waits, half a minute later: then it is found without the queue."""
        self.school.world.clock.move(seconds=31)
        JobRuns(self.school.world.gate.jobs, work_of(self.school.world.gate)).run_due()


@pytest.fixture
def looking(database_url: str) -> Iterator[Looking]:
    provider = SimulatedRosterProvider()
    clock = Clock()
    clock.time = datetime.now(UTC)
    with running(lambda _base: create_roster_app(provider)) as base:
        host = base.removeprefix("http://")
        with launching(database_url, clock=clock, joined=False, SCHOOLGATE_ALLOW_HOSTS=host) as world:
            yield Looking(Inviting(world, RecordedHttp(), world.add_org()), base, provider)


def test_the_page_turns_green_on_the_first_good_preview(looking: Looking) -> None:
    assert looking.fill_in().location == "/connect/waiting"
    assert "Looking at your system…" in looking.words()
    looking.work()
    shown = looking.words()
    assert "It works" in shown
    assert re.search(r"A first reading, as a preview: [\d,]+ orgs, [\d,]+ classes, [\d,]+ users", shown)
    assert looking.school.now(looking.made).connected_at is not None
    (run,) = list_runs(looking.school.world.store)
    assert (run.status, run.actor) == ("preview", f"invite:{looking.made.invite.id}")
    assert looking.school.world.count(users) == 0  # nothing was taken over


def test_what_is_to_be_changed_is_said_in_the_pages_words_and_looked_at_again(looking: Looking) -> None:
    looking.fill_in(client_secret="wrong")
    looking.work()
    shown = looking.words()
    assert "Almost: something is to be changed" in shown
    assert "“Client secret”" in shown
    assert "client_secret" not in shown
    assert looking.post("/connect/look").location == "/connect/waiting"
    assert "Looking at your system…" in looking.words()
    looking.work()
    assert "Almost" in looking.words()
    looking.post("/connect/again")
    looking.fill_in()
    looking.work()
    assert "It works" in looking.words()
    assert [status for _, status in looking.school.homes()] == ["active"]


def test_only_the_form_of_this_visit_looks_again(looking: Looking) -> None:  # J2
    looking.fill_in(client_secret="wrong")
    looking.work()
    assert looking.browser.post("/connect/look", data={"form_token": "0"}, base_url=GATE).status_code == 403
    assert "Almost" in looking.words()


def test_an_address_that_we_do_not_call_is_no_connection(looking: Looking) -> None:
    looking.fill_in(base_url="http://10.0.0.7/ims")  # refused at once, where a name would be looked up and tried again
    looking.work()
    assert looking.school.now(looking.made).connected_at is None
    assert "“Base URL”" in looking.words()
