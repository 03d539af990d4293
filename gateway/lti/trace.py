"""The launch trace: a list of named checks with their outcome, never a token, a name or an e-mail."""

from __future__ import annotations

import msgspec

PASSED, FAILED = "ok", "failed"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[tuple[str, str, str]]).decode


class Trace:
    """What was checked in one launch, in order. A step is (check, outcome, note)."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps: list[tuple[str, str, str]] = []

    def passed(self, check: str, note: str = "") -> None:
        """Note a check that passed."""
        self.steps.append((check, PASSED, note))

    def failed(self, check: str, code: str, detail: str = "") -> None:
        """Note the check that ended the launch, with its code and a detail free of personal data."""
        self.steps.append((check, FAILED, f"{code}: {detail}" if detail else code))

    def text(self) -> str:
        """Return the trace as it is stored."""
        return _encode(self.steps).decode()


def read_trace(text: str) -> list[tuple[str, str, str]]:
    """Return the steps of a stored trace."""
    return _decode(text)
