"""Notices by the book: https://www.imsglobal.org/spec/lti-pns/v1p0/main/; telling a platform where to send them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from providers.contract import BadData, Context, Failure, LtiService, Misconfigured, Refused, Reply, Unavailable
from providers.kit.lti.service_token import BY_THE_BOOK, TokenRules, authorized
from providers.kit.web_answers import is_overloaded, retry_after

SCOPE: Final = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"


@dataclass(frozen=True, slots=True)
class NoticeHandlers:
    """A `Notices`: one handler for each type of notice; registering it again replaces it."""

    token: TokenRules = BY_THE_BOOK

    def register(
        self, context: Context[Any], service: LtiService, url: str, *, notice_type: str, handler: str, most: int
    ) -> None:
        """Register the handler, see `Notices`."""
        wanted = {"notice_type": notice_type, "handler": handler, "max_batch_size": most}
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        body = json.dumps(wanted).encode()
        reply = authorized(context, service, (SCOPE,), "PUT", url, headers, body=body, rules=self.token)
        if not reply.ok:
            raise _refusal(context, reply)
        if not _has(reply.json(), notice_type, handler):
            raise BadData("notices.handler_unreadable", "The LMS did not confirm where it sends its notices.")


def _has(told: Any, notice_type: str, handler: str) -> bool:
    """Return whether an answer names our handler: by itself, or in the list of all of them."""
    if not isinstance(told, dict):
        return False
    listed = told.get("notice_handlers")
    each = listed if isinstance(listed, list) else [told]
    pairs = [(one.get("notice_type"), one.get("handler")) for one in each if isinstance(one, dict)]
    return (notice_type, handler) in pairs


def _refusal(context: Context[Any], reply: Reply) -> Failure:
    detail = f"status {reply.status}"
    if is_overloaded(reply):
        wait = retry_after(reply, context.now())
        return Unavailable("notices.unavailable", "The LMS takes no notice handler now.", detail, retry_after=wait)
    if reply.status == 400:
        sentence = "The LMS does not take our address for notices: it must lie on the tool's own domain."
        return Misconfigured("notices.handler_refused", sentence, detail)
    sentence = "The LMS sends this tool no notices: switch on its notification service for the tool."
    return Refused("notices.refused", sentence, detail)
