"""Ids that people, classes and links had under LTI 1.1: proven, told to the application, and kept beside ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.lti.trace import Trace
from gateway.services.linking import Arrival
from gateway.store import Connection
from gateway.store.arrivals import Known
from gateway.store.legacy_ids import LegacyId, keep_legacy_ids
from providers.contract import Launch, VerifiedClaims
from providers.kit.lti import claims as names
from providers.kit.lti.legacy import LegacyKey, read_legacy


def with_legacy_ids(launch: Launch, claims: VerifiedClaims, settings: Any, client_id: str, trace: Trace) -> Launch:
    """Return the launch with its old ids, if it has any and the integration's old secret signed them (attack A24)."""
    if names.LTI1P1 not in claims:
        return launch
    key, secret = getattr(settings, "legacy_consumer_key", None), getattr(settings, "legacy_shared_secret", None)
    if not key or not secret:
        trace.passed("LTI 1.1 ids", "ignored: this integration has no LTI 1.1 key and secret")
        return launch
    proven = read_legacy(claims, LegacyKey(key, secret), client_id)
    if isinstance(proven, str):
        trace.passed("LTI 1.1 ids", f"ignored: {proven}")
        return launch
    trace.passed("LTI 1.1 ids", "signed")
    return replace(launch, message={**launch.message, names.LTI1P1: proven})


def keep_ids(connection: Connection, launch: Launch, known: Known, arrival: Arrival) -> None:
    """Keep which of our ids stand for the old ones."""
    old = launch.message.get(names.LTI1P1)
    if not old:
        return
    ours = {
        "user_id": ("user", arrival.user_id),
        "context_id": ("class", arrival.class_id),
        "resource_link_id": ("resource_link", arrival.link_row_id),
    }
    kept = [LegacyId(kind, old[name], id) for name, (kind, id) in ours.items() if id is not None and name in old]
    keep_legacy_ids(connection, str(known.tenant_id), str(known.integration_id), kept)
