"""Copied courses: the application learns from which of our links and classes a new one came, and from no others."""

from __future__ import annotations

from typing import Any

import pytest

from providers.kit.lti import claims as names
from tests.support.launching import Launching, a_config


def _custom(gate: Launching, outcome: Any) -> dict[str, str]:
    custom: dict[str, str] = gate.told(outcome).get(names.CUSTOM, {})
    return custom


def _ids(gate: Launching, outcome: Any) -> tuple[str, str]:
    told = gate.told(outcome)
    return told[names.CONTEXT]["id"], told[names.RESOURCE_LINK]["id"]


def _copied(gate: Launching, **histories: str) -> None:
    gate.platform.switch(**histories)


def test_a_copied_link_tells_where_it_came_from_by_our_ids(gate: Launching) -> None:
    class_id, link_id = _ids(gate, gate.launch("tia", 101))
    _copied(gate, context_history="course-101", link_history="link-101")
    told = _custom(gate, gate.launch("tia", 102))
    assert (told["context_id_history"], told["resource_link_id_history"]) == (class_id, link_id)


def test_it_is_told_at_every_later_launch_even_when_the_lms_is_silent(gate: Launching) -> None:
    _, link_id = _ids(gate, gate.launch("tia", 101))
    _copied(gate, link_history="link-101")
    gate.launch("tia", 102)
    _copied(gate, link_history="")
    assert _custom(gate, gate.launch("sam", 102))["resource_link_id_history"] == link_id


def test_a_history_that_comes_later_is_still_heard(gate: Launching) -> None:
    _, link_id = _ids(gate, gate.launch("tia", 101))
    gate.launch("tia", 102)
    _copied(gate, link_history="link-101")
    assert _custom(gate, gate.launch("tia", 102))["resource_link_id_history"] == link_id


def test_origins_keep_the_order_of_the_history(gate: Launching) -> None:
    first, second = _ids(gate, gate.launch("tia", 101)), _ids(gate, gate.launch("tia", 102))
    _copied(gate, link_history="link-102, link-7,link-101,")
    outcome = gate.launch("tia", 101, put={names.RESOURCE_LINK: {"id": "link-new"}})
    assert _custom(gate, outcome)["resource_link_id_history"] == f"{second[1]},{first[1]}"


def test_a_platforms_own_ids_are_not_passed_on(gate: Launching) -> None:
    _copied(gate, context_history="course-7,course-8", link_history="link-7")
    assert not {"context_id_history", "resource_link_id_history"} & _custom(gate, gate.launch("tia", 101)).keys()


def test_a_course_is_no_origin_of_itself(gate: Launching) -> None:
    gate.launch("tia", 101)
    _copied(gate, context_history="course-101", link_history="link-101")
    assert not {"context_id_history", "resource_link_id_history"} & _custom(gate, gate.launch("tia", 101)).keys()


@pytest.mark.parametrize("name", ["context_history", "link_history"])
def test_a_history_reaches_into_no_other_school(gate: Launching, name: str) -> None:  # A18, A23
    elsewhere = gate.join(a_config(client_id="elsewhere"))
    gate.launch("tia", 101, platform=elsewhere)
    _copied(gate, **{name: "course-101,link-101"})
    assert not {"context_id_history", "resource_link_id_history"} & _custom(gate, gate.launch("tia", 102)).keys()


def test_a_history_of_many_thousand_ids_is_cut(gate: Launching) -> None:
    _copied(gate, context_history=",".join(f"course-{each}" for each in range(3_000)))
    assert gate.launch("tia", 101).code == "accepted"
