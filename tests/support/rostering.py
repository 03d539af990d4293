"""A simulated OneRoster provider on a real socket, and a context with a clock and a sleep of its own to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from structlog.testing import capture_logs

from gateway.outbound import Limits, Outbound, RoomHttp
from gateway.services.room_context import RoomLog
from providers.contract import Batch, Context, Fault, Finished, Kind
from providers.kit.oneroster.rest import Auth, Bearer, OAuth1, OAuth2, RestRoster, Source
from providers.kit.rest.token import TokenRequest
from providers.kit.simulator.roster_app import create_roster_app
from providers.kit.simulator.roster_auth import BEARER, CLIENT_ID, CLIENT_SECRET
from providers.kit.simulator.roster_provider import ROOTS, TOKEN_PATH, SimulatedRosterProvider
from providers.kit.simulator.roster_switches import RosterSwitches
from providers.kit.simulator.serving import running
from tests.support.key_stores import Clock
from tests.support.token_memory import TokenMemory


@dataclass
class Read:
    """All that a reading brought."""

    records: dict[Kind, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    finished: Finished | None = None
    restarts: int = 0

    @property
    def complete(self) -> frozenset[Kind]:
        assert self.finished is not None
        return self.finished.complete

    def ids(self, kind: Kind) -> list[str]:
        return [record.source_id for record in self.records.get(kind, [])]

    def doubts(self, kind: Kind) -> list[str]:
        """Say why the kind was not proven complete."""
        assert self.finished is not None
        return [fault.message for fault in self.finished.faults if fault.file == f"/{kind}"]


@dataclass
class RosterWorld:
    """One provider, one client. `slept` is what the client waited for; the clock moves with it."""

    base: str
    provider: SimulatedRosterProvider
    outbound: Outbound
    clock: Clock = field(default_factory=Clock)
    slept: list[float] = field(default_factory=list)
    page_size: int = 20
    auth: Callable[[], Auth] | None = None

    @classmethod
    def at(cls, base: str, provider: SimulatedRosterProvider) -> RosterWorld:
        """Return a client of a provider that is served already; its `outbound` is to be closed."""
        return cls(base, provider, Outbound([base.removeprefix("http://")], "schoolgate/1"))

    def switch(self, **switches: Any) -> RosterSwitches:
        """Let the provider behave otherwise."""
        self.provider.switches = replace(self.provider.switches, **switches)
        return self.provider.switches

    def oauth2(self, **changes: Any) -> OAuth2:
        query = self.provider.switches.token_query
        url = f"{self.base}{TOKEN_PATH}{f'?{query}' if query else ''}"
        return OAuth2(replace(TokenRequest(url, CLIENT_ID, CLIENT_SECRET), **changes))

    def _auth(self) -> Auth:
        kinds: dict[str, Callable[[], Auth]] = {
            "oauth2": self.oauth2,
            "oauth1": lambda: OAuth1(CLIENT_ID, CLIENT_SECRET),
            "bearer": lambda: Bearer(BEARER),
        }
        return (self.auth or kinds[self.provider.switches.auth])()

    @property
    def source(self) -> Source:
        root = f"{self.base}{ROOTS[self.provider.switches.version]}"
        return Source(root, self._auth, page_size=self.page_size)

    def context(self, settings: object = None) -> Context[Any]:
        return Context(
            integration_id="integration-1",
            settings=settings,
            http=RoomHttp(self.outbound, Limits(connect=2, read=5, total=10)),
            tokens=TokenMemory(self.clock),
            now=self.clock,
            sleep=self._sleep,
            log=RoomLog("integration-1", (CLIENT_SECRET,)),
            sign=lambda claims: "",
        )

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.move(seconds=seconds)

    def read(self, *, since: str | None = None, resume: str | None = None, **source: Any) -> Read:
        """Read to the end."""
        return gather(self.batches(since=since, resume=resume, **source))

    def batches(self, *, since: str | None = None, resume: str | None = None, **source: Any) -> Iterator[Any]:
        asked = replace(self.source, **source)
        return RestRoster(lambda _: asked).read(self.context(), since=since, resume=resume)

    def check(self, **source: Any) -> dict[str, str]:
        """Return the advice for each check that is not well."""
        asked = replace(self.source, **source)
        found = RestRoster(lambda _: asked).check(self.context())
        return {health.check: health.advice for health in found if not health.ok}


def gather(parts: Iterator[Batch | Finished]) -> Read:
    """Keep all that a reading yields."""
    read = Read()
    with capture_logs():
        for part in parts:
            if isinstance(part, Finished):
                read.finished = part
            else:
                if part.restarts:
                    read.records.clear()
                    read.faults.clear()
                    read.restarts += 1
                read.records.setdefault(part.kind, []).extend(part.records)
                read.faults += part.faults
                read.cursors += [part.cursor] if part.cursor else []
    return read


@contextmanager
def rostering(students: int = 30) -> Iterator[Callable[[], RosterWorld]]:
    """Serve one address; each call of what is yielded puts a fresh provider behind it."""
    from providers.kit.simulator.roster_data import made_up_roster

    provider = SimulatedRosterProvider()
    with running(lambda _: create_roster_app(provider)) as base:
        first = RosterWorld.at(base, provider)

        def fresh() -> RosterWorld:
            provider.__init__(made_up_roster(students))  # type: ignore[misc]
            return RosterWorld(base, provider, first.outbound)

        try:
            yield fresh
        finally:
            first.outbound.close()


@contextmanager
def plain_context() -> Iterator[Callable[[object], Context[Any]]]:
    """Yield what makes a context of settings; its HTTP reaches loopback alone, its sleep takes no time."""
    clock = Clock()
    outbound = Outbound(["127.0.0.1", "localhost"], "schoolgate/1")

    def context(settings: object) -> Context[Any]:
        return Context(
            integration_id="integration-1",
            settings=settings,
            http=RoomHttp(outbound, Limits(connect=2, read=5, total=10)),
            tokens=TokenMemory(clock),
            now=clock,
            sleep=lambda seconds: clock.move(seconds=seconds),
            log=RoomLog("integration-1", ()),
            sign=lambda claims: "",
        )

    try:
        yield context
    finally:
        outbound.close()
