"""The fixtures that every test may ask for, those in a room's own folder too."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from gateway import ground
from gateway.store import Store, engine
from keys.keyring import Keyring
from tests.architecture import coverage_floor
from tests.support import compiled, databases, key_sets, postgres, slowest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_FOLDER = "SCHOOLGATE_TEST_POSTGRES"
_RUN = "SCHOOLGATE_TEST_RUN"


# On top of Hypothesis' own profile (its "ci" where CI is set): no test states how fast a machine makes examples.
settings.register_profile("schoolgate", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("schoolgate")


def pytest_configure(config: pytest.Config) -> None:
    """Name the run's PostgreSQL before the workers start: they inherit the name, the first to ask starts it."""
    if not hasattr(config, "workerinput"):
        os.environ[_FOLDER] = str(postgres.new_folder())
        os.environ[_RUN] = str(os.getpid())
        config.pluginmanager.register(slowest.Slowest())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first: one that begins last lets the other workers wait for it."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What is there for the whole run is looked at no more, and what a test leaves less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Take away what killed processes left of their coverage, before pytest-cov puts all of it together."""
    outcome = yield
    if not hasattr(session.config, "workerinput"):
        coverage_floor.forget_unwritten(session.config.rootpath)
    return outcome


@pytest.fixture(autouse=True, scope="session")
def _lent_signing_keys() -> Iterator[None]:
    """Every gate of a worker gets its signing keys from the same few, as making four takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ground, "Keyring", partial(Keyring, generate=key_sets.lent_rsa_key))
        yield


@pytest.fixture(autouse=True, scope="session")
def _sql_compiled_once() -> Iterator[None]:
    """All stores of a worker share the SQL they have compiled: that is half of what a test of the store takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_engine", compiled.create_engine)
        yield


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[databases.PostgresDatabases]:
    """The run's one PostgreSQL server, shared by all workers."""
    server = postgres.shared_server(Path(os.environ[_FOLDER]), int(os.environ[_RUN]))
    lending = databases.PostgresDatabases(server)
    yield lending
    lending.close()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> databases.SqliteDatabases:
    """The worker's SQLite files."""
    return databases.SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_url(sqlite_databases: databases.SqliteDatabases, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh, migrated SQLite file."""
    with sqlite_databases.fresh(tmp_path) as address:
        yield address


@pytest.fixture
def postgresql_url(postgres_databases: databases.PostgresDatabases) -> Iterator[str]:
    """Address of a fresh, migrated PostgreSQL database."""
    with postgres_databases.fresh() as address:
        yield address


@pytest.fixture(params=databases.KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a fresh, migrated database; the test runs once on SQLite and once on PostgreSQL."""
    address = request.getfixturevalue(f"{request.param}_url")
    assert isinstance(address, str)
    return address


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A fresh, migrated, open store; the test runs once on SQLite and once on PostgreSQL."""
    with databases.opened(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A fresh, migrated, open store on SQLite alone, for what can't depend on the database."""
    with databases.opened(sqlite_url) as opened:
        yield opened


@pytest.fixture
def postgresql_store(postgresql_url: str) -> Iterator[Store]:
    """A fresh, migrated, open store on PostgreSQL alone, for what only a server can do."""
    with databases.opened(postgresql_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium, one for all tests of a worker."""
    from tests.support import browser

    with browser.launched(browser.required_path()) as launched:
        yield launched


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page of a visitor who was never here before."""
    from tests.support import browser

    with browser.new_page(chromium) as page:
        yield page
