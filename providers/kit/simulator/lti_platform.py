"""An LTI 1.3 platform in memory, with keys of its own: signs right launches and, on demand, wrong ones."""

from __future__ import annotations

import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from providers.kit.simulator import login_rules
from providers.kit.simulator.config import Paths, SimulatorConfig
from providers.kit.simulator.course_groups import GroupsOfCourses
from providers.kit.simulator.deep_links import DeepLinks
from providers.kit.simulator.keys import SigningKey, with_leading_zero
from providers.kit.simulator.lti_claims import LaunchClaims
from providers.kit.simulator.messages import as_message
from providers.kit.simulator.notices import PlatformNotices
from providers.kit.simulator.people import COURSES, PEOPLE, Course, Person
from providers.kit.simulator.services import Services
from providers.kit.simulator.switches import Switches
from providers.kit.simulator.tokens import compact
from providers.kit.simulator.tool_desk import ToolDesk

_MOST_OPEN_LAUNCHES = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What the authorization endpoint does: posts `fields` to `to`, or (without `to`) shows `problem`."""

    to: str | None
    fields: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


class SimulatedPlatform(LaunchClaims):
    """One platform. `now` gives aware UTC time; pass `key` to share one, since making it takes a moment."""

    label: ClassVar[str] = "Simulated LMS"
    paths: ClassVar[Paths] = Paths()
    desk_class: ClassVar[type[ToolDesk]] = ToolDesk
    # kind of fault, or the parameter with a wrong value -> the code that it is answered with
    errors: ClassVar[Mapping[str, str]] = {
        "incomplete": "invalid_request",
        "client": "unauthorized_client",
        "session": "login_required",
        "used": "invalid_request",
    }

    answer_errors: ClassVar[Mapping[str, str]] = {}  # how this platform words what is wrong with a deep linking answer

    def __init__(
        self,
        config: SimulatorConfig,
        *,
        switches: Switches | None = None,
        key: SigningKey | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(config, switches=switches, now=now)
        self.key = key or SigningKey.generate()
        self.retired: list[SigningKey] = []
        self.requests: Counter[str] = Counter()  # how often each endpoint was asked
        self.sent: dict[tuple[str, int], Answer] = {}  # the newest launch of each person in each course
        self.services = Services(self)
        self.groups = GroupsOfCourses(self)
        self.notices = PlatformNotices(self)
        self.deep_links = DeepLinks(self)
        self.desk = self.desk_class(self)
        self._open: OrderedDict[str, tuple[Person, Course]] = OrderedDict()

    def settings(self) -> dict[str, Any]:
        """Return what an administrator would fill in at the tool for this platform."""
        home = self.config.home
        return {
            "issuer": self.config.issuer,
            "client_id": self.config.client_id,
            "deployment_ids": self.config.deployment_id,
            "auth_login_url": home + self.paths.authorize,
            "auth_token_url": home + self.paths.token,
            "key_set_url": home + self.paths.key_set,
        }

    def lti_claims(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Add the claims of the services, and of the message if it is not a plain launch."""
        claims = (
            super().lti_claims(person, course)
            | self.services.claims(course)
            | self.notices.claims()
            | self.groups.claims(course)
        )
        return as_message(claims, self.switches.message, self.subject(PEOPLE[self.switches.about]))

    def key_set(self) -> dict[str, Any]:
        """Return the public key set (RFC 7517, section 5)."""
        keys = [key.jwk() for key in (self.key, *self.retired)]
        if not self.switches.key_set_algorithms:
            keys = [{name: value for name, value in key.items() if name != "alg"} for key in keys]
        if self.switches.key_set_leading_zero:
            keys = [key | {"n": with_leading_zero(key["n"])} for key in keys]
        return {"keys": keys}

    def rotate(self, *, keep_old: bool = True) -> None:
        """Sign with a new key from now on; the old one stays published unless it is dropped."""
        self.retired = [self.key, *self.retired] if keep_old else []
        self.key = SigningKey.generate()

    def sign(
        self,
        claims: Mapping[str, Any] | bytes,
        *,
        header: Mapping[str, Any] | None = None,
        key: SigningKey | None = None,
        alg: str = "RS256",
    ) -> str:
        """Sign claims as an id_token. `header` adds or (None) removes members; `alg` may be none or HS256 too."""
        return compact(claims, key or self.key, alg=alg, header=header)

    def login_parameters(self, person: Person | str, course: Course | int = 101) -> dict[str, str]:
        """Start a launch: the parameters that go to the tool's login address, with a hint that works once."""
        who = PEOPLE[person] if isinstance(person, str) else person
        where = COURSES[course] if isinstance(course, int) else course
        hint = self.message_hint()
        self._open[hint] = (who, where)
        while len(self._open) > _MOST_OPEN_LAUNCHES:
            self._open.popitem(last=False)
        parameters = {
            "iss": self.config.issuer,
            "login_hint": self.login_hint(who),
            "target_link_uri": self.config.target_link_uri,
            "lti_message_hint": hint,
        }
        if self.switches.login_client_id:
            parameters["client_id"] = self.config.client_id
        if self.switches.login_deployment:
            parameters[self.switches.login_deployment] = self.deployment_id(where)
        if self.switches.storage_target:
            parameters["lti_storage_target"] = self.switches.storage_target
        return parameters

    def login_address(self) -> str:
        """Return where the tool's logins begin."""
        return self.config.tool_login_url

    def login_hint(self, person: Person) -> str:
        """Return the opaque hint that stands for the person in the browser's session."""
        return f"hint-{person.id}"

    def message_hint(self) -> str:
        """Return a fresh opaque hint that stands for one launch."""
        return secrets.token_urlsafe(16)

    def authorize(self, request: Mapping[str, str]) -> Answer:
        """Answer the tool's authentication request (security framework 5.1.1.2 to 5.1.1.5)."""
        redirect_uri = request.get("redirect_uri", "")
        if not self.redirect_known(redirect_uri):
            return Answer(None, problem="The redirect_uri is not registered for this tool.")
        if request.get("client_id") not in {None, "", self.config.client_id}:
            return self._refuse(request, "client", "unknown client_id")
        if faults := login_rules.missing(request) + login_rules.wrong(request):
            kind = next((name for name in faults if name in self.errors and request.get(name)), "incomplete")
            return self._refuse(request, kind, f"missing or wrong: {', '.join(sorted(set(faults)))}")
        started = self._open.pop(request["lti_message_hint"], None)
        if started is None:
            return self._refuse(request, "used", "this launch was used already or has expired")
        person, course = started
        if not self.switches.session or request["login_hint"] != self.login_hint(person):
            return self._refuse(request, "session", "the browser is not signed in as this person")
        changes = self.deep_links.changes(request["lti_message_hint"])
        fields = {"id_token": self.sign(self.launch_claims(person, course, nonce=request["nonce"], **changes))}
        if "state" in request:
            fields["state"] = request["state"]
        if self.switches.storage_target:
            fields["lti_storage_target"] = self.switches.storage_target
        answer = self.sent[person.key, course.id] = Answer(redirect_uri, fields)
        return answer

    def started(self, message_hint: str) -> tuple[Person, Course] | None:
        """Return who began the launch of this hint, and where, while it is open."""
        return self._open.get(message_hint)

    def redirect_known(self, redirect_uri: str) -> bool:
        """Whether the tool registered this address."""
        return login_rules.redirect_known(redirect_uri, [self.config.tool_redirect_url])

    def _refuse(self, request: Mapping[str, str], fault: str, description: str) -> Answer:
        fields = {"error": self.errors[fault], "error_description": description}
        if "state" in request:
            fields["state"] = request["state"]
        return Answer(request["redirect_uri"], fields)
