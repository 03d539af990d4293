"""Signing in through a portal: a provider's own OAuth 2 code flow, ending in a person of one district."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from providers.contract.context import Context
from providers.contract.launch import LaunchPerson, Role
from providers.contract.roster import Health

Prove = Callable[[str], Mapping[str, Any]]
"""Returns the claims of an ID token, or raises what is wrong: key, signature, issuer, audience, times and nonce."""


@dataclass(frozen=True, slots=True)
class SignInClient:
    """What we are to the provider. `issuer` and `client_id` together name it; one client serves many districts.

    `key_set_url` is empty where the provider signs no ID tokens. `district_id` is the one that these settings belong
    to, None while it is not known.
    """

    issuer: str
    client_id: str
    authorize_url: str
    token_url: str
    key_set_url: str = ""
    district_id: str | None = None
    algorithms: tuple[str, ...] = ("RS256",)
    leeway_seconds: int = 60


class SignInStart(NamedTuple):
    """One sign-in that begins. `state`, `nonce` and `challenge` (PKCE, S256) are URL-safe and go out as they are.

    `district_id` is a wish: where the person is found to belong may be somewhere else. `is_shared_device` asks the
    provider to let the person confirm who they are, where it can.
    """

    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    district_id: str | None = None
    is_shared_device: bool = False


class SignInReturn(NamedTuple):
    """What a browser brought back, its state proven. `verifier` belongs to the challenge; `prove` to ID tokens."""

    code: str
    redirect_uri: str
    verifier: str
    prove: Prove


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in, in the provider's own words, byte for byte; all of it fetched or signed, nothing from the address.

    `district_id` decides the tenant, `subject` with it the person; neither may be blank. `roles` are those of the
    person at their school; several for a person with several. `name_district` asks for the district's name; the hall
    wants it only for the operator who is to accept a new one. `earlier_subject` is what the same answer proves that
    this person was called before: where nobody is known as `subject` yet, it is who was known so.
    """

    district_id: str
    subject: str
    person: LaunchPerson
    roles: tuple[Role, ...] = ()
    name_district: Callable[[], str | None] = field(default=lambda: None, compare=False)
    earlier_subject: str | None = field(default=None, compare=False)


class SignIn(Protocol):
    """Capability: sign-in. `district_setting` names the setting that holds the district's id.

    A room keeps no state between the calls. `finish` may raise BadData (``sso.code_refused``, ``sso.answer_invalid``,
    ``sso.subject_missing``, ``sso.district_missing``), Misconfigured (``sso.client_refused``) and what `Http` raises.
    """

    @property
    def district_setting(self) -> str:
        """The setting that holds the district's id."""
        ...

    def client(self, settings: Any) -> SignInClient:
        """Return who we are to the provider by these settings. Pure."""
        ...

    def authorize_url(self, context: Context[Any], start: SignInStart) -> str:
        """Return where the browser goes to be recognised. Asks nobody."""
        ...

    def finish(self, context: Context[Any], returned: SignInReturn) -> SignedIn:
        """Exchange the code and find out who came."""
        ...

    def check(self, context: Context[Any]) -> Sequence[Health]:
        """Say what is well and which setting to change."""
        ...
