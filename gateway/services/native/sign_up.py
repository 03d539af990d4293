"""Staff sign up with an access code, or add what one brings to the account that they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gateway.services.native.access_codes import hash_of
from gateway.services.native.limits import Budget, Limiter
from gateway.services.native.mail_links import MailLinks
from gateway.services.native.members import Members, NewMember
from gateway.services.native.names import folded, read_email, read_username
from gateway.services.native.orders import Orders, state_of
from gateway.services.native.password_rules import LEAST_STAFF, check_password
from gateway.services.native.passwords import Passwords
from gateway.services.native.visits import STAFF, Browser, Visitor, Visits
from gateway.services.native.wall import Wall
from gateway.store import Connection, Store
from gateway.store.audit import note
from gateway.store.native.accounts import account_with_username, find_account, give_role
from gateway.store.native.links import VERIFY
from gateway.store.native.orders import Grant, Order, grant_of, live_orders_of_user, take_seat
from gateway.store.orgs import Org, schools_below
from providers.contract import Failure, Misconfigured, Refused

_QUARTER: Final = timedelta(minutes=15)
_LONGEST_NAME: Final = 100
FIELDS: Final = ("given_name", "family_name", "email", "username", "password", "school")


class FormFaults(Exception):
    """What is wrong with a form: a sentence by field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class Opened(NamedTuple):
    """What a good code leads to: its grant, and the schools that it may be used at."""

    grant: Grant
    schools: list[Org]


@dataclass(frozen=True, slots=True)
class SignUps:
    """Thread-safe. A code is looked up anew at every step: what was good may be revoked by the next."""

    store: Store
    orders: Orders
    members: Members
    visits: Visits
    passwords: Passwords
    limiter: Limiter
    links: MailLinks
    wall: Wall
    now: Callable[[], datetime]

    def look_up(self, code: str, browser: Browser, visitor: Visitor | None = None) -> Opened:
        """Return what a code leads to; one sentence for wrong, expired, revoked and used up (attack E2).

        Raises:
            Refused: ``native.code_refused``; ``native.integrated`` for a good code of an integrated school.
            Unavailable: ``native.too_many_tries`` (attack E1).
        """
        budgets = _budgets(code, browser, visitor)
        self.limiter.count(budgets)
        with self.store.statements() as connection:
            opened = self._opened(connection, code, visitor)
        self.limiter.give_back(budgets)  # a whole staff room types the same code at one address
        return opened

    def sign_up(self, code: str, form: Mapping[str, str], browser: Browser) -> str:
        """Make an account with the role that the code grants, whatever a form says (attack E5); return its session.

        Raises:
            FormFaults: with what is to be mended.
            Failure: as `look_up`.
        """
        opened = self.look_up(code, browser)
        given = self._read(form, opened)
        password_hash = self.passwords.hash(form.get("password", ""))
        profile = {name: given[name] for name in ("given_name", "family_name", "email")}
        new = NewMember(given["school"], opened.grant.role, given["username"], password_hash, profile=profile)
        try:
            with self.store.transaction() as connection:
                grant = self._opened(connection, code, None).grant
                actor = f"access_code:{grant.code_id}"
                member = self.members.add(connection, grant.order.tenant_id, new, actor=actor)
                self._take_seat(connection, grant, member.user_id, actor)
                account = find_account(connection, grant.order.tenant_id, member.account_id)
                assert account is not None
                self.links.send(connection, account, given["given_name"], VERIFY, given["email"])
        except Misconfigured as taken:
            if taken.code != "native.username_taken":
                raise
            raise FormFaults({"username": taken.sentence}) from taken
        return self.visits.begin(account, browser)

    def redeem(self, code: str, visitor: Visitor, browser: Browser) -> Order:
        """Add what a further code brings to an account: its entitlements, and its role at its school.

        Raises:
            Refused: ``native.code_refused``, also for a code of another tenant: the account can't have both.
        """
        opened = self.look_up(code, browser, visitor)
        with self.store.transaction() as connection:
            grant = self._opened(connection, code, visitor).grant
            self._take_seat(connection, grant, visitor.user_id, visitor.actor)
            if [school.sourced_id for school in opened.schools] == [grant.order.org_sourced_id]:
                self.wall.must_be_native(connection, visitor.tenant_id, grant.order.org_sourced_id)
                give_role(
                    connection,
                    tenant_id=visitor.tenant_id,
                    user_id=visitor.user_id,
                    org_id=grant.order.org_sourced_id,
                    role=grant.role,
                    is_primary=False,
                    at=self.now(),
                )
        return grant.order

    def invite(self, visitor: Visitor, email: str) -> Order:
        """Mail a colleague a code of the newest order that this person redeemed; it makes teachers, no more (E5).

        Raises:
            BadData: ``native.email_invalid``.
            Refused: ``native.nothing_to_share``.
            Unavailable: ``native.too_many_tries``.
        """
        address = read_email(email)
        with self.store.statements() as connection:
            mine = live_orders_of_user(connection, visitor.tenant_id, visitor.user_id, self.now())
        found = next((each for each in mine if state_of(each, self.now()) == "open"), None)
        if found is None:
            raise Refused("native.nothing_to_share", "You have no order with a free place to invite a colleague to.")
        self.limiter.count([Budget("invite.account", visitor.account.id, 20, timedelta(days=1))])
        self.links.may_mail(address)
        with self.store.transaction() as connection:
            self.wall.must_be_native(connection, found.tenant_id, found.org_sourced_id)
            self.orders.mail_code(
                connection, found, letter="colleague", to=address, role="teacher", actor=visitor.actor,
                inviter=visitor.name,
            )  # fmt: skip
        return found

    def _opened(self, connection: Connection, code: str, visitor: Visitor | None) -> Opened:
        grant = grant_of(connection, hash_of(code))
        if grant is None or not self._is_good(grant, visitor):
            raise Refused(
                "native.code_refused",
                "This access code can't be used. Check it letter by letter, or ask whoever gave it to you.",
            )
        order = grant.order
        schools = schools_below(connection, order.tenant_id, order.org_sourced_id)
        native = [each for each in schools if not self.wall.stands(connection, each.tenant_id, each.sourced_id)]
        if not native:
            self.wall.must_be_native(connection, order.tenant_id, order.org_sourced_id)
        return Opened(grant, native)

    def _is_good(self, grant: Grant, visitor: Visitor | None) -> bool:
        """Whoever redeemed an order already may do so again: nothing changes."""
        if grant.revoked_at is not None or grant.role not in STAFF:
            return False
        if visitor is not None and visitor.tenant_id != grant.order.tenant_id:
            return False
        return state_of(grant.order, self.now()) == "open"

    def _take_seat(self, connection: Connection, grant: Grant, user_id: str, actor: str) -> None:
        order, at = grant.order, self.now()
        if not take_seat(connection, order, user_id, at):
            raise Refused("native.code_refused", "Somebody else just took the last place of this access code.")
        note(
            connection, at=at, actor=actor, action="order.redeemed", subject=order.id, tenant_id=order.tenant_id,
            detail={"user": user_id, "code": grant.code_id},
        )  # fmt: skip

    def _read(self, form: Mapping[str, str], opened: Opened) -> dict[str, str]:
        """Return the fields as they are kept. Raises FormFaults with all that is wrong at once."""
        given = {name: form.get(name, "").strip() for name in FIELDS}
        faults: dict[str, str] = {}
        for name, label in (("given_name", "first name"), ("family_name", "last name")):
            if not 0 < len(given[name]) <= _LONGEST_NAME or not given[name].isprintable():
                faults[name] = f"Please write your {label}."
        choices = [school.sourced_id for school in opened.schools]
        if len(choices) == 1:
            given["school"] = choices[0]
        if given["school"] not in choices:
            faults["school"] = "Please choose your school."
        readers: tuple[tuple[str, Callable[[], object]], ...] = (
            ("email", lambda: read_email(given["email"])),
            ("username", lambda: self._free(given["username"])),
            ("password", lambda: self._strong(form.get("password", ""), given)),
        )
        for name, read in readers:
            try:
                read()
            except Failure as failure:
                faults[name] = failure.sentence
        if faults:
            raise FormFaults(faults)
        return given

    def _free(self, username: str) -> None:
        with self.store.statements() as connection:
            if account_with_username(connection, folded(read_username(username))) is not None:
                raise Misconfigured("native.username_taken", "This username is taken. Please choose another.")

    def _strong(self, password: str, given: Mapping[str, str]) -> None:
        near = [given[name] for name in ("given_name", "family_name", "email", "username")]
        check_password(password, least=LEAST_STAFF, near=near)


def _budgets(code: str, browser: Browser, visitor: Visitor | None) -> list[Budget]:
    found = [
        Budget("access_code.code", hash_of(code).hex(), 30, _QUARTER),
        Budget("access_code.address", browser.address, 100, _QUARTER),
    ]
    if visitor is not None:
        found.append(Budget("access_code.account", visitor.account.id, 20, _QUARTER))
    return found
