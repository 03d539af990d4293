"""Orders and their access codes: kept, mailed, made anew, taken back; and what they entitle to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.services.api.callers import Caller
from gateway.services.native.access_codes import LENGTH, hash_of, new_access_code, read_access_code
from gateway.services.native.orders import Customer, Made, NewOrder, state_of
from gateway.store.applications import Application
from gateway.store.native.entitlements import entitlements_of
from gateway.store.native.orders import grant_of, take_seat
from gateway.store.tables import access_codes, jobs, orders, orgs
from providers.contract import BadData, Failure, Misconfigured
from tests.support.mailbox import Mailbox
from tests.support.natives import NativeWorld
from tests.support.oidc_world import an_application

_OPERATOR = Caller("test")


def _again(native: NativeWorld, made: Made, verb: str) -> Made:
    with native.store.transaction() as connection:
        again: Made = getattr(native.native.orders, verb)(_OPERATOR, connection, made.order.id)
    return again


def _is_good(native: NativeWorld, code: str) -> bool:
    with native.store.statements() as connection:
        grant = grant_of(connection, hash_of(code))
    return grant is not None and grant.revoked_at is None


def _entitled(native: NativeWorld, user_id: str) -> list[str]:
    with native.store.statements() as connection:
        return entitlements_of(connection, native.school.tenant_id, user_id, native.world.clock())


def test_a_code_is_long_enough_and_read_as_people_type_it() -> None:  # E1
    code = new_access_code()
    assert len(read_access_code(code)) == LENGTH
    assert hash_of(f"  {code.lower().replace('-', ' ')}\n") == hash_of(code)
    assert hash_of(code[:-1]) != hash_of(code)


def test_a_code_is_shown_once_and_rests_hashed(native: NativeWorld) -> None:  # E4
    made = native.order(entitlements=["maths"], seats=5, reference="A-1")
    kept = repr(native.world.rows(access_codes) + native.world.rows(orders) + native.world.rows(jobs))
    assert made.code is not None
    assert made.code not in kept
    assert read_access_code(made.code) not in kept
    assert _is_good(native, made.code)
    assert state_of(made.order, native.world.clock()) == "open"


def test_a_mail_brings_the_code_to_the_buyer(posted: NativeWorld, box: Mailbox) -> None:
    made = posted.order("office@elm.example", seats=5)
    assert box.mails == []
    assert posted.work() >= 1
    mail = box.mails[0]
    assert (mail["To"], mail["Subject"]) == ("office@elm.example", "Your access code for Reader")
    assert str(made.code) in box.text()
    assert str(made.code) in box.html()
    assert "(5 in all)" in box.text()
    assert posted.native.orders.codes(made.order)[0].mailed_at == posted.world.clock()


def test_resending_makes_another_code_and_reissuing_ends_the_others(posted: NativeWorld, box: Mailbox) -> None:
    made = posted.order()
    _again(posted, made, "resend")
    posted.work()
    second = box.code()
    assert made.code is not None
    assert [_is_good(posted, code) for code in (made.code, second)] == [True, True]
    third = _again(posted, made, "reissue").code
    assert third is not None
    assert [_is_good(posted, code) for code in (made.code, second, third)] == [False, False, True]


def test_an_order_that_is_over_makes_no_codes(quick: NativeWorld) -> None:
    made = quick.order()
    assert quick.native.orders.revoke(_OPERATOR, made.order.id).revoked_at == quick.world.clock()
    with pytest.raises(Misconfigured, match=r"order\.over"):
        _again(quick, made, "resend")


def test_a_customer_is_made_once_and_found_by_its_number(native: NativeWorld) -> None:
    before = native.world.count(orgs)
    for name in ("Oak School", "Another name"):
        new = NewOrder(Customer("4711", name), "a@b.example", native.world.clock() + timedelta(days=1))
        with native.store.transaction() as connection:
            made = native.native.orders.add(_OPERATOR, connection, new)
    assert made.order.org_name == "Oak School"
    assert native.world.count(orgs) == before + 1


def _limited(native: NativeWorld) -> Application:
    return an_application("reader", all_tenants=False, tenants=frozenset({native.school.tenant_id}))


def test_an_application_keeps_and_sees_orders_of_its_districts_alone(quick: NativeWorld) -> None:  # G4, J1
    far = quick.add_school("Far School")
    quick.order(org=far)
    mine = quick.order().order
    caller = Caller("application:reader", _limited(quick))
    assert [each.id for each in quick.native.orders.every(caller, org_id=None, before=None, limit=9)] == [mine.id]
    for org in (far.sourced_id, Customer("1", "New")):
        new = NewOrder(org, "a@b.example", quick.world.clock() + timedelta(days=1))
        with pytest.raises(Misconfigured, match=r"org\.unknown"), quick.store.transaction() as connection:
            quick.native.orders.add(caller, connection, new)
    with pytest.raises(Misconfigured, match=r"order\.unknown"):
        quick.native.orders.find(Caller("application:reader", an_application("x", all_tenants=False)), mine.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "districtAdministrator"},
        {"seats": 0},
        {"entitlements": [""]},
        {"entitlements": ["x"] * 51},
        {"buyer": "me"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_order_that_makes_no_sense_is_refused(quick: NativeWorld, wrong: dict[str, Any]) -> None:  # E5
    with pytest.raises(BadData):
        quick.order(**wrong)
    with pytest.raises(BadData):
        quick.order(expires_at=quick.world.clock())
    assert quick.world.count(orders) == 0


def test_an_integrated_school_gets_no_code(quick: NativeWorld) -> None:
    quick.world.join(org_id=quick.district.sourced_id)
    assert quick.order().code is None
    assert quick.world.count(jobs) == 0


def test_a_person_is_entitled_by_their_school_its_district_and_what_they_redeemed(native: NativeWorld) -> None:
    other = native.add_school("Oak School", parent=native.district)
    student = native.add("sam", "student").user_id
    native.order(entitlements=["b", "a"])
    native.order(org=native.district, entitlements=["a", "c"])
    elsewhere = native.order(org=other, entitlements=["oak"]).order
    short = native.order(entitlements=["short"], expires_at=native.world.clock() + timedelta(days=1)).order
    assert _entitled(native, student) == ["a", "b", "c", "short"]
    with native.store.transaction() as connection:
        assert take_seat(connection, elsewhere, student, native.world.clock())
    native.world.clock.move(days=1)
    assert short.entitlements == ["short"]
    assert _entitled(native, student) == ["a", "b", "c", "oak"]


def test_the_last_seat_is_taken_once(native: NativeWorld) -> None:
    order = native.order(seats=1).order
    ann, bob = native.add().user_id, native.add("bob").user_id
    with native.store.transaction() as connection:
        taken = [take_seat(connection, order, user, native.world.clock()) for user in (ann, ann, bob)]
    assert taken == [True, True, False]


def test_an_order_of_another_tenant_entitles_nobody_here(quick: NativeWorld) -> None:  # J1
    far = quick.add_school("Far School")
    quick.order(org=far, entitlements=["far"])
    assert _entitled(quick, quick.add().user_id) == []


def test_a_failed_order_leaves_nothing(quick: NativeWorld) -> None:
    with pytest.raises(Failure):
        quick.order(buyer="no address")
    assert quick.world.count(jobs) == quick.world.count(access_codes) == 0
