"""What a room offers for being connected, told from what its plate declares."""

from __future__ import annotations

import pytest

from providers.contract import Registration
from providers.kit.lti import registration as by_the_book


def test_ways_are_offered_easiest_first_and_absent_ones_not_at_all() -> None:
    everything = Registration(asks=("client_id",), dynamic=by_the_book, configuration=lambda *_: {})
    assert everything.ways == ("dynamic", "configuration", "manual")
    assert Registration(asks=("client_id",)).ways == ("manual",)
    assert Registration(asks=(), dynamic=by_the_book).ways == ("dynamic",)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("lms.example", True),
        ("north.cloud.example", True),
        ("a.b.cloud.example", True),
        ("cloud.example", False),
        ("evilcloud.example", False),
        ("lms.example.evil.example", False),
        ("lms.example:8443", False),
    ],
)
def test_own_hosts_are_compared_by_whole_names(host: str, own: bool) -> None:
    assert Registration(asks=(), hosts=("lms.example", "*.cloud.example")).is_own_host(host) is own
