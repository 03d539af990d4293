"""Finds the person whom a submission review or a data privacy launch is about, within the launch's own integration."""

from __future__ import annotations

from dataclasses import replace

from gateway.lti.catalogue import refusal
from gateway.store import Connection
from gateway.store.arrivals import Known
from gateway.store.people import user_of_identity
from providers.contract import Launch
from providers.kit.lti import claims as names
from providers.kit.lti.for_user import read_for_user

ABOUT_SOMEBODY = frozenset({names.SUBMISSION_REVIEW_REQUEST, names.DATA_PRIVACY_REQUEST})


def about_whom(connection: Connection, launch: Launch, known: Known) -> Launch:
    """Return the launch with our sourcedId in its `for_user`; in any other message that claim means nothing and goes.

    Raises:
        Refused: ``lti.for_user_unknown``: nobody of this integration, whoever it may be elsewhere (attack A23).
    """
    if names.FOR_USER not in launch.message:
        return launch
    message = {name: claim for name, claim in launch.message.items() if name != names.FOR_USER}
    if launch.message_type in ABOUT_SOMEBODY:
        subject = read_for_user(launch.message[names.FOR_USER])
        user_id = user_of_identity(connection, str(known.tenant_id), str(known.integration_id), subject)
        if user_id is None:
            raise refusal("lti.for_user_unknown")
        message[names.FOR_USER] = {"user_id": user_id}
    return replace(launch, message=message)
