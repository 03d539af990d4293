"""Hands a mail to the operator's own mail server (SMTP), or lays it into a folder where there is none."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gateway.services.mail.post import Letter
from providers.contract import Misconfigured, Unavailable

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class SmtpPost:
    """`url` is ``smtp://user:password@host:587`` (TLS by STARTTLS wherever it is offered; with a password always) or
    ``smtps://…:465``. Thread-safe: each mail has a connection of its own.
    """

    url: str
    sender: str
    now: Callable[[], datetime]

    def send(self, letter: Letter) -> None:
        """Hand a mail over to the server."""
        try:
            with self._connect() as server:
                self._secure(server)
                server.send_message(_message(letter, self.sender, self.now()))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as fault:
            raise _refused(fault) from fault
        except (OSError, smtplib.SMTPException) as fault:
            raise Unavailable("mail.unavailable", "The mail server can't be reached.", type(fault).__name__) from fault

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)

    def _secure(self, server: smtplib.SMTP) -> None:
        parts = urlsplit(self.url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        server.ehlo()
        if parts.scheme == "smtp" and (server.has_extn("starttls") or user):  # no password over an open line
            server.starttls(context=ssl.create_default_context())
        if user:
            server.login(user, password)


@dataclass(frozen=True, slots=True)
class FolderPost:
    """Lays mails into a folder as files that mail programs open: for developers, who have no mail server."""

    folder: Path
    sender: str
    now: Callable[[], datetime]

    def send(self, letter: Letter) -> None:
        """Write a mail."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.now():%Y%m%dT%H%M%S%f}.eml"
        (self.folder / name).write_bytes(_message(letter, self.sender, self.now()).as_bytes(policy=SMTP))


class NoPost:
    """Says that nobody has named a mail server."""

    def send(self, letter: Letter) -> None:  # noqa: ARG002 - the Protocol's signature
        """Refuse."""
        raise Misconfigured("mail.not_set_up", "No mail server is named: set SCHOOLGATE_SMTP_URL.")


def _refused(fault: smtplib.SMTPException) -> Misconfigured | Unavailable:
    """Return what to do about a server's no: 4xx passes by itself, 5xx does not (RFC 5321 4.2.1)."""
    codes = (
        [code for code, _ in fault.recipients.values()]
        if isinstance(fault, smtplib.SMTPRecipientsRefused)
        else [getattr(fault, "smtp_code", 0)]
    )
    detail = f"{type(fault).__name__} {codes[0]}"  # never the server's words: they repeat the address
    if all(400 <= code < 500 for code in codes):
        return Unavailable("mail.unavailable", "The mail server asks to wait.", detail)
    return Misconfigured("mail.refused", "The mail server refused the mail, its sender or our password.", detail)


def _message(letter: Letter, sender: str, at: datetime) -> EmailMessage:
    """Return the mail with both bodies. An address is one address: it has no line break and no comma."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"], message["Message-ID"] = format_datetime(at), make_msgid(domain="schoolgate")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
