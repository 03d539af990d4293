"""`schoolgate webhooks`: an application's receiver, from its first day to a replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from providers.contract import Misconfigured
from tests.support.wire import Wire, reply


@pytest.fixture
def receiver() -> Any:
    with Wire(reply(b"", 204)) as wire:
        yield wire


def test_a_receiver_is_added_tried_and_looked_after(
    run: Callable[..., str], read: Callable[..., Any], receiver: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHOOLGATE_ALLOW_HOSTS", "127.0.0.1")
    uris = ("--redirect-uri", "https://product.example/back", "--login-uri", "https://product.example/in")
    app = read("apps", "add", "Product", *uris)["client_id"]
    added = read("webhooks", "add", app, receiver.url("/hook"), "--event", "user")
    assert (added["status"], added["events"], added["secret"][:6]) == ("active", ["user"], "whsec_")
    id_ = added["id"]
    assert read("webhooks", "test", id_) == {"id": id_, "delivered": True, "reason": None}
    assert b'"type":"webhook.test"' in receiver.requests[0]
    assert read("webhooks", "rotate-secret", id_)["secret"] != added["secret"]
    assert "is disabled" in run("webhooks", "disable", id_)
    assert f"{id_} disabled" in run("apps", "show", app)
    assert "is active" in run("webhooks", "enable", id_)
    assert id_ in run("webhooks", "list", "--app", app)
    assert "secret" not in read("webhooks", "show", id_)
    assert read("webhooks", "deliveries", id_) == {"deliveries": []}
    assert "0 messages" in run("webhooks", "replay", id_, "--since", "2026-01-01")


def test_what_is_not_there_is_said(run: Callable[..., str]) -> None:
    for arguments in (("webhooks", "show", "nobody"), ("webhooks", "add", "nobody", "https://product.example")):
        with pytest.raises(Misconfigured, match="There is no"):
            run(*arguments)
