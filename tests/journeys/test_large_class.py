"""A class of ten thousand, in pages of fifty, one of which fails twice: everybody comes and nobody goes."""

from __future__ import annotations

from dataclasses import replace

from gateway.store.tables import enrollments, identities, users
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.support.classes import classroom
from tests.support.lti_services import many_people

COUNT = 10_000


def test_ten_thousand_members_arrive_though_a_page_fails_twice(database_url: str) -> None:
    with classroom(database_url) as room:
        room.platform.switch(members_page=50)
        room.roster.only(ALGEBRA, [PEOPLE["tia"], *many_people(COUNT - 1)])
        room.launch()
        naps: list[float] = []
        lists = room.world.gate.class_lists
        lists = replace(lists, contexts=replace(lists.contexts, sleep=naps.append))
        room.platform.services.faults.plan("members", [*[None] * 120, Fault(503), Fault(429, retry_after="2")])
        room.world.clock.move(seconds=1)
        (reading,) = lists.sync(room.class_id)
        assert (reading.read, reading.counts.added, naps) == (COUNT, COUNT - 1, [1, 2])
        assert room.platform.requests["members"] == COUNT / 50 + 2
        assert [room.world.count(table) for table in (users, identities, enrollments)] == [COUNT] * 3
        room.world.clock.move(seconds=1)
        (again,) = lists.sync(room.class_id)
        assert (again.counts.added, again.counts.ended, again.counts.renamed) == (0, 0, 0)
