"""A simulated LMS whose services answer on a real socket, and the context through which a room reaches them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from gateway.outbound import Outbound, RoomHttp
from providers.contract import Context, GradesClaim, LtiEndpoints, LtiService, Tokens
from providers.kit.lti import claims as names
from providers.kit.simulator import SigningKey, SimulatedPlatform, SimulatorConfig
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.people import ALGEBRA, Course, Person
from providers.kit.simulator.serving import running
from providers.kit.simulator.tokens import compact
from tests.support.token_memory import TokenMemory

CLIENT_ID = "client-7"


@cache
def tool_key() -> SigningKey:
    """Return the tool's own key, made once in a run."""
    return SigningKey.generate()


@cache
def _platform_key() -> SigningKey:
    return SigningKey.generate()


@dataclass
class Slept:
    """A `sleep` that takes no time and remembers what it was asked for."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@dataclass
class LmsServices:
    """The platform, and what a room needs to call it."""

    platform: SimulatedPlatform
    service: LtiService
    context: Context[Any]
    slept: Slept

    @property
    def members_url(self) -> str:
        return self.platform.services.members_url(ALGEBRA)

    def grades_claim(self, course: Course = ALGEBRA) -> GradesClaim:
        """Return what a launch from the course says of the gradebook."""
        told: Mapping[str, Any] = self.platform.launch_claims("sam", course)[names.GRADES]
        return GradesClaim(tuple(told["scope"]), told.get("lineitems"), told.get("lineitem"))


def many_people(count: int, *, first: int = 1000) -> list[Person]:
    """Return so many made-up students of the algebra course."""
    return [
        Person(f"s{number}", number, f"Given{number}", f"Family{number}", "", {ALGEBRA.id: ("student",)}, f"N-{number}")
        for number in range(first, first + count)
    ]


def config(base: str) -> SimulatorConfig:
    """Return where this platform lives and which tool it has."""
    return SimulatorConfig(base, CLIENT_ID, "deployment-1", f"{base}/no", f"{base}/no", "https://tool.example/start")


def service_of(platform: SimulatedPlatform) -> LtiService:
    """Return the tool's registration at this platform."""
    told = platform.settings()
    wanted = ("issuer", "client_id", "auth_login_url", "auth_token_url", "key_set_url")
    return LtiService(LtiEndpoints(**{name: told[name] for name in wanted}), platform.config.deployment_id)


@contextmanager
def lms_services(
    kind: type[SimulatedPlatform] = SimulatedPlatform, tokens: Tokens | None = None
) -> Iterator[LmsServices]:
    """Run the platform's services."""
    made: list[SimulatedPlatform] = []

    def build(base: str) -> Any:
        made.append(kind(config(base), key=_platform_key()))
        made[0].services.tokens.tool_keys = lambda: {"keys": [tool_key().jwk()]}
        return create_app(made[0])

    with running(build):
        slept = Slept()
        context: Context[Any] = Context(
            integration_id="integration-1",
            settings=None,
            http=RoomHttp(Outbound(["127.0.0.1"], "Schoolgate/test")),
            tokens=tokens or TokenMemory(lambda: datetime.now(UTC)),
            now=lambda: datetime.now(UTC),
            sleep=slept,
            log=lambda *_args, **_facts: None,
            sign=lambda claims: compact(claims, tool_key()),
        )
        yield LmsServices(made[0], service_of(made[0]), context, slept)
