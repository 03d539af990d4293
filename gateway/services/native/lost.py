"""Lost codes and forgotten passwords: asked for on a page that always says the same, looked up by a worker (E2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.services.jobs import Job, Jobs
from gateway.services.mail.mailing import Mailing
from gateway.services.native.limits import Budget, Limiter
from gateway.services.native.mail_links import MailLinks
from gateway.services.native.names import folded
from gateway.services.native.orders import Orders, state_of
from gateway.services.native.visits import Browser
from gateway.services.native.wall import Wall
from gateway.store import Connection, Store
from gateway.store.native.accounts import AccountRow, account_with_username, accounts_with_email, find_holder
from gateway.store.native.links import RESET
from gateway.store.native.orders import live_orders_of_buyer
from keys.sealing import Sealer
from providers.contract import Unavailable

CODE, PASSWORD = "native.lost_code", "native.lost_password"
_MOST_ORDERS: Final = 10
_PURPOSE: Final = "lost"


@dataclass(frozen=True, slots=True)
class Lost:
    """Thread-safe. What was typed rests sealed until a worker looks."""

    store: Store
    jobs: Jobs
    sealer: Sealer
    limiter: Limiter
    orders: Orders
    links: MailLinks
    mailing: Mailing
    wall: Wall
    now: Callable[[], datetime]

    def ask(self, work: str, typed: str, browser: Browser) -> None:
        """Ask for a code (`typed` is the buyer's address) or a new password (a username or a verified address).

        Raises:
            Unavailable: ``native.too_many_tries``.
        """
        self.limiter.count([Budget("lost.address", browser.address, 60, timedelta(minutes=15))])
        self.jobs.enqueue(work, {"sealed": self.sealer.seal(typed[:300].encode(), purpose=_PURPOSE)})

    def find_code(self, job: Job) -> None:
        """Mail the buyer a new code of each order that counts; earlier ones stay good."""
        address = folded(self._typed(job))
        with self.store.statements() as connection:
            found = live_orders_of_buyer(connection, address, self.now())[-_MOST_ORDERS:]
        for order in found:
            if state_of(order, self.now()) != "open" or not self._may_mail(f"{address}\n{order.id}"):
                continue
            with self.store.transaction() as connection:
                if not self.wall.stands(connection, order.tenant_id, order.org_sourced_id):
                    seats = "" if order.seats is None else str(order.seats)
                    self.orders.mail_code(
                        connection, order, letter="access_code", to=order.buyer_email, role=order.role,
                        actor="buyer", seats=seats,
                    )  # fmt: skip

    def find_password(self, job: Job) -> None:
        """Mail a link to the verified address of the account, or of each that has this address."""
        typed = folded(self._typed(job))
        with self.store.statements() as connection:
            named = account_with_username(connection, typed)
            found = [named] if named is not None else accounts_with_email(connection, typed)
        for account in found:
            if not (account.email and account.email_verified_at and account.status == "active"):
                continue
            if self._may_mail(account.id):
                with self.store.transaction() as connection:
                    self._mail(connection, account, account.email)

    def _mail(self, connection: Connection, account: AccountRow, email: str) -> None:
        """Where the school is integrated its own sign-in is the way, and the mail says so."""
        holder = find_holder(connection, account.tenant_id, account.user_sourced_id)
        name = (holder.given_name if holder else None) or account.username
        rostering = (
            self.wall.of(connection, account.tenant_id, holder.school_id) if holder and holder.school_id else None
        )
        if rostering is None:
            self.links.send(connection, account, name, RESET, email)
            return
        values = {"name": name, "username": account.username, "instead": self.wall.way_in(rostering)}
        self.mailing.later(connection, "reset_elsewhere", email, values)

    def _may_mail(self, what: str) -> bool:
        try:
            self.limiter.count([Budget("lost.mail", what, 3, timedelta(hours=1))])
        except Unavailable:
            return False
        return True

    def _typed(self, job: Job) -> str:
        return self.sealer.open(job.args["sealed"], purpose=_PURPOSE).decode()
