"""Has platforms send us their notices: a job after a launch that offers the service, once for each deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from gateway.services.jobs import Job, Jobs
from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.room_context import RoomContexts
from gateway.services.service_claims import address_in
from gateway.store import Store
from gateway.store.arrivals import Known
from gateway.store.integrations import find_integration
from gateway.store.notice_handlers import Handler, ask_handler, find_handler, note_handler
from providers.contract import Failure, Launch, LtiService, Unavailable
from providers.kit.lti import claims as names

WORK: Final = "notices.register"
AGAIN: Final = timedelta(days=1)  # a launch asks once more then, if it did not come to anything
MOST: Final = 50  # notices that we want in one batch
_log = structlog.get_logger("schoolgate.notices")


def handler_url(public_url: str, registration_id: str) -> str:
    """Return where a registration's notices go."""
    return f"{public_url}/lti/notices/{registration_id}"


@dataclass(frozen=True, slots=True)
class NoticeHandlers:
    """Thread-safe. `is_on`: platforms are asked to send notices at all."""

    store: Store
    jobs: Jobs
    contexts: RoomContexts
    registrations: Registrations
    now: Callable[[], datetime]
    public_url: str
    is_on: bool

    def after_launch(self, launch: Launch, known: Known, registration_id: str) -> None:
        """Ask for a handler where the launch offers notices of copies and none was asked for. Never stops a launch."""
        claim = launch.services.get(names.NOTICES) if self.is_on else None
        url = address_in(claim, "platform_notification_service_url")
        if url is None or " " in url or not _tells_copies(claim):
            return
        wanted, now = f"{url} {handler_url(self.public_url, registration_id)}", self.now()
        if known.notices_asked == wanted and (known.notices_due_at is None or now < known.notices_due_at):
            return
        row_id = str(known.deployment_row_id)
        try:
            if self.contexts.rooms.room(known.provider).notices is None:
                return
            if ask_handler(self.store, row_id, wanted=wanted, now=now, again_at=now + AGAIN):
                self.jobs.enqueue(WORK, {"deployment": row_id}, key=f"{WORK}:{row_id}")
        except Exception as fault:
            _log.warning("notices were not asked for", fault=type(fault).__name__)

    def work(self, job: Job) -> None:
        """Register one deployment's handler; what a person must mend is kept with the deployment, for them to see."""
        handler = find_handler(self.store, str(job.args["deployment"]))
        if handler is None or handler.asked is None or handler.status != "active" or handler.integration_id is None:
            return
        integration = find_integration(self.store, handler.integration_id)
        if integration is None or integration.status != "active":
            return
        room = self.contexts.rooms.room(integration.provider).notices
        assert room is not None  # a launch of this room asked
        url, _, ours = handler.asked.partition(" ")
        try:
            service = self._service(handler)
            context = self.contexts.open(integration)
            room.register(context, service, url, notice_type=names.CONTEXT_COPY_NOTICE, handler=ours, most=MOST)
        except Failure as failure:
            note_handler(self.store, handler, registered_at=None, fault=failure.code)
            if isinstance(failure, Unavailable):
                raise
            _log.warning("the LMS sends no notices", integration=integration.id, code=failure.code)
            return
        note_handler(self.store, handler, registered_at=self.now(), fault=None)

    def _service(self, handler: Handler) -> LtiService:
        registration = self.registrations.with_id(handler.registration_id)
        return LtiService(endpoints_of(registration), handler.deployment_id)


def _tells_copies(claim: Any) -> bool:
    types = claim.get("notice_types_supported")
    return isinstance(types, list) and names.CONTEXT_COPY_NOTICE in types
