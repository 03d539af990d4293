"""A school whose LMS and roster share ids, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.matching import MatchingWorld, matching


@pytest.fixture
def world(database_url: str) -> Iterator[MatchingWorld]:
    with matching(database_url) as world:
        yield world


@pytest.fixture
def unpaired(database_url: str) -> Iterator[MatchingWorld]:
    with matching(database_url, paired=False) as world:
        yield world
