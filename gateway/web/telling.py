"""What a page or an answer tells of a launch that was refused."""

from __future__ import annotations

from collections.abc import Callable

from gateway.errors import answer_of
from gateway.services.launch_record import LaunchRefused

Advise = Callable[[LaunchRefused], str]


def told(refused: LaunchRefused, advise: Advise) -> dict[str, str]:
    """Return the sentence for the person, what the administrator changes, the code and the reference."""
    return {
        "sentence": answer_of(refused.failure).sentence,
        "advice": advise(refused),
        "code": refused.failure.code,
        "reference": refused.ref,
    }
