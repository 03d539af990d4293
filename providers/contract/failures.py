"""The five failures a room may raise, told apart by what the caller must do next."""

from __future__ import annotations

from typing import ClassVar


class Failure(Exception):
    """A failure with a stable `code`, a `sentence` that is safe on a page, and a `detail` for the log.

    `code` is dotted lower case, for example ``lti.kid_unknown``. Neither `sentence` nor `detail` may carry
    a token, a secret, a name or an e-mail address.
    """

    family: ClassVar[str] = "failure"

    def __init__(self, code: str, sentence: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail or sentence}")
        self.code = code
        self.sentence = sentence
        self.detail = detail


class Misconfigured(Failure):
    """A person must change a setting, here or at the provider; trying again does not help."""

    family = "misconfigured"


class Refused(Failure):
    """The provider understood and said no: credentials, scope or permission."""

    family = "refused"


class Unavailable(Failure):
    """The provider can't be reached or is overloaded: try again later."""

    family = "unavailable"

    def __init__(self, code: str, sentence: str, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(code, sentence, detail)
        self.retry_after = retry_after


class BadData(Failure):
    """One record or answer does not have the promised shape: skip it and count it."""

    family = "bad_data"


class Untrusted(Failure):
    """Something claims to be what it can't prove: goes to the security log, answered with 401."""

    family = "untrusted"
