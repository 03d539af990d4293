"""The section shown beside a check is the check's own."""

from __future__ import annotations

import pytest

from gateway.lti.catalogue import SPEC_OF_CHECK


@pytest.mark.parametrize(
    ("check", "section"),
    [("audience", "Security 5.1.3 (3)"), ("times", "Security 5.1.3 (7)"), ("person", "Core 5.3.6")],
)
def test_a_check_with_several_ends_shows_its_first_section(check: str, section: str) -> None:
    assert SPEC_OF_CHECK[check] == section
