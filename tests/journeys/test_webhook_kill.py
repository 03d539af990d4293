"""A worker that is killed between a commit and its delivery loses no event (attack F9)."""

from __future__ import annotations

import multiprocessing
import os
import signal

from gateway.store.events.webhooks import list_webhooks
from tests.support.launching import launching
from tests.support.receiving import Got, Receiving

USERS = tuple(f"user-{number}" for number in range(20))


def _send_and_die(address: str) -> None:
    """Take a webhook's turn, and be killed while some of its messages are with the receiver."""
    with launching(address, joined=False) as world:
        here = Receiving(world)
        webhook, _ = here.add()
        here.tell(*USERS)
        here.tell(*USERS, what="changed")

        def answer(_got: Got) -> int:
            if len(here.receiver.got) >= 5:
                os.kill(os.getpid(), signal.SIGKILL)
            return 204

        here.receiver.answer = answer
        here.turn(webhook)


def test_what_a_killed_worker_had_not_sent_is_sent_by_the_next(database_url: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_send_and_die, args=(database_url,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with launching(database_url, joined=False) as world:
        here = Receiving(world, is_new=False)
        (webhook,) = list_webhooks(world.store)
        here.turn(webhook)
        for user in USERS:
            assert [got.type for got in here.receiver.got if got.entity == user] == ["user.created", "user.updated"]
        assert [each.state for each in here.log(webhook)] == ["sent"] * 40
