"""The person whom a message is about, who is not always the one who sends it.

https://www.imsglobal.org/spec/lti-ags/v2p0#for-user-claim (submission review) and the data privacy launch.
"""

from __future__ import annotations

from typing import Any

from providers.kit.lti import claims as names
from providers.kit.lti.shapes import identifier, members


def read_for_user(claim: Any) -> str:
    """Return the platform's id of the person a message is about, byte for byte.

    The claim may carry a name and an e-mail address too: they are not read, because an id that we know says who it is,
    and one that we don't know must not become somebody by a name.

    Raises:
        BadData: ``lti.claim_shape``.
    """
    return identifier(members(claim, names.FOR_USER).get("user_id"), f"{names.FOR_USER} user_id")
