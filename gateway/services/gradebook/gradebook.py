"""The verbs behind the gradebook's addresses that change something; each happens in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.services.api.callers import Caller
from gateway.services.api.repeating import Repeating
from gateway.services.grade_sending import WORK
from gateway.services.gradebook import members as read
from gateway.services.gradebook.writing import Writing, placed
from gateway.services.jobs import Jobs
from gateway.services.oneroster.roster import sight_of, unknown
from gateway.services.oneroster.service import SINGULAR, Call
from gateway.store import Connection, Store
from gateway.store.applications import Application
from gateway.store.ids import new_id
from gateway.store.oneroster.pages import exists_within
from gateway.store.outbox import resend
from gateway.store.people import Collision
from providers.contract import Unavailable

TRIES: Final = 20
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gradebook:
    """Thread-safe. `key` is an Idempotency-Key: the same call again gets the same answer (attack H9)."""

    store: Store
    jobs: Jobs
    repeating: Repeating
    now: Callable[[], datetime]

    def put(self, application: Application, call: Call, body: Any, key: str | None = None) -> bool:
        """Make or replace one of the application's own objects; return whether it is new.

        Raises:
            Refused: as `put_result` (attack H7).
            BadData: as what is put.
        """
        id, kind = read.sourced_id(call.id), call.operation.kind
        told = read.enveloped(body, SINGULAR[kind], id)

        def make(writing: Writing) -> Answer:
            return {"isNew": writing.put(kind, id, told)}

        return bool(self._once(application, key, f"PUT {kind} {id} {body!r}", make)["isNew"])

    def post(self, application: Application, call: Call, body: Any, key: str | None = None) -> Answer:
        """Make objects within another one, under ids of ours; return the pairs of ids.

        Raises:
            Misconfigured: ``oneroster.unknown``: there is no such other object for this application.
            Refused, BadData: as `put`; then none is made.
        """
        listed = read.listed(body, call.operation.kind)

        def make(writing: Writing) -> Answer:
            if not exists_within(writing.connection, sight_of(application), call.within):
                raise unknown()
            pairs = [(told, new_id()) for told in listed]
            for told, id in pairs:
                writing.put(call.operation.kind, id, placed(told, call))
            return {"sourcedIdPairs": [_pair(told, id) for told, id in pairs]}

        return self._once(application, key, f"POST {call.operation.id} {call.within} {body!r}", make)

    def delete(self, application: Application, call: Call) -> None:
        """Delete one of the application's own objects; what is in an LMS already stays there.

        Raises:
            Misconfigured: ``oneroster.unknown``.
            BadData: ``gradebook.in_use``.
        """
        with self.store.transaction() as connection:
            if not Writing(connection, application, self.now()).delete(call.operation.kind, call.id or ""):
                raise unknown()

    def resend(self, *, ids: list[int], reason: str | None = None) -> int:
        """Send ended scores again; return how many classes have some."""
        again = resend(self.store, ids=ids, reason=reason, now=self.now())
        for class_id in again:
            wake(self.jobs, class_id)
        return len(again)

    def _once(self, application: Application, key: str | None, asked: str, make: Callable[[Writing], Answer]) -> Answer:
        """Write in one transaction; two that collide take turns. Then see to what is to be sent."""
        caller = Caller(f"application:{application.id}", application)
        done: list[Writing] = []

        def made(connection: Connection) -> Answer:
            done.append(Writing(connection, application, self.now()))
            return make(done[-1])

        for _ in range(TRIES):
            done.clear()
            try:
                answer = self.repeating.once(caller, key, asked, made)
            except Collision:
                continue
            for writing in done:  # none when the answer is an old one
                self._send(writing)
            return answer
        raise Unavailable("gradebook.busy", "Too many scores of one student at once. Please try again.")

    def _send(self, writing: Writing) -> None:
        for class_id in sorted(writing.to_wake):
            wake(self.jobs, class_id, sooner=False)
        if writing.to_resend:
            self.resend(ids=writing.to_resend)


def wake(jobs: Jobs, class_id: str, *, sooner: bool = True) -> None:
    """Ask a worker to send what a class has in the outbox."""
    jobs.enqueue(WORK, {"class": class_id}, key=f"{WORK}:{class_id}", sooner=sooner)


def _pair(told: dict[str, Any], id: str) -> dict[str, str]:
    return {"suppliedSourcedId": str(told.get("sourcedId", "")), "allocatedSourcedId": id}
