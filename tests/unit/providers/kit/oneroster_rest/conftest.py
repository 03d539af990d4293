"""One address for all tests here, with a fresh provider behind it for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.rostering import RosterWorld, rostering


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[[], RosterWorld]]:
    with rostering() as served:
        yield served


@pytest.fixture
def world(served: Callable[[], RosterWorld]) -> RosterWorld:
    return served()
