"""Thirty students of one new class click in the same second, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from gateway.store.tables import classes, contexts, enrollments, identities, launches, resource_links, roles, users
from providers.kit.simulator import PEOPLE
from tests.support.launching import Launching, Login, launching

STUDENTS = 30


@pytest.fixture
def world(database_url: str) -> Iterator[Launching]:
    with launching(database_url) as opened:
        yield opened


def _post_all_at_once(world: Launching, posts: list[tuple[Login, str]]) -> list[str]:
    """Return how each post ended."""
    barrier = Barrier(len(posts))

    def post(login: Login, token: str) -> str:
        barrier.wait()
        return world.post(login, token).code

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(post, *zip(*posts, strict=True)))


def _newcomer(world: Launching, number: int) -> tuple[Login, str]:
    login = world.login()
    person = replace(PEOPLE["sam"], id=1000 + number)
    claims = world.platform.launch_claims(person, nonce=login.nonce)
    return login, world.platform.sign(claims)


def test_thirty_newcomers_in_one_second_make_one_class_and_thirty_enrollments(world: Launching) -> None:
    ends = _post_all_at_once(world, [_newcomer(world, number) for number in range(STUDENTS)])
    assert ends == ["accepted"] * STUDENTS
    assert [world.count(table) for table in (classes, contexts, resource_links)] == [1, 1, 1]
    assert [world.count(table) for table in (users, identities, roles, enrollments, launches)] == [STUDENTS] * 5


def test_one_newcomer_in_ten_tabs_is_one_person(world: Launching) -> None:
    posts = [(login, world.token(login)) for login in [world.login() for _ in range(10)]]
    assert _post_all_at_once(world, posts) == ["accepted"] * 10
    assert [world.count(table) for table in (users, identities, roles, enrollments, classes)] == [1] * 5


def test_one_token_posted_ten_times_at_once_counts_once(world: Launching) -> None:  # A10
    login = world.login()
    token, cookie = world.token(login), world.cookie_of(login)
    posts = [(Login(world.browser(), login.state, login.nonce), token) for _ in range(10)]
    for each, _ in posts:
        world.plant(each.browser, login, cookie)
    assert sorted(_post_all_at_once(world, posts)) == ["accepted", *["lti.replayed"] * 9]
    assert world.count(users) == world.count(launches) == 1
