"""Claims before and after proof: two types, so that they can't be mistaken for each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class _Claims(Mapping[str, Any]):
    __slots__ = ("_claims",)

    def __init__(self, claims: Mapping[str, Any]) -> None:
        self._claims = claims

    def __getitem__(self, name: str) -> Any:
        return self._claims[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    def __contains__(self, name: object) -> bool:
        return name in self._claims  # Mapping's own looks the claim up and catches what is raised

    def __len__(self) -> int:
        return len(self._claims)

    def get(self, name: str, default: Any = None, /) -> Any:
        """Look a claim up without the exception that Mapping.get makes for each absent one."""
        return self._claims.get(name, default)

    def copied(self) -> dict[str, Any]:
        """Return the claims as a dict of their own: at once, where dict() asks for one after the other."""
        return dict(self._claims)

    def __repr__(self) -> str:
        """Names only: the values are personal data and must not reach a log by accident."""
        return f"{type(self).__name__}({', '.join(sorted(self._claims))})"


class UnverifiedClaims(_Claims):
    """What a token says before its signature was checked. Good for finding a registration, nothing else."""

    __slots__ = ()


class VerifiedClaims(_Claims):
    """What a token says after signature, issuer, audience, times and nonce were checked.

    Only the verifier (`gateway.lti.verifier`) makes one; an architecture test holds that.
    """

    __slots__ = ()
