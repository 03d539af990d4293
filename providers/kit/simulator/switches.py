"""Every quirk of a simulated platform as one named switch; a room adds its vendor's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from providers.kit.simulator.legacy import Legacy
from providers.kit.simulator.service_switches import ServiceSwitches


@dataclass(frozen=True)
class Switches(ServiceSwitches):
    """How the platform behaves; the defaults go by the book."""

    # the login request
    login_method: Literal["GET", "POST"] = "POST"
    login_client_id: bool = True  # some platforms leave it out
    login_deployment: str = "lti_deployment_id"  # the parameter's name; "" leaves it out
    storage_target: str = ""  # offers platform storage in that frame
    # how that frame, or else the course page, stores (https://www.imsglobal.org/spec/lti-pm-s/v0p1)
    storage: Literal["answers", "silent", "late", "refuses", "forgets", "wrong_origin", "other_frame"] = "answers"
    storage_seconds: float = 4.0  # how late "late" is
    capabilities: bool = True  # False: does not answer lti.capabilities (mobile apps of some vendors)
    frame_sandbox: str = ""  # the tool's frame has this sandbox attribute
    session: bool = True  # False: the browser has no session at the platform (login_required)
    # the token
    token_seconds: int = 300
    clock_seconds: int = 0  # how far the platform's clock is ahead
    not_before: bool = False
    audience_list: bool = False
    short_roles: bool = False
    context: bool = True  # False: a privacy setting keeps the course back
    titles: bool = True  # False: ... or only its title
    names: bool = True  # False: ... or the person's name, and with it the school's own ids
    emails: bool = True  # False: ... or the e-mail address
    numeric_custom: bool = False  # numbers in custom parameters, as older versions sent them
    unresolved_custom: bool = False  # leaves "$Variables" in place
    # the message: a submission review or a data privacy launch is about somebody
    message: Literal["LtiResourceLinkRequest", "LtiSubmissionReviewRequest", "DataPrivacyLaunchRequest"] = (
        "LtiResourceLinkRequest"
    )
    about: str = "sam"  # that person's key
    # deep linking
    accept_types: tuple[str, ...] = ("ltiResourceLink", "link")
    accept_multiple: bool = True
    link_needs_url: bool = False  # an ltiResourceLink without url is an "Invalid Link"
    context_history: str = ""  # what $Context.id.history says; "" sends no such parameter
    link_history: str = ""  # what $ResourceLink.id.history says
    legacy: Legacy = "none"  # the LTI 1.1 migration claim
    # the key set
    key_set: Literal["ok", "down", "slow", "error", "nonsense"] = "ok"
    key_set_seconds: float = 5.0  # how slow "slow" is
    key_set_max_age: int | None = 300
    key_set_algorithms: bool = True  # False: keys without "alg"
    key_set_leading_zero: bool = False  # a modulus with a zero byte in front, which RFC 7518 forbids
    user_agent_needed: bool = True  # 403 for a caller without User-Agent
    # registration
    registration: bool = True  # offers dynamic registration
    registration_token: bool = True  # hands out a token and wants it back; False: refuses one
    configuration_guarded: bool = True  # wants the token for its configuration too
    configuration_without: tuple[str, ...] = ()  # members that its configuration lacks
    registration_status: int = 201
    registration_refusal: str = ""  # refuses every registration with this text ...
    registration_refusal_status: int = 400  # ... and this status
    registration_deployment: bool = True  # False: the deployment comes with the first launch
    registration_pending: bool = True  # the tool is off until an administrator enables it
    registration_closes: bool = True  # False: a tab that stays open whatever it is told
