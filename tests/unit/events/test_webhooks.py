"""Webhooks: signed by the specification, in order, never lost, and nobody waits for somebody else's receiver."""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from gateway.ground import utc_now
from gateway.services.events.sending import PAUSES
from gateway.store.applications import add_application, set_tenants
from gateway.store.backlog import count_backlog
from gateway.store.tables import jobs, webhooks
from providers.contract import Misconfigured
from tests.support.oidc_world import an_application
from tests.support.receiving import Receiving


def test_a_stock_library_verifies_what_we_sign(quick_receiving: Receiving) -> None:  # I1
    here = quick_receiving
    here.world.clock.time = utc_now()
    webhook, secret = here.add()
    here.tell("user-1")
    here.turn(webhook)
    got = here.receiver.got[0]
    event = Verifier(secret).verify(got.body, got.headers)
    data = event["data"]
    assert (event["type"], data["sourcedId"], data["org"], data["id"]) == (
        *("user.created", "user-1", here.org_id, got.id),
    )
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(got.body.replace(b"user-1", b"user-2"), got.headers)


def test_while_a_secret_is_rotated_both_verify_and_then_only_the_new_one(quick_receiving: Receiving) -> None:  # I1
    here = quick_receiving
    here.world.clock.time = utc_now() - timedelta(hours=2)
    webhook, old = here.add()
    new = here.desk.rotate_secret(webhook.id, overlap=timedelta(hours=1), actor="test")
    here.world.clock.time = utc_now() - timedelta(seconds=30 * 60)
    here.desk.rotate_secret(webhook.id, overlap=timedelta(hours=1), actor="test")
    here.world.clock.time = utc_now()
    here.tell("user-1")
    here.turn(webhook)
    got = here.receiver.got[0]
    assert Verifier(new).verify(got.body, got.headers)["type"] == "user.created"
    assert got.headers["webhook-signature"].count("v1,") == 2
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(got.body, got.headers)


def test_the_secret_rests_sealed(quick_receiving: Receiving) -> None:
    webhook, secret = quick_receiving.add()
    assert secret.startswith("whsec_")
    assert secret.removeprefix("whsec_") not in json.dumps(quick_receiving.standing(webhook), default=str)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://product.example/hook", "webhook.address_invalid"),
        ("https://127.0.0.1/hook", "http.address_refused"),
        ("https://[::1]/hook", "http.address_refused"),
        ("https://10.1.2.3/hook", "http.address_refused"),
        ("https://169.254.169.254/latest", "http.address_refused"),
        ("https://product.example:8443/hook", "http.address_refused"),
        ("https://user:word@product.example/hook", "webhook.address_invalid"),
    ],
)
def test_an_address_that_leads_inside_is_refused(quick_receiving: Receiving, url: str, code: str) -> None:  # I2
    desk = replace(quick_receiving.world.gate.events.webhooks, allow_http=False)
    with pytest.raises(Misconfigured) as refused:
        desk.add("product", url, actor="test")
    assert refused.value.code == code
    assert quick_receiving.world.rows(webhooks) == []


def test_an_address_is_looked_at_again_at_each_call_and_no_redirect_is_followed(quick_receiving: Receiving) -> None:
    """A name may lead inside later (attack I2)."""
    webhook, _ = quick_receiving.add(url="https://localhost/hook")
    assert quick_receiving.world.gate.events.webhooks.test(webhook.id).reason == "http.address_refused"


def test_each_event_is_sent_once_and_stands_in_the_log(receiving: Receiving) -> None:  # F9
    webhook, _ = receiving.add()
    receiving.tell(*(f"user-{number}" for number in range(100)))
    receiving.turn(webhook)
    receiving.turn(webhook)
    assert len({got.id for got in receiving.receiver.got}) == len(receiving.receiver.got) == 100
    assert Counter(each.state for each in receiving.log(webhook)) == {"sent": 100}
    assert [each.sourced_id for each in receiving.log(webhook)] == [f"user-{number}" for number in range(100)]


def test_what_fails_is_tried_again_and_what_follows_it_waits(receiving: Receiving) -> None:  # F9
    failing = {"user-1"}
    receiving.receiver.answer = lambda got: 500 if got.entity in failing else 204
    webhook, _ = receiving.add()
    receiving.tell("user-1", "user-2")
    receiving.tell("user-1", what="changed")
    receiving.turn(webhook)
    assert [got.entity for got in receiving.receiver.taken] == ["user-2"]
    assert [each.state for each in receiving.log(webhook)] == ["waiting", "sent", "waiting"]
    failing.clear()
    receiving.world.clock.move(seconds=6)
    receiving.turn(webhook)
    assert [got.type for got in receiving.receiver.got if got.entity == "user-1"][-2:] == [
        "user.created",
        "user.updated",
    ]


def test_a_receiver_that_was_down_for_hours_gets_everything_in_order_after(receiving: Receiving) -> None:
    is_down = True
    receiving.receiver.answer = lambda _got: 503 if is_down else 204
    webhook, _ = receiving.add()
    for number in range(3):
        receiving.tell("user-1", "user-2", what="changed")
        receiving.world.clock.move(minutes=number)
        receiving.turn(webhook)
    receiving.turns(webhook, hours=3)
    asked = len(receiving.receiver.got)
    assert 20 < asked < 60  # it is looked for every five minutes at most
    is_down = False
    receiving.turns(webhook, hours=0.2)
    for user in ("user-1", "user-2"):
        received = [int(got.id.partition("_")[2]) for got in receiving.receiver.got[asked:] if got.entity == user]
        assert (received, len(received)) == (sorted(received), 3)
    assert [each.state for each in receiving.log(webhook)] == ["sent"] * 6


def test_a_message_that_is_never_taken_is_given_up_after_a_day_and_lets_the_next_go(quick_receiving: Receiving) -> None:
    here = quick_receiving
    here.receiver.answer = lambda got: 400 if got.type == "user.created" else 204
    webhook, _ = here.add()
    here.tell("user-1")
    here.tell("user-1", what="changed")
    for hours in (0, 1, 4, 8, 12, 16, 20, 24, 28, 36, 48):
        here.tell(f"other-{hours}", what="changed")
        here.world.clock.move(hours=hours if hours < 5 else 12)
        here.turn(webhook)
        here.turn(webhook)
    first, second = here.log(webhook)[:2]
    assert (first.state, first.reason, second.state) == ("failed", "status 400", "sent")
    assert sum(PAUSES) > timedelta(days=1).total_seconds()


def test_a_webhook_that_fails_for_days_is_disabled_and_goes_on_when_it_is_enabled(receiving: Receiving) -> None:
    is_down = True
    receiving.receiver.answer = lambda _got: 500 if is_down else 204
    webhook, _ = receiving.add()
    receiving.tell("user-1", "user-2", "user-3")
    for _ in range(7):
        receiving.turn(webhook)
        receiving.world.clock.move(days=1)
    standing = receiving.standing(webhook)
    assert count_backlog(receiving.world.store, receiving.world.clock()).webhooks["disabled"] == 1
    assert (standing["status"], standing["status_reason"]) == ("disabled", "failing for days")
    receiving.tell("user-4")
    is_down = False
    receiving.desk.switch(webhook.id, on=True, actor="test")
    receiving.turn(webhook)
    assert [got.entity for got in receiving.receiver.got[-4:]] == ["user-1", "user-2", "user-3", "user-4"]


def test_a_receiver_that_is_gone_is_called_no_more(quick_receiving: Receiving) -> None:
    quick_receiving.receiver.answer = lambda _got: 410
    webhook, _ = quick_receiving.add()
    quick_receiving.tell("user-1")
    quick_receiving.turn(webhook)
    assert quick_receiving.standing(webhook)["status_reason"] == "gone"


def test_a_receiver_that_asks_for_patience_gets_it(quick_receiving: Receiving) -> None:
    here = quick_receiving
    here.receiver.answer, here.receiver.headers = (lambda _got: 429), {"retry-after": "600"}
    webhook, _ = here.add()
    here.tell("user-1")
    here.turn(webhook)
    here.world.clock.move(seconds=599)
    here.turn(webhook)
    assert len(here.receiver.got) == 1
    here.world.clock.move(seconds=2)
    here.turn(webhook)
    assert len(here.receiver.got) == 2


def test_a_slow_receiver_leaves_the_other_threads_alone(quick_receiving: Receiving) -> None:  # I4
    here, slow_began, may_end = quick_receiving, threading.Event(), threading.Event()

    def answer(got: object) -> int:
        if "slow" in str(got):
            slow_began.set()
            may_end.wait(10)
        return 204

    here.receiver.answer = answer
    slow = [here.add(url=f"https://slow.example/{number}")[0] for number in range(2)]
    quick, _ = here.add(url="https://quick.example")
    with here.world.store.transaction() as connection:
        connection.execute(update(webhooks).where(webhooks.c.url.contains("slow")).values(slowest_seconds=9))
    here.tell("user-1")
    held = threading.Thread(target=here.turn, args=(slow[0],))
    held.start()
    assert slow_began.wait(10)
    assert here.turn(slow[1]) == 1.0  # it comes back later, and holds no thread meanwhile
    here.turn(quick)
    assert [got.url for got in here.receiver.got] == ["https://quick.example"]
    may_end.set()
    held.join(10)


def test_another_districts_changes_are_not_sent_even_when_a_grant_ends_in_between(receiving: Receiving) -> None:  # J1
    elsewhere, store = receiving.world.add_org(), receiving.world.store
    stranger = an_application("stranger", all_tenants=False, tenants=frozenset({receiving.org_id}))
    add_application(store, stranger, receiving.world.clock())
    webhook, _ = receiving.add(application="stranger")
    receiving.tell("theirs", org_id=elsewhere)
    receiving.tell("mine")
    receiving.receiver.answer = lambda _got: 500
    receiving.turn(webhook)
    assert [got.entity for got in receiving.receiver.got] == ["mine"]
    set_tenants(store, "stranger", {elsewhere}, actor="test", now=receiving.world.clock())
    receiving.world.clock.move(hours=1)
    receiving.turn(webhook)
    assert ([each.state for each in receiving.log(webhook)], len(receiving.receiver.got)) == (["withheld"], 1)


def test_only_what_was_asked_for_is_sent(quick_receiving: Receiving) -> None:
    webhook, _ = quick_receiving.add("user.updated", "class")
    quick_receiving.tell("user-1")
    quick_receiving.tell("user-1", what="changed")
    quick_receiving.turn(webhook)
    assert [got.type for got in quick_receiving.receiver.got] == ["user.updated"]
    with pytest.raises(Misconfigured, match="There is no event"):
        quick_receiving.add("person")


def test_a_time_or_an_object_is_sent_again_with_the_same_ids(receiving: Receiving) -> None:
    clock = receiving.world.clock
    receiving.tell("before")  # the webhook came later, yet its replay reaches back
    clock.move(hours=1)
    since = clock()
    webhook, _ = receiving.add()
    receiving.tell("user-1", "user-2")
    receiving.turn(webhook)
    first = [got.id for got in receiving.receiver.got]
    assert receiving.desk.replay(webhook.id, since=since, until=None, sourced_id=None, actor="test") == 2
    receiving.turn(webhook)
    assert [got.id for got in receiving.receiver.got] == first * 2
    for entity in ("user-2", "before"):
        assert receiving.desk.replay(webhook.id, since=None, until=None, sourced_id=entity, actor="test") == 1
    receiving.turn(webhook)
    assert sorted(got.entity for got in receiving.receiver.got[4:]) == ["before", "user-2"]
    assert len(receiving.log(webhook)) == 3
    with pytest.raises(Misconfigured, match="Name the time"):
        receiving.desk.replay(webhook.id, since=None, until=None, sourced_id=None, actor="test")


def test_a_worker_looks_for_what_has_something_to_send(receiving: Receiving) -> None:
    webhook, _ = receiving.add()
    receiving.sending.look()
    assert _jobs(receiving) == 0
    receiving.tell("user-1")
    receiving.sending.look()
    receiving.sending.look()
    assert _jobs(receiving) == 1
    receiving.desk.switch(webhook.id, on=False, actor="test")
    assert receiving.turn(webhook) is None
    assert receiving.receiver.got == []


def _jobs(receiving: Receiving) -> int:
    return sum(row["name"] == "webhooks.send" for row in receiving.world.rows(jobs))
