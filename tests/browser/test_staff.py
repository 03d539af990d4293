"""From an order to the application: the mail, the account, home; on a phone, by keyboard, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway import create_app
from gateway.demo.doors import Door
from gateway.demo.school import open_demo_gate, write_config
from gateway.sample import create_sample
from gateway.services.api.callers import Caller
from gateway.services.applications import Wanted, register_application
from gateway.services.job_runs import JobRuns
from gateway.services.native.orders import Customer, NewOrder
from gateway.wiring import Gate
from gateway.work import work_of
from tests.browser.conftest import SIZES, Look
from tests.browser.inspection import faults_of, picture
from tests.support.mailbox import Mailbox, mailbox

pytestmark = pytest.mark.browser

_PASSWORD = "four old grey cats"


@dataclass
class Served:
    """A gateway with a mail server, and the sample application; a school that orders by its number."""

    gate: Gate
    box: Mailbox
    gateway: str
    application: str

    def order(self, customer: str = "4711") -> str:
        """Place an order, as a publisher's shop does; return the code that arrived by mail."""
        until = self.gate.now() + timedelta(days=365)
        new = NewOrder(
            Customer(customer, "Northfield School"), "office@northfield.example", until, ["maths-7"], seats=9
        )
        with self.gate.store.transaction() as connection:
            self.gate.native.orders.add(Caller("shop"), connection, new)
        JobRuns(self.gate.jobs, work_of(self.gate)).run_due()
        return self.box.code()

    def sign_up(self, page: Page, username: str, code: str) -> None:
        """Fill in what a teacher is asked for."""
        page.goto(f"{self.gateway}/join")
        page.get_by_label("Access code", exact=True).fill(code)
        page.get_by_role("button", name="Go on").click()
        for label, value in (
            ("First name", "Eva"),
            ("Last name", "Lind"),
            ("E-mail at school", "eva@northfield.example"),
            ("Username", username),
            ("Password", _PASSWORD),
        ):
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_role("button", name="Make my account").click()
        expect(page.get_by_role("heading", name="Hello, Eva Lind")).to_be_visible()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    doors = [Door(0) for _ in range(2)]
    gateway, application = (door.at("localhost") for door in doors)
    with mailbox() as box, ExitStack() as stack:
        config = write_config(tmp_path_factory.mktemp("staff"), gateway=gateway, allowed_host="")
        with config.open("a") as more:
            more.write(f'smtp_url = "{box.url}"\nproduct_name = "Reading Room"\n')
        gate = open_demo_gate(config)
        stack.callback(gate.close)
        wanted = Wanted("Reading Room", (f"{application}/callback",), f"{application}/login")
        made = register_application(gate.store, wanted, allow_http=True, actor="test", now=gate.now())
        secret = str(made.client_secret)
        sample = create_sample(
            issuer=gateway, client_id=made.application.id, client_secret=secret, own_url=application, secret_key=secret
        )
        for door, app in zip(doors, (create_app(gate), sample), strict=True):
            stack.enter_context(door.serve(app))
        yield Served(gate, box, gateway, application)


def _by_keyboard(page: Page, label: str, text: str) -> None:
    """Come to a field by the Tab key alone, and type."""
    field = page.get_by_label(label, exact=True)
    for _ in range(30):
        if field.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(field).to_be_focused()
    page.keyboard.type(text)


def test_an_order_becomes_a_teacher_in_the_application(served: Served, chromium: Browser) -> None:
    code = served.order()
    width, height = SIZES["phone"]
    context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(served.gateway)
    page.get_by_role("link", name="I have an access code").focus()
    page.keyboard.press("Enter")
    _by_keyboard(page, "Access code", code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    _by_keyboard(page, "First name", "Eva")
    _by_keyboard(page, "Last name", "Lind")
    _by_keyboard(page, "E-mail at school", "eva@northfield.example")
    _by_keyboard(page, "Username", "eva.lind")
    _by_keyboard(page, "Password", _PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hello, Eva Lind")).to_be_visible()
    page.get_by_role("link", name="Open Reading Room").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hello, Eva Lind!")).to_be_visible()
    context.close()


def test_a_sign_in_begins_at_the_application_and_ends_there(served: Served, page: Page, chromium: Browser) -> None:
    served.sign_up(page, "begins", served.order("4712"))
    other = chromium.new_context()
    there = other.new_page()
    there.goto(f"{served.application}/sign-in")
    there.get_by_label("Username").fill("Begins")
    there.get_by_label("Password").fill(_PASSWORD)
    there.get_by_role("button", name="Sign in").click()
    expect(there.get_by_text("Hello, Eva Lind!")).to_be_visible()
    other.close()


def test_a_forgotten_password_comes_back_by_mail(served: Served, page: Page, chromium: Browser) -> None:
    served.sign_up(page, "forgets", served.order("4713"))
    JobRuns(served.gate.jobs, work_of(served.gate)).run_due()
    page.goto(served.box.link())
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_text("Your e-mail address is confirmed.")).to_be_visible()
    account = served.gate.native.visits.visit(page.context.cookies()[0]["value"])
    assert account is not None
    with served.gate.store.transaction() as connection:
        served.gate.native.links.send(connection, account.account, "Eva", "reset", "eva@northfield.example")
    JobRuns(served.gate.jobs, work_of(served.gate)).run_due()
    other = chromium.new_context()
    there = other.new_page()
    there.goto(served.box.link())
    there.get_by_label("New password").fill("nine quiet otters swim")
    there.get_by_role("button", name="Take this password").click()
    expect(there.get_by_role("heading", name="Hello, Eva Lind")).to_be_visible()
    other.close()


def test_every_page_looks_well(served: Served, sized: Page, look: Look) -> None:
    name, faults = "-".join(look), []

    def seen(what: str) -> None:
        picture(sized, f"staff-{what}-{name}")
        faults.extend(faults_of(sized, what))

    for path in ("sign-in", "join", "join/lost", "forgot"):
        sized.goto(f"{served.gateway}/{path}")
        seen(path.replace("/", "-"))
    code = served.order(f"look-{name}")
    sized.goto(f"{served.gateway}/join")
    sized.get_by_label("Access code", exact=True).fill("3333-3333-3333-3333")
    sized.get_by_role("button", name="Go on").click()
    seen("join-refused")
    sized.get_by_label("Access code", exact=True).fill(code)
    sized.get_by_role("button", name="Go on").click()
    seen("sign-up")
    sized.get_by_role("button", name="Make my account").click()
    seen("sign-up-faults")
    served.sign_up(sized, f"looks-{name}", code)
    seen("home")
    for path in ("account", "account/password", "colleagues", "join"):
        sized.goto(f"{served.gateway}/{path}")
        seen(f"in-{path.replace('/', '-')}")
    JobRuns(served.gate.jobs, work_of(served.gate)).run_due()
    for number, mail in enumerate(("access-code", "verify")):
        sized.goto("about:blank")  # our own pages' policy would take a mail's styles away
        sized.set_content(served.box.html(number - 2))
        picture(sized, f"staff-mail-{mail}-{name}")
    assert faults == []
