"""A real SMTP server on loopback that keeps what it gets."""

from __future__ import annotations

import re
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # aiosmtpd names a part of asyncio that newer Pythons deprecate
    from aiosmtpd.controller import Controller

_CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")
_LINK = re.compile(r"https?://\S+/letter/\S+")


@dataclass
class Mailbox:
    """Mails as they arrived, oldest first. While `refuses` holds an answer, that is what senders get."""

    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: str = ""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep one mail."""
        if self.refuses:
            return self.refuses
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def text(self, number: int = -1) -> str:
        """Return the plain text of a mail, by default the last one's."""
        body = self.mails[number].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def html(self, number: int = -1) -> str:
        """Return the HTML of a mail."""
        body = self.mails[number].get_body(("html",))
        assert body is not None
        return str(body.get_content())

    def code(self) -> str:
        """Return the access code in the last mail."""
        found = _CODE.search(self.text())
        assert found is not None, self.text()
        return found[0]

    def link(self) -> str:
        """Return the link in the last mail."""
        found = _LINK.search(self.text())
        assert found is not None, self.text()
        return found[0]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run the server."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        box.url = f"smtp://127.0.0.1:{port}"
        yield box
    finally:
        controller.stop()
