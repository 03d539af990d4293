"""What is known of a launch while it is being looked at, and how it is written down in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from gateway.lti.catalogue import REASONS
from gateway.lti.trace import Trace
from gateway.store import Store
from gateway.store.ids import new_reference
from gateway.store.launches import LaunchRow, record_launch, record_refusal
from providers.contract import Failure


class Accepted(NamedTuple):
    """A launch that was let in: its reference, where the browser goes, and the cookie (if any) that did its work."""

    ref: str
    url: str
    spent_cookie: str | None


class LaunchRefused(Exception):
    """A launch that was not let in. `ref` finds its trace; `failure` has the code and the sentence for the page."""

    def __init__(self, failure: Failure, ref: str, registration_id: str | None) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.ref = ref
        self.registration_id = registration_id


class Begun(Protocol):
    """What a launch or sign-in began with."""

    @property
    def registration_id(self) -> str:
        """The registration that it began at."""
        ...

    @property
    def nonce_hash(self) -> bytes:
        """What is remembered once it is used up."""
        ...


@dataclass(slots=True)
class Arriving:
    """A launch or sign-in on its way in. `message_type` is set once it is proven."""

    at: datetime
    ref: str = field(default_factory=new_reference)
    trace: Trace = field(default_factory=Trace)
    registration_id: str | None = None
    state: Begun | None = None
    message_type: str | None = None

    def row(self, outcome: str, **more: Any) -> LaunchRow:
        """Return the row of this proven launch."""
        assert self.state is not None
        assert self.registration_id is not None
        assert self.message_type is not None
        return LaunchRow(
            ref=self.ref,
            created_at=self.at,
            nonce_hash=self.state.nonce_hash,
            registration_id=self.registration_id,
            outcome=outcome,
            message_type=self.message_type,
            trace=self.trace.text(),
            **more,
        )


def write_refusal(store: Store, arriving: Arriving, failure: Failure) -> LaunchRefused:
    """Write down why a launch ended and return what to raise.

    A proven launch is kept like any other and its nonce is used up; anything else goes into the bounded ring
    (attack A13).
    """
    reason = REASONS.get(failure.code)
    arriving.trace.failed(reason.check if reason else failure.family, failure.code, failure.detail)
    if not _write_proven(store, arriving, failure.code):
        record_refusal(
            store,
            ref=arriving.ref,
            at=arriving.at,
            registration_id=arriving.registration_id,
            outcome=failure.code,
            trace=arriving.trace.text(),
        )
    return LaunchRefused(failure, arriving.ref, arriving.registration_id)


def _write_proven(store: Store, arriving: Arriving, outcome: str) -> bool:
    if arriving.message_type is None:
        return False
    with store.statements() as connection:
        return record_launch(connection, arriving.row(outcome))
