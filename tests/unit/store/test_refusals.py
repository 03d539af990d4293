"""The ring of refusals and the forgetting of old rows (A13, J6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from gateway.store import Store
from gateway.store.housekeeping import forget_old
from gateway.store.ids import new_reference, read_reference
from gateway.store.launches import SLOTS, record_refusal
from gateway.store.tables import launches, refusals, sessions, tokens
from tests.support.launching import Launching, launching

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def _count(store: Store) -> int:
    with store.statements() as connection:
        return connection.execute(select(func.count()).select_from(refusals)).scalar_one()


def test_refusals_fill_a_ring_and_no_more(store: Store) -> None:  # A13
    for number in range(SLOTS * 4):
        registration = None if number % 2 else "some-registration"
        record_refusal(
            store, ref=new_reference(), at=NOW, registration_id=registration, outcome="lti.expired", trace="[]"
        )
    assert SLOTS < _count(store) <= SLOTS * 2


def test_a_reference_is_found_as_a_person_types_it() -> None:
    ref = new_reference()
    assert read_reference(ref.lower().replace("-", " ")) == ref
    assert not set("01ILOU") & set(ref)


def test_old_launches_sessions_and_tokens_are_forgotten(sqlite_url: str) -> None:  # J6
    with launching(sqlite_url) as world:
        world.sign_in(world.launch())
        _after(world, days=2)
        assert world.rows(launches)[0]["claims"] is None
        assert world.count(tokens) == 0
        assert world.count(sessions) == 1
        _after(world, days=91)
        assert world.count(launches) == world.count(sessions) == 0


def test_young_launches_keep_what_their_sign_in_needs(sqlite_url: str) -> None:
    with launching(sqlite_url) as world:
        world.launch()
        assert forget_old(world.store, now=world.clock() + timedelta(hours=23), trace_days=90) == 0
        assert world.rows(launches)[0]["claims"]


def _after(world: Launching, *, days: int) -> None:
    assert forget_old(world.store, now=world.clock() + timedelta(days=days), trace_days=90) > 0
