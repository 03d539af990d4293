"""The guarded client as a room sees it: a room knows the contract's failures, not ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx

from gateway.outbound.client import Limits, Outbound
from gateway.outbound.failures import OutboundFailed, OutboundRefused
from gateway.outbound.response import Response
from providers.contract import BadData, Failure, Misconfigured, Unavailable

# Rooms work in the background, and a school's own server may think for most of a minute before its first byte.
PATIENT: Final = Limits(connect=10, read=60, total=120)
# A registration is made of two calls while somebody looks at an empty frame.
WHILE_A_PERSON_WAITS: Final = Limits(connect=5, read=10, total=12, max_body=256 * 1024)
# A receiver of webhooks should write the message down and answer.
A_RECEIVER: Final = Limits(connect=5, read=10, total=10, max_body=64 * 1024)

_REASONS = {
    "url": "is not a usable web address",
    "scheme": "is not an https address",
    "port": "uses a port other than 443",
    "address": "leads into a private network",
}


@dataclass(frozen=True, slots=True)
class RoomReply:
    """A `providers.contract.Reply`."""

    response: Response

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, looked up without regard to case."""
        return self.response.headers

    @property
    def body(self) -> bytes:
        """The whole body, unpacked."""
        return self.response.body

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return self.response.ok

    def json(self) -> Any:
        """Return the body as JSON. Raises BadData (``http.not_json``)."""
        try:
            return self.response.json()
        except OutboundFailed as failed:
            raise failure_of(failed) from failed


@dataclass(frozen=True, slots=True)
class RoomHttp:
    """A `providers.contract.Http` over our one client."""

    outbound: Outbound
    limits: Limits = PATIENT

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        form: Mapping[str, str] | None = None,
        max_body: int | None = None,
        tells_redirects: bool = False,
    ) -> RoomReply:
        """Send one request and return the answer; failures as the contract's `Http` names them."""
        limits = replace(self.limits, max_body=max_body or self.limits.max_body, tells_redirects=tells_redirects)
        try:
            return RoomReply(self.outbound.request(method, url, headers, body=body, form=form, limits=limits))
        except OutboundRefused as refused:
            raise _refusal(refused) from refused
        except OutboundFailed as failed:
            raise failure_of(failed) from failed

    def check(self, url: str) -> None:
        """Raise Misconfigured (``http.address_refused``) for an address that is never called."""
        try:
            self.outbound.check(url)
        except OutboundRefused as refused:
            raise _refusal(refused) from refused

    def close(self) -> None:
        """Close idle connections, everybody's."""
        self.outbound.close()


def _refusal(refused: OutboundRefused) -> Misconfigured:
    detail = f"{refused}; setting SCHOOLGATE_ALLOW_HOSTS"
    return Misconfigured(
        "http.address_refused",
        f"{refused.host or 'The address'} {_REASONS[refused.reason]}. Correct it, or an operator allows the host.",
        detail,
    )


def failure_of(failed: OutboundFailed) -> Failure:
    """Return the contract's failure for one of ours, chosen by what the caller must do next."""
    host, detail = failed.host, str(failed)
    match failed.kind:
        case "redirect":
            return Misconfigured("http.redirected", f"The address sends us on to {host}: enter the final one.", detail)
        case "tls":
            return Misconfigured("http.tls", f"{host} can't prove with its certificate that it is {host}.", detail)
        case "too_large":
            return BadData("http.too_large", f"The answer of {host} is larger than we take.", detail)
        case "json" | "status":
            return BadData("http.not_json", f"{host} answered with something that is not JSON.", detail)
        case _:
            return _for_another_try(failed)


def _for_another_try(failed: OutboundFailed) -> Unavailable:
    host, detail = failed.host, str(failed)
    if failed.kind == "timeout":
        return Unavailable("http.timeout", f"{host} did not answer in time.", detail)
    if isinstance(failed.__cause__, httpx.ConnectError):
        return Unavailable("http.unreachable", f"{host} can't be reached.", detail)
    return Unavailable("http.cut_short", f"The answer of {host} did not arrive whole.", detail)
