"""LTI platform storage: the page of the LMS around us keeps a value for us where the browser keeps no cookie.

https://www.imsglobal.org/spec/lti-pm-s/v0p1 and https://www.imsglobal.org/spec/lti-cs-oidc/v0p1
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.lti.state import login_name
from gateway.lti.target import origin_of

PARENT = "_parent"
_FRAME = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class Storage(NamedTuple):
    """Whom a page of ours asks, and for what.

    `key` names this login and gives neither state nor nonce away. `origin` is that of the platform's authorization
    address: nobody else is sent the value, and nobody else's answer counts (attack A14). `frame` is a frame's name,
    `_parent`, or empty when the platform did not say that it stores anything.
    """

    key: str
    origin: str
    frame: str


def storage_for(state_text: str, auth_login_url: str, frame: str) -> Storage:
    """Return where the secret of this login is kept."""
    return Storage(login_name(state_text), origin_of(auth_login_url) or "", frame)


def frame_name(storage_target: str | None) -> str:
    """Return the frame that a login's (unsigned) ``lti_storage_target`` names; a strange name means the parent."""
    if not storage_target:
        return ""
    return storage_target if _FRAME.fullmatch(storage_target) else PARENT
