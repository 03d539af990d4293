"""The platform's side of deep linking: asks for content, checks the tool's answer, and keeps the links that came.

https://www.imsglobal.org/spec/lti-dl/v2p0
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from providers.kit.lti import claims as names

if TYPE_CHECKING:
    from providers.kit.simulator.lti_platform import SimulatedPlatform
    from providers.kit.simulator.people import Course, Person

_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
_MESSAGES = ("msg", "errormsg")
_OLDEST, _NEWEST = 300, 30  # seconds that an answer may be old, and ahead


class AnswerRefused(Exception):
    """The tool's answer can't be taken; the text is the platform's own words."""


@dataclass(frozen=True, slots=True)
class Added:
    """A link that a teacher added to a course."""

    id: str
    item: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Return what the course page calls it."""
        return str(self.item.get("title") or self.item["type"])


@dataclass
class DeepLinks:
    """One platform's links; `fetch_keys` reads the tool's key set."""

    platform: SimulatedPlatform
    added: dict[int, list[Added]] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)  # the claims of every answer that was taken
    fetch_keys: Callable[[str], Any] = lambda url: httpx.get(url, timeout=5, headers={"User-Agent": "sim"}).json()
    _asked: dict[str, tuple[str, int]] = field(default_factory=dict)  # our data -> person and course
    _changes: dict[str, dict[str, Any]] = field(default_factory=dict)  # launch hint -> what its claims are
    _nonces: set[str] = field(default_factory=set)

    def ask(self, person: Person, course: Course, return_url: str) -> dict[str, str]:
        """Begin a launch in which the person chooses content; return the login's parameters."""
        parameters = self.platform.login_parameters(person, course)
        put: dict[str, Any] = {names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST}
        put[names.DEEP_LINKING_SETTINGS] = self.settings(person, course, return_url)
        self._changes[parameters["lti_message_hint"]] = {"put": put, "remove": [names.RESOURCE_LINK]}
        return parameters

    def settings(self, person: Person, course: Course, return_url: str) -> dict[str, Any]:
        """Return the settings of one request (Deep Linking 4.4.1)."""
        data = secrets.token_urlsafe(12)
        self._asked[data] = (person.key, course.id)
        switches = self.platform.switches
        return {
            "deep_link_return_url": return_url,
            "accept_types": list(switches.accept_types),
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": switches.accept_multiple,
            "accept_lineitem": True,
            "data": data,
        }

    def open(self, person: Person, course: Course, link: Added) -> dict[str, str]:
        """Begin a launch of an added link; return the login's parameters."""
        parameters = self.platform.login_parameters(person, course)
        put: dict[str, Any] = {names.RESOURCE_LINK: {"id": link.id, "title": link.title}}
        put[names.CUSTOM] = self.platform.link_custom(person, course, link.item.get("custom", {}))
        if url := link.item.get("url"):
            put[names.TARGET_LINK_URI] = parameters["target_link_uri"] = url
        self._changes[parameters["lti_message_hint"]] = {"put": put}
        return parameters

    def requested(self, hint: str) -> dict[str, Any]:
        """Return the settings that the launch of this hint will carry; a test changes them in place."""
        settings: dict[str, Any] = self._changes[hint]["put"][names.DEEP_LINKING_SETTINGS]
        return settings

    def expect(self, data: str, person_key: str, course_id: int) -> None:
        """Expect an answer with this data, which a test put in the place of ours."""
        self._asked[data] = (person_key, course_id)

    def changes(self, hint: str) -> dict[str, Any]:
        """Return what `launch_claims` is to change in the launch of this hint."""
        return self._changes.pop(hint, {})

    def of(self, course_id: int, number: int) -> Added | None:
        """Return a course's added link by its number, from 1."""
        links = self.added.get(course_id, [])
        return links[number - 1] if 1 <= number <= len(links) else None

    def take(self, token: str) -> tuple[int, list[Added], str]:
        """Check the answer and add its links; return the course, what was added, and the tool's message.

        Raises:
            AnswerRefused: in this platform's words.
        """
        claims = self._verified(token)
        person_and_course = self._asked.pop(claims.get(names.DEEP_LINKING_DATA, ""), None)
        if person_and_course is None:
            raise self._refused("data")
        items = claims.get(names.CONTENT_ITEMS, [])
        self._check_items(items)
        self.answers.append(claims)
        course_id = person_and_course[1]
        new = [Added(f"added-{secrets.token_hex(4)}", item) for item in items]
        self.added.setdefault(course_id, []).extend(new)
        return course_id, new, next((claims[_CLAIM + name] for name in _MESSAGES if claims.get(_CLAIM + name)), "")

    def _verified(self, token: str) -> dict[str, Any]:
        config = self.platform.config
        url = f"{config.tool_login_url.rpartition('/lti/')[0]}/.well-known/jwks.json"
        try:
            signed = jws.extract_compact(token.encode())
            if not signed.headers().get("kid"):
                raise self._refused("format")
            keys = KeySet.import_key_set(self.fetch_keys(url))
            claims: Any = json.loads(jws.deserialize_compact(token, keys, algorithms=["RS256"]).payload)
        except (JoseError, ValueError) as fault:
            raise self._refused("signature") from fault
        now = self.platform.now().timestamp()
        audience = claims.get("aud")
        wrong = {
            "iss": claims.get("iss") != config.client_id,
            "aud": config.issuer not in ([audience] if isinstance(audience, str) else audience or []),
            "iat": not now - _OLDEST <= claims.get("iat", 0) <= now + _NEWEST,
            "exp": not claims.get("exp", 0) > now,
            "nonce": not claims.get("nonce") or claims["nonce"] in self._nonces,
            "message": claims.get(names.MESSAGE_TYPE) != "LtiDeepLinkingResponse",
            "version": claims.get(names.VERSION) != names.LTI_VERSION,
            "deployment": not claims.get(names.DEPLOYMENT_ID),
        }
        if found := next((name for name, is_wrong in wrong.items() if is_wrong), None):
            raise self._refused(found)
        self._nonces.add(claims["nonce"])
        return dict(claims)

    def _check_items(self, items: Any) -> None:
        switches = self.platform.switches
        for item in items:
            if item.get("type") not in switches.accept_types:
                raise self._refused("type")
            if switches.link_needs_url and item["type"] == "ltiResourceLink" and not item.get("url"):
                raise self._refused("url")
            if any(value is None for value in item.get("custom", {}).values()):
                raise self._refused("custom")
        if len(items) > 1 and not switches.accept_multiple:
            raise self._refused("multiple")

    def _refused(self, fault: str) -> AnswerRefused:
        words = {**_WORDS, **self.platform.answer_errors}
        return AnswerRefused(words.get(fault, words["claim"].format(fault)))


_WORDS = {
    "format": "The answer is not a signed token with a kid.",
    "signature": "The answer's signature can't be verified.",
    "data": "The answer belongs to no request, or to one that was answered.",
    "type": "The tool sent a kind of content that was not asked for.",
    "multiple": "The tool sent more than one item.",
    "url": "Invalid Link",
    "custom": "A custom parameter is null.",
    "claim": "The answer's {} is missing or wrong.",
}
