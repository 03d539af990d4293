"""What a mail is, and what takes it; the way out itself is `gateway.outbound.mail`."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Letter(NamedTuple):
    """One mail. `text` and `html` say the same."""

    to: str
    subject: str
    text: str
    html: str


class Post(Protocol):
    """What takes mails."""

    def send(self, letter: Letter) -> None:
        """Hand a mail over.

        Raises:
            Unavailable: ``mail.unavailable``: try again later.
            Misconfigured: ``mail.refused``, ``mail.not_set_up``: a person must look.
        """
        ...
