"""Tries are counted together by all workers, and a school that shares an address is not locked out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from gateway.services.native.limits import Budget
from gateway.store.tables import attempts
from providers.contract import Unavailable
from tests.support.natives import NativeWorld, words

_BUDGET = Budget("test", "key", 3, timedelta(minutes=15))


def test_a_spent_budget_refuses_until_its_window_ends(native: NativeWorld) -> None:  # E1
    limiter = native.native.limiter
    for _ in range(3):
        limiter.count([_BUDGET])
    with pytest.raises(Unavailable, match=r"native\.too_many_tries") as refused:
        limiter.count([_BUDGET])
    assert refused.value.retry_after == 900
    limiter.count([_BUDGET._replace(key="another")])
    native.world.clock.move(seconds=900)
    limiter.count([_BUDGET])


def test_tries_at_the_same_moment_are_all_counted(native: NativeWorld) -> None:  # E1
    limiter = native.native.limiter

    def once(_number: int) -> bool:
        try:
            limiter.count([_BUDGET])
        except Unavailable:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(once, range(12))) == 3


def test_what_turned_out_well_is_not_counted(quick: NativeWorld) -> None:
    limiter = quick.native.limiter
    for _ in range(5):
        limiter.count([_BUDGET])
        limiter.take_back([_BUDGET])
    assert quick.world.count(attempts) == 0


def test_keys_rest_hashed(quick: NativeWorld) -> None:  # E4
    quick.native.limiter.count([_BUDGET])
    assert b"key" not in quick.world.rows(attempts)[0]["key_hash"]


def test_guessing_one_password_ends_and_others_at_that_address_sign_in(quick: NativeWorld) -> None:  # E1
    quick.add()
    quick.add("bob")
    refused = [quick.sign_in(password=f"guess {number}")[1] for number in range(11)]
    assert [answer.status_code for answer in refused] == [403] * 10 + [429]
    assert "Please wait 16 minutes" in words(refused[-1])
    assert quick.sign_in()[1].status_code == 429
    assert quick.sign_in("bob")[1].status_code == 303
