"""Guides are filled in whole or not at all."""

from __future__ import annotations

import pytest

from providers.contract import Misconfigured
from providers.kit.guide import fill_in, placeholders


def test_placeholders_are_found_with_and_without_spaces() -> None:
    assert placeholders("{{login_url}} and {{ domain }} but not {this}") == {"login_url", "domain"}


def test_values_are_put_in() -> None:
    assert fill_in("a {{x}} b {{ x }}", {"x": "1"}) == "a 1 b 1"


def test_hole_is_refused() -> None:
    with pytest.raises(Misconfigured, match="asks for y"):
        fill_in("{{x}} {{y}}", {"x": "1"})
