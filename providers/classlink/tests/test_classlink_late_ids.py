"""A district whose people signed in before it had a Roster Server keeps them: TenantId and UserId are the proof."""

from __future__ import annotations

import pytest

from gateway.services.job_runs import JobRuns
from gateway.store.tables import jobs, record_links, users
from gateway.work import work_of
from providers.classlink.simulator import simulate_sign_in
from providers.classlink.simulator_classlink import SimulatedClassLink
from providers.classlink.simulator_switches import ClassLinkSwitches
from tests.support.at_portal import AtPortal, at_portal


@pytest.mark.parametrize("is_roster_first", [False, True])
def test_people_stay_when_their_district_gets_ids_and_a_roster(sqlite_url: str, is_roster_first: bool) -> None:  # C6
    classlink = SimulatedClassLink(switches=ClassLinkSwitches(id_token=False, blank_sourced_id=True))
    with at_portal("classlink", sqlite_url, simulated=simulate_sign_in(classlink)) as portal:
        before = portal.user_of(portal.click("student"))
        classlink.switch(blank_sourced_id=False)
        if is_roster_first:
            assert portal.sync() == "applied"
        assert portal.user_of(portal.click("student")) == before
        if not is_roster_first:
            assert portal.sync() == "applied"
        _work(portal)
        assert portal.user_of(portal.click("student")) == before
        (row,) = [each for each in portal.launching.rows(users) if each["sourced_id"] == before]
        assert row["roster_source_id"] is not None
        assert [link["evidence"] for link in portal.launching.rows(record_links)] == ["roster_id"]


def _work(portal: AtPortal) -> None:
    gate = portal.launching.gate
    runs = JobRuns(gate.jobs, work_of(gate))
    for row in portal.launching.rows(jobs):
        assert runs.run(row["id"])
