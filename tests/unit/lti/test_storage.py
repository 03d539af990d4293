"""Whom our page asks: the platform's own origin, and frames with plain names."""

from __future__ import annotations

import pytest

from gateway.lti.storage import frame_name, storage_for


@pytest.mark.parametrize(
    ("target", "frame"),
    [
        (None, ""),
        ("", ""),
        ("_parent", "_parent"),
        ("post_message_forwarding", "post_message_forwarding"),
        ("a" * 65, "_parent"),
        ('"><script>', "_parent"),
        ("name with spaces", "_parent"),
    ],
)
def test_a_frame_is_named_plainly_or_is_the_parent(target: str | None, frame: str) -> None:
    assert frame_name(target) == frame


def test_only_the_origin_of_the_authorization_address_is_asked() -> None:
    storage = storage_for("state", "https://sso.lms.example/api/auth?x=1", "_parent")
    assert storage.origin == "https://sso.lms.example:443"
    assert storage_for("state", "not an address", "_parent").origin == ""


def test_the_key_gives_the_state_away_to_nobody() -> None:
    storage = storage_for("a-very-secret-state", "https://lms.example", "_parent")
    assert "secret" not in storage.key
    assert storage.key == storage_for("a-very-secret-state", "https://lms.example", "x").key
