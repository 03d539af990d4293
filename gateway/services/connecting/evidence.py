"""What waits for an operator as facts to read: each with the value that is live now, where it would change."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from gateway.services.connecting.approvals import Waiting
from gateway.store import Store
from gateway.store.integrations import find_integration
from gateway.store.registrations import registration_with


class Fact(NamedTuple):
    """One thing to judge by. `live` is what stands there now and would change, else nothing."""

    label: str
    value: str
    live: str = ""


_LABELS: Final = {
    "way": "How it came",
    "configuration": "Configuration read from",
    "issuer": "Issuer",
    "client_id": "Client ID",
    "auth_login_url": "Login address",
    "auth_token_url": "Token address",
    "key_set_url": "Key set address",
    "deployments": "Deployments",
    "deployment": "Deployment",
    "schools": "Connected under this registration",
    "platform": "It says of itself",
    "name": "It calls itself",
    "url": "It says it is at",
    "description": "It describes itself",
    "guid": "Its own id",
    "product_family_code": "Product",
    "version": "Version",
}
_WAYS: Final = {"dynamic": "dynamic registration", "manual": "typed in", "configuration": "configuration address"}


def facts_of(store: Store, waiting: Waiting) -> list[Fact]:
    """Return the evidence in a fixed order, what is empty left out."""
    live = _live(store, waiting.evidence.get("replaces"))
    found = []
    for name, label in _LABELS.items():
        value = _text(_WAYS.get(waiting.evidence.get(name, ""), "") if name == "way" else waiting.evidence.get(name))
        if value:
            before = live.get(name, value)
            found.append(Fact(label, value, before if before != value else ""))
    return found


def _live(store: Store, integration_id: str | None) -> dict[str, str]:
    """Return the endpoints of the integration that would change."""
    integration = find_integration(store, integration_id) if integration_id else None
    registration = registration_with(store, str(integration.registration_id)) if integration else None
    if registration is None:
        return {}
    names = ("issuer", "client_id", "auth_login_url", "auth_token_url", "key_set_url")
    return {name: _text(getattr(registration, name)) or "none" for name in names}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(each)}" for name, each in value.items() if each)
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)
