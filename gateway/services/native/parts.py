"""What the native ways are made of, in one place: each part is opened from what the gate gives here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.services.jobs import Jobs
from gateway.services.mail.letters import Letters
from gateway.services.mail.mailing import Mailing
from gateway.services.mail.post import Post
from gateway.services.native.accounts import Accounts
from gateway.services.native.limits import Limiter
from gateway.services.native.lost import Lost
from gateway.services.native.mail_links import MailLinks
from gateway.services.native.members import Members
from gateway.services.native.opening import Opening
from gateway.services.native.orders import Orders
from gateway.services.native.passwords import Passwords
from gateway.services.native.promoting import Promoting
from gateway.services.native.sign_up import SignUps
from gateway.services.native.visits import Visits
from gateway.services.native.wall import Wall
from gateway.services.room_settings import RoomSettings
from gateway.services.routing import Routing
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
    routing: Routing

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

    @property
    def links(self) -> MailLinks:
        """Links in mails."""
        return MailLinks(self.store, self.mailing, self.limiter, self.now, self.public_url)

    @property
    def sign_ups(self) -> SignUps:
        """How staff come by an account."""
        parts = (self.passwords, self.limiter, self.links, self.wall, self.now)
        return SignUps(self.store, self.orders, self.members, self.visits, *parts)

    @property
    def lost(self) -> Lost:
        """What was lost or forgotten."""
        parts = (self.limiter, self.orders, self.links, self.mailing, self.wall, self.now)
        return Lost(self.store, self.jobs, self.sealer, *parts)

    @property
    def accounts(self) -> Accounts:
        """What people do with their accounts."""
        parts = (self.passwords, self.limiter, self.visits, self.links, self.wall, self.now)
        return Accounts(self.store, *parts)

    @property
    def promoting(self) -> Promoting:
        """Who administers what."""
        return Promoting(self.store, self.now)

    @property
    def opening(self) -> Opening:
        """How people get from here into the application."""
        return Opening(self.store, self.routing, self.now, self.public_url)
