"""The five failures carry a stable code, a safe sentence and a detail."""

from __future__ import annotations

import pytest

from providers.contract import BadData, Failure, Misconfigured, Refused, Unavailable, Untrusted


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        (Misconfigured, "misconfigured"),
        (Refused, "refused"),
        (Unavailable, "unavailable"),
        (BadData, "bad_data"),
        (Untrusted, "untrusted"),
    ],
)
def test_failure_names_its_family(kind: type[Failure], family: str) -> None:
    failure = kind("room.code", "Say this.", "log that")
    assert (failure.family, failure.code, failure.sentence, failure.detail) == (
        family,
        "room.code",
        "Say this.",
        "log that",
    )


def test_text_is_the_detail_or_else_the_sentence() -> None:
    assert str(BadData("a.b", "Say this.", "log that")) == "a.b: log that"
    assert str(BadData("a.b", "Say this.")) == "a.b: Say this."


def test_unavailable_may_say_when_to_try_again() -> None:
    assert Unavailable("a.b", "Later.", retry_after=2.5).retry_after == 2.5
    assert Unavailable("a.b", "Later.").retry_after is None
