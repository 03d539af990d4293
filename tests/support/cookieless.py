"""A browser that keeps no cookie in frames, as far as the server sees it: our pages read, and their answers posted."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, NamedTuple

from werkzeug.test import TestResponse

from tests.support.launching import GATE, Launching, Login

FRAME = {"Sec-Fetch-Dest": "iframe", "Accept": "text/html"}
OURS = {"Origin": GATE, "Sec-Fetch-Site": "same-origin"}
_DATA = re.compile(r'data-([a-z]+)="([^"]*)"')


class Stored(NamedTuple):
    """A login by way of our page: what the page puts into platform storage, and the login itself."""

    login: Login
    key: str
    value: str
    page: TestResponse


def data_of(page: TestResponse) -> dict[str, str]:
    """Return what a page of ours tells its script."""
    return {name: unescape(value) for name, value in _DATA.findall(page.text)}


def begin(world: Launching, person: str = "sam", frame: str = "_parent") -> Stored:
    """Begin a launch in a frame; the browser forgets every cookie."""
    platform = world.platform
    platform.switch(storage_target=frame)
    browser = world.app.test_client(use_cookies=False)
    page = browser.get("/lti/login", query_string=platform.login_parameters(person, 101), base_url=GATE, headers=FRAME)
    assert page.status_code == 200, page.text
    told = data_of(page)
    state, nonce = (re.search(rf"[?&]{name}=([^&]+)", told["next"]) for name in ("state", "nonce"))
    assert state is not None
    assert nonce is not None
    return Stored(Login(browser, state[1], nonce[1]), told["key"], told["value"], page)


def arrive(world: Launching, stored: Stored, token: str | None = None) -> dict[str, str]:
    """Post the token as the platform does; return what the page that asks the storage was told."""
    token = token or world.token(stored.login)
    form = {"state": stored.login.state, "id_token": token}
    page = stored.login.browser.post("/lti/launch", data=form, base_url=GATE, headers=FRAME)
    assert page.status_code == 200, page.text
    return data_of(page)


def bring(
    world: Launching, stored: Stored, told: dict[str, str], *, headers: dict[str, str] | None = None, **changes: Any
) -> TestResponse:
    """Post what our page brought from the storage."""
    brought = {"state": told["state"], "waiting": told["waiting"], "secret": stored.value, "frame": "parent", **changes}
    address = "/lti/launch/storage"
    return stored.login.browser.post(address, json=brought, base_url=GATE, headers=OURS if headers is None else headers)
