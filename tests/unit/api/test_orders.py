"""`/api/v1/orders`: what publishers' programs do with orders, and what the answers tell."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.store.tables import integrations, orders
from tests.support.calling import Calling, said

_BUYER = {"buyerEmail": "office@elm.example"}


def _order(calling: Calling, key: str, /, **body: Any) -> Any:
    return calling.call("POST", "/orders", key, {**_BUYER, **body})


@pytest.fixture(autouse=True)
def _native(quick: Calling) -> None:
    quick.school.world.change(integrations, status="disabled")


@pytest.fixture
def key(quick: Calling) -> str:
    return quick.key("orders")


def test_an_order_is_kept_and_its_code_told_once(quick: Calling, key: str) -> None:  # E4
    customer = {"number": "4711", "name": "Oak School"}
    answer = _order(quick, key, customer=customer, entitlements=["maths"], seats=3, reference="A-1")
    made = answer.get_json()["order"]
    assert (answer.status_code, made["state"], made["orgName"], made["seatsUsed"]) == (201, "open", "Oak School", 0)
    shown = quick.call("GET", f"/orders/{made['id']}", key)
    assert shown.get_json()["order"]["codes"][0]["state"] == "open"
    assert made["accessCode"] not in shown.text + quick.call("GET", "/orders", key).text


def test_the_same_call_twice_is_one_order(quick: Calling, key: str) -> None:
    body = {**_BUYER, "orgSourcedId": quick.school.org_id}
    first, second = (quick.call("POST", "/orders", key, body, Idempotency_Key="A-1").get_json() for _ in range(2))
    assert first == second
    assert quick.school.world.count(orders) == 1


def test_codes_are_mailed_again_made_anew_and_taken_back(quick: Calling, key: str) -> None:
    made = _order(quick, key, orgSourcedId=quick.school.org_id).get_json()["order"]
    path = f"/orders/{made['id']}"
    assert "accessCode" not in quick.call("POST", f"{path}/resend", key).get_json()["order"]
    anew = quick.call("POST", f"{path}/reissue", key, {"sendMail": False}).get_json()["order"]
    assert anew["accessCode"] != made["accessCode"]
    codes = quick.call("GET", path, key).get_json()["order"]["codes"]
    assert [each["state"] for each in codes] == ["open", "revoked", "revoked"]
    assert quick.call("POST", f"{path}/revoke", key).get_json()["order"]["state"] == "revoked"
    assert said(quick.call("POST", f"{path}/resend", key)) == (400, "order.over")


def test_lists_come_in_pages(quick: Calling, key: str) -> None:
    made = [_order(quick, key, orgSourcedId=quick.school.org_id).get_json()["order"]["id"] for _ in range(3)]
    first = quick.call("GET", f"/orders?limit=2&orgSourcedId={quick.school.org_id}", key).get_json()
    assert [each["id"] for each in first["orders"]] == made[:0:-1]
    second = quick.call("GET", f"/orders?before={first['before']}", key).get_json()
    assert ([each["id"] for each in second["orders"]], "before" in second) == ([made[0]], False)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"orgSourcedId": "x", "customer": {"number": "1", "name": "Oak"}},
        {"orgSourcedId": "x", "role": "districtAdministrator"},
        {"orgSourcedId": "x", "seats": 0},
        {"orgSourcedId": "x", "expiresAt": "2026-01-01T00:00:00"},
    ],
)
def test_a_body_that_makes_no_sense_is_refused(quick: Calling, key: str, body: dict[str, Any]) -> None:  # E5
    assert said(_order(quick, key, **body)) == (400, "api.body_invalid")


def test_reading_needs_less_than_writing(quick: Calling) -> None:
    reader = quick.key("orders.readonly")
    assert quick.call("GET", "/orders", reader).status_code == 200
    assert said(_order(quick, reader, orgSourcedId=quick.school.org_id)) == (403, "api.scope_missing")
    assert said(quick.call("GET", "/orders/nobody", reader)) == (404, "order.unknown")
