"""Finds the sealing secrets: those the operator gave, or one made and kept in a file on first start."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex, token_urlsafe

from keys.sealing import MIN_SECRET_BYTES


class SecretMissing(Exception):
    """Production mode wants its secret from the operator, so that all machines share one that survives them."""


class SecretUnusable(Exception):
    """A secret is there, but it is empty or too short to protect anything."""


def find_secrets(given: str | None, kept_in: Path, *, production: bool) -> tuple[bytes, ...]:
    """Return the sealing secrets, the sealing one first, older ones after it.

    `given` (SCHOOLGATE_SECRET_KEY) may hold several, separated by commas or white space. Without it, development
    reads `kept_in`, making it with mode 0600 when absent; production raises SecretMissing.
    """
    if given is not None and given.strip():
        return _split(given, "the given secret")
    if production:
        raise SecretMissing("production mode needs a secret key: it is never made up there")
    if not kept_in.exists():
        _make(kept_in)
    return _split(kept_in.read_text("utf-8"), kept_in.name)


def _split(text: str, source: str) -> tuple[bytes, ...]:
    found = tuple(word.encode() for word in text.replace(",", " ").split())
    if not found or min(map(len, found)) < MIN_SECRET_BYTES:
        raise SecretUnusable(f"{source}: a secret has at least {MIN_SECRET_BYTES} characters")
    return found


def _make(path: Path) -> None:
    """Write the whole file under a private name, then link it in place: of many starters the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(token_urlsafe(MIN_SECRET_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
