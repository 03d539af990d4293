"""An answer from outside, read in a stream and bounded, whatever its headers claim."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from gateway.outbound.failures import OutboundFailed


@dataclass(frozen=True, slots=True)
class Response:
    """Any answer; a redirect only where it was asked for. `headers` are looked up without regard to case."""

    host: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Say whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body as JSON, or raise OutboundFailed of kind `json`."""
        try:
            return msgspec.json.decode(self.body)
        except (ValueError, RecursionError) as error:
            raise OutboundFailed("json", self.host, self.status) from error


def read_body(answer: httpx.Response, host: str, max_body: int) -> bytes:
    """Return the body, unpacked; stop reading at the cap, so that neither 50 MB nor a gzip bomb fills the memory."""
    unpacker = _unpacker(answer, host)
    body = bytearray()
    for chunk in answer.iter_raw():
        try:
            body += chunk if unpacker is None else unpacker.decompress(chunk, max_body + 1 - len(body))
        except zlib.error as error:
            raise OutboundFailed("encoding", host, answer.status_code) from error
        if len(body) > max_body:
            raise OutboundFailed("too_large", host, answer.status_code)
    if (
        unpacker is not None and answer.num_bytes_downloaded and not unpacker.eof
    ):  # cut short: half a roster is not a roster
        raise OutboundFailed("encoding", host, answer.status_code)
    return bytes(body)


def _unpacker(answer: httpx.Response, host: str) -> zlib._Decompress | None:
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(wbits=31)
    raise OutboundFailed("encoding", host, answer.status_code)
