"""What the native ways are made of, in one place: each part is opened from what the gate gives here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.services.jobs import Jobs
from gateway.services.mail.letters import Letters
from gateway.services.mail.mailing import Mailing
from gateway.services.mail.post import Post
from gateway.services.native.limits import Limiter
from gateway.services.native.members import Members
from gateway.services.native.orders import Orders
from gateway.services.native.passwords import Passwords
from gateway.services.native.visits import Visits
from gateway.services.native.wall import Wall
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from keys.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Native:
    """Thread-safe. There is one pool of password hashing in a process, so it comes in ready made."""

    store: Store
    rooms: RoomSettings
    passwords: Passwords
    now: Callable[[], datetime]
    jobs: Jobs
    sealer: Sealer
    letters: Letters
    post: Post
    public_url: str

    @property
    def limiter(self) -> Limiter:
        """How often something may be tried."""
        return Limiter(self.store, self.now)

    @property
    def visits(self) -> Visits:
        """Who signs in."""
        return Visits(self.store, self.passwords, self.limiter, self.now)

    @property
    def wall(self) -> Wall:
        """Where the native ways end."""
        return Wall(self.store, self.rooms)

    @property
    def members(self) -> Members:
        """How people are added."""
        return Members(self.wall, self.now)

    @property
    def mailing(self) -> Mailing:
        """How mails leave."""
        return Mailing(self.store, self.jobs, self.sealer, self.letters, self.post, self.now)

    @property
    def orders(self) -> Orders:
        """What schools bought."""
        return Orders(self.store, self.wall, self.mailing, self.now)
