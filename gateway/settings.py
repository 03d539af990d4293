"""Every switch of the gateway in one table; all faults are reported at once at start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_SENDER = re.compile(r"(?:[^<>\r\n]+ <)?[^@\s<>]+@[^@\s<>]+>?")


class SettingsInvalid(Exception):
    """The gateway can't start with these settings; `faults` has one sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _text(value: str) -> str:
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be a web address such as https://gate.example.org")
    return value.rstrip("/")


def _mail_server(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must be a mail server such as smtp://user:password@mail.example.org:587")
    return value


def _sender(value: str) -> str:
    if not _SENDER.fullmatch(value):
        raise ValueError("must be a sender such as Schoolgate <noreply@example.org>")
    return value


def _hosts(value: str) -> frozenset[str]:
    return frozenset(host.strip().lower() for host in value.replace(",", " ").split())


def _mode(value: str) -> str:
    if value not in {"production", "development"}:
        raise ValueError("must be production or development")
    return value


def _cookieless(value: str) -> str:
    if value not in {"storage", "window"}:
        raise ValueError("must be storage or window")
    return value


def _on_off(value: str) -> bool:
    if value not in {"on", "off"}:
        raise ValueError("must be on or off")
    return value == "on"


def _days(value: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 3650:
        raise ValueError("must be a number of days from 1 to 3650")
    return int(value)


def _minutes(value: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 10080:
        raise ValueError("must be a number of minutes from 1 to 10080")
    return int(value)


def _switch(read: Callable[[str], Any], default: str | None, help: str, *, secret: bool = False) -> Any:
    metadata = {"read": read, "default": default, "help": help, "secret": secret}
    return field(metadata=metadata, repr=not secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The switches. Each is read from SCHOOLGATE_NAME, from the file named in SCHOOLGATE_NAME_FILE, or from the
    TOML file named in SCHOOLGATE_CONFIG, in that order.
    """

    mode: str = _switch(_mode, "development", "production refuses what is only safe on a developer's machine")
    public_url: str = _switch(
        _web_address, "http://localhost:8000", "the address under which browsers and LMSs reach the gateway"
    )
    database_url: str = _switch(
        _text, "sqlite:///var/schoolgate.db", "SQLite file, or postgresql://user:password@host/database"
    )
    secret_key: str | None = _switch(
        _text,
        None,
        "seals secrets at rest; the first of several, separated by commas, seals and all open. Made in the var"
        " directory on first start when unset",
        secret=True,
    )
    allow_hosts: frozenset[str] = _switch(
        _hosts, "", "private hosts (host or host:port) that outbound calls may reach, separated by commas"
    )
    var: str = _switch(_text, "var", "the directory for the secret key and other files the gateway keeps")
    metrics_token: str | None = _switch(
        _text, None, "bearer token for /metrics; unset: only callers on this machine may read it", secret=True
    )
    cookieless: str = _switch(
        _cookieless,
        "storage",
        "where a browser keeps no cookie in the LMS's frame: storage asks the LMS to store, then opens a new window;"
        " window opens one at once, for applications that need cookies of their own",
    )
    trace_days: int = _switch(_days, "90", "how long launch traces are kept")
    event_days: int = _switch(
        _days,
        "90",
        "how long applications can hear of a change of the roster, and how long a webhook's messages are kept",
    )
    invite_days: int = _switch(
        _days,
        "90",
        "how long an invite link is kept after its end, with what was asked through it; and an unknown deployment that"
        " nobody decided on",
    )
    members_minutes: int = _switch(
        _minutes, "30", "how old a class's member list may be when a launch comes from it; older ones are read anew"
    )
    lti_notices: bool = _switch(
        _on_off, "on", "whether LMSs are asked to tell of copied courses by themselves (LTI notices): on or off"
    )

    product_name: str = _switch(
        _text, "Schoolgate", "what mails and the pages of schools without an integration call your product"
    )
    smtp_url: str | None = _switch(
        _mail_server,
        None,
        "the mail server: smtp://user:password@host:587 (with STARTTLS) or smtps://user:password@host:465. Unset: in"
        " development mails are laid into the var directory, in production they wait as failed work",
        secret=True,
    )
    mail_sender: str = _switch(
        _sender, "Schoolgate <noreply@localhost>", "who mails are from, such as Schoolgate <noreply@example.org>"
    )
    mail_templates: str = _switch(_text, "config/mail", "the folder with your own texts of mails")

    @property
    def is_production(self) -> bool:
        """Return whether the strict rules of production hold."""
        return self.mode == "production"

    @property
    def is_https(self) -> bool:
        """Return whether browsers reach us over TLS (then cookies get the `__Host-` prefix)."""
        return self.public_url.startswith("https://")


def environment_name(name: str) -> str:
    """Return the environment variable of a switch."""
    return f"SCHOOLGATE_{name.upper()}"


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Read all switches.

    Raises:
        SettingsInvalid: with every fault that was found, each naming the variable to change.
    """
    faults: list[str] = []
    from_file = _read_config(environment.get("SCHOOLGATE_CONFIG"), faults)
    values: dict[str, Any] = {}
    for switch in fields(Settings):
        text = _find(switch.name, environment, from_file, faults)
        if text is None:
            text = switch.metadata["default"]
        try:
            values[switch.name] = None if text is None else switch.metadata["read"](text)
        except ValueError as fault:
            faults.append(f"{environment_name(switch.name)} {fault}.")
    if not faults:
        settings = Settings(**values)
        faults = _production_faults(settings)
    if faults:
        raise SettingsInvalid(faults)
    return settings


def _read_config(path: str | None, faults: list[str]) -> dict[str, str]:
    if not path:
        return {}
    try:
        table = tomllib.loads(Path(path).read_text())
    except (OSError, tomllib.TOMLDecodeError) as fault:
        faults.append(f"SCHOOLGATE_CONFIG names a file that can't be read: {fault}.")
        return {}
    known = {switch.name for switch in fields(Settings)}
    faults.extend(f"{path} has an unknown setting {name!r}." for name in table if name not in known)
    return {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in table.items()}


def _find(name: str, environment: Mapping[str, str], from_file: Mapping[str, str], faults: list[str]) -> str | None:
    variable = environment_name(name)
    if environment.get(variable):
        return environment[variable]
    if path := environment.get(f"{variable}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as fault:
            faults.append(f"{variable}_FILE names a file that can't be read: {fault.strerror}.")
    return from_file.get(name) or None


def _production_faults(settings: Settings) -> list[str]:
    if not settings.is_production:
        return []
    faults = []
    if settings.secret_key is None:
        faults.append("SCHOOLGATE_SECRET_KEY must be set in production (or SCHOOLGATE_SECRET_KEY_FILE).")
    if not settings.is_https:
        faults.append("SCHOOLGATE_PUBLIC_URL must start with https:// in production.")
    if settings.smtp_url and settings.mail_sender == "Schoolgate <noreply@localhost>":
        faults.append("SCHOOLGATE_MAIL_SENDER must be set where SCHOOLGATE_SMTP_URL is.")
    return faults
