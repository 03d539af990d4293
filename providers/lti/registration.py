"""How any LTI 1.3 platform is connected: dynamic registration by the book, or the values typed in."""

from __future__ import annotations

from typing import Final

from providers.contract import Placement, Registration, Wants
from providers.contract.registration import DEEP_LINKING_REQUEST
from providers.kit.lti import registration as by_the_book

# Standard variables (lti core, appendix B): they fill in what a privacy setting leaves out of the lis claim.
WANTS: Final = Wants(
    placements=(Placement(), Placement("ContentArea", DEEP_LINKING_REQUEST)),
    scopes=(*by_the_book.SERVICE_SCOPES, by_the_book.NOTICE_SCOPE, by_the_book.GROUP_SCOPE),
    custom={"person_sourcedid": "$Person.sourcedId", "section_sourcedid": "$CourseSection.sourcedId"},
)

REGISTRATION: Final = Registration(
    asks=("issuer", "client_id", "auth_login_url", "key_set_url", "auth_token_url", "deployment_ids"),
    wants=WANTS,
    dynamic=by_the_book,
)
