"""Connecting Schoology: it has no dynamic registration, so its app is made by hand."""

from __future__ import annotations

from typing import Final

from providers.contract import Placement, Registration, Wants
from providers.contract.registration import DEEP_LINKING_REQUEST
from providers.kit.lti import registration as by_the_book
from providers.schoology.launch import CUSTOM

REGISTRATION: Final = Registration(
    asks=("client_id", "deployment_ids", "consumer_key", "consumer_secret"),
    wants=Wants(
        placements=(Placement("Course Materials", DEEP_LINKING_REQUEST),),
        scopes=by_the_book.SERVICE_SCOPES,
        custom=CUSTOM,
    ),
    hosts=("*.schoology.com",),
)
