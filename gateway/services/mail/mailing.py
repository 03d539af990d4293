"""Sends letters from a worker, never from a web request; until then what they say rests sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from gateway.services.jobs import Job, Jobs
from gateway.services.mail.letters import Letters
from gateway.services.mail.post import Post
from gateway.store import Connection, Store
from gateway.store.native.orders import note_mailed
from keys.sealing import SealBroken, Sealer
from providers.contract import Misconfigured

WORK: Final = "mail.send"
_PURPOSE: Final = "mail"


@dataclass(frozen=True, slots=True)
class Mailing:
    """Thread-safe. A letter may go out twice when a worker dies between sending and saying so; it is never lost."""

    store: Store
    jobs: Jobs
    sealer: Sealer
    letters: Letters
    post: Post
    now: Callable[[], datetime]

    def later(
        self, connection: Connection, name: str, to: str, values: Mapping[str, str], *, code_id: str | None = None
    ) -> None:
        """Ask for a letter, in the transaction of what it tells; a worker finds it some seconds later.

        Address, codes and links are sealed: job rows are read by operators and kept when they fail. `code_id` is the
        access code whose row says when it was mailed.
        """
        told = msgspec.json.encode([name, to, dict(values)])
        args: dict[str, Any] = {"sealed": self.sealer.seal(told, purpose=_PURPOSE), "code_id": code_id}
        self.jobs.enqueue(WORK, args, connection=connection)

    def work(self, job: Job) -> None:
        """Send one letter."""
        try:
            told = self.sealer.open(job.args["sealed"], purpose=_PURPOSE)
        except SealBroken as fault:
            raise Misconfigured("mail.sealed", "The secret key that sealed this mail is gone.") from fault
        name, to, values = msgspec.json.decode(told, type=tuple[str, str, dict[str, str]])
        self.post.send(self.letters.write(name, to, values))
        if job.args["code_id"]:
            with self.store.statements() as connection:
                note_mailed(connection, job.args["code_id"], self.now())
