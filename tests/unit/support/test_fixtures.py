"""The fixtures keep what they promise."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import insert, text

from gateway.jobs import Queue
from gateway.store import Store, is_current
from gateway.store.tables import audit
from tests.support.databases import PostgresDatabases, opened
from tests.support.key_sets import LENT, public_jwk
from tests.support.launching import launching
from tests.support.rosters import a_district, a_roster


def test_a_fresh_store_has_the_present_tables(store: Store) -> None:
    assert is_current(store)


@pytest.mark.parametrize("visit", [1, 2])
def test_a_fresh_store_is_empty_whatever_ran_before(store: Store, visit: int) -> None:
    with store.transaction() as connection:
        assert connection.execute(text("SELECT count(*) FROM orgs")).scalar_one() == 0
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))


@pytest.mark.parametrize("visit", [1, 2])
def test_a_database_that_is_lent_again_has_no_rows_and_counts_from_one(store: Store, visit: int) -> None:
    with store.transaction() as connection:
        told = insert(audit).values(at=datetime.now(UTC), actor="test", action="test", subject="", detail={})
        assert connection.execute(told).inserted_primary_key == (1,)


def test_a_database_is_lent_again_after_a_sync_and_after_background_work(
    postgres_databases: PostgresDatabases, tmp_path: Path
) -> None:  # making one costs more than most tests
    names = []
    for _ in range(2):
        with postgres_databases.fresh() as address:
            names.append(address)
            with opened(address) as store:
                assert a_district(store).sync(a_roster()).status == "applied"
            queue = Queue(address, tmp_path)
            queue.push("job")
            queue.close()
    assert names[0] == names[1]


def test_gates_of_tests_share_a_few_signing_keys(sqlite_url: str) -> None:
    with launching(sqlite_url) as world:
        world.gate.keyring.ensure()
        made = {jwk["n"] for jwk in world.gate.keyring.public_jwks()["keys"]}
    assert made <= {public_jwk(1000 + number)["n"] for number in range(LENT)}


def test_stores_of_tests_share_the_sql_they_have_compiled(sqlite_url: str) -> None:
    with opened(sqlite_url) as one, opened(sqlite_url) as other:
        for store in (one, other):
            is_current(store)
        assert one.single._compiled_cache is other.single._compiled_cache
        assert one.single._compiled_cache is not one.multi._compiled_cache  # a dialect knows how it commits


class _CookieSetter(BaseHTTPRequestHandler):
    """`/` holds a frame of another site; `/frame` sets two cookies there; `/show` says which came back."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        for cookie in ("plain=1", "partitioned=1; Partitioned") if self.path == "/frame" else ():
            self.send_header("Set-Cookie", f"{cookie}; Secure; SameSite=None; Path=/")
        self.end_headers()
        frame = f'<iframe name="frame" src="http://localhost:{self.connection.getsockname()[1]}/frame"></iframe>'
        answers = {"/": frame, "/frame": '<a href="/show">show</a>', "/show": f"<p>{self.headers['Cookie']}</p>"}
        self.wfile.write(answers.get(self.path, "").encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def cookie_setter() -> Iterator[str]:
    with ThreadingHTTPServer(("", 0), _CookieSetter) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_chromium_guards_frames_of_other_sites_as_it_does_at_school(page: Page, cookie_setter: str) -> None:
    page.goto(cookie_setter)
    frame = page.frame_locator("iframe")
    frame.get_by_text("show").click()
    assert frame.locator("p").inner_text() == "partitioned=1"
