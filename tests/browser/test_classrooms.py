"""Teachers and students of a school without an integration, on a phone-size screen, and without a script."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from gateway import create_app
from gateway.demo.doors import Door
from gateway.services.job_runs import JobRuns
from gateway.work import work_of
from tests.browser.inspection import faults_of, picture
from tests.support.databases import SqliteDatabases
from tests.support.natives import PASSWORD, NativeWorld, native_world
from tests.support.student_lists import FAULTY, a_list, bad_rows, good_rows

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 360, "height": 740}


@dataclass
class Served:
    """The school, and where browsers find it."""

    natives: NativeWorld
    gateway: str

    def enter(self, page: Page, username: str = "ann") -> None:
        page.goto(f"{self.gateway}/sign-in")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("navigation", name="Your places")).to_be_visible()

    def work(self) -> None:
        """Let a worker do what waits."""
        gate = self.natives.world.gate
        JobRuns(gate.jobs, work_of(gate)).run_due()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases) -> Iterator[Served]:
    door = Door(0)
    address = door.at("localhost")
    fresh = sqlite_databases.fresh(tmp_path_factory.mktemp("classrooms"))
    with fresh as url, native_world(url, public_url=address) as natives:
        natives.add("ann", "teacher")
        natives.add("cyd", "teacher")
        with door.serve(create_app(natives.world.gate)):
            yield Served(natives, address)


def looked_at(page: Page, faults: list[str], name: str) -> None:
    picture(page, f"native-{name}")
    faults += faults_of(page, name)


def make_class_and_code(school: Served, teacher: Page, faults: list[str]) -> str:
    """Make the first class and its code; return it as it is shown."""
    teacher.goto(f"{school.gateway}/classes")
    looked_at(teacher, faults, "no-classes")
    teacher.get_by_role("link", name="Make your first class").click()
    teacher.get_by_label("Name of the class").fill("Maths 5a")
    teacher.keyboard.press("Enter")
    expect(teacher.get_by_role("heading", name="Maths 5a")).to_be_visible()
    looked_at(teacher, faults, "empty-class")
    teacher.get_by_role("link", name="Make a class code").click()
    looked_at(teacher, faults, "no-code")
    teacher.get_by_role("button", name="Make the code").click()
    looked_at(teacher, faults, "code")
    code = teacher.locator(".huge-code code").inner_text()
    teacher.get_by_role("link", name="Print a sheet").click()
    looked_at(teacher, faults, "code-sheet")
    return code


def type_code(school: Served, student: Page, code: str, faults: list[str]) -> None:
    """Come by the picture's address, and type the code as a child does."""
    student.goto(f"{school.gateway}/code#{code}")
    expect(student.get_by_label("Class code")).to_have_value(code)
    assert code not in student.url  # E4
    student.get_by_label("Class code").fill(f" {code.lower().replace('-', ' ')} ")
    looked_at(student, faults, "enter-code")
    student.keyboard.press("Enter")
    expect(student.get_by_role("heading", name="Join Maths 5a")).to_be_visible()
    looked_at(student, faults, "join")


def make_account(student: Page, username: str) -> None:
    for label, text in (("First name", "Bo"), ("Family name", "Berg"), ("Choose a username", username)):
        student.get_by_label(label).fill(text)
    student.get_by_label("Choose a password", exact=True).fill(PASSWORD)
    student.get_by_role("button", name="Show the password").first.click()
    student.get_by_role("button", name="Make my account and join").click()


def test_a_class_its_code_and_a_student_who_joins(school: Served, chromium: Browser) -> None:  # E3
    faults: list[str] = []
    teacher, student = (chromium.new_page(viewport=PHONE) for _ in range(2))
    school.enter(teacher)
    type_code(school, student, make_class_and_code(school, teacher, faults), faults)
    make_account(student, "ann")
    expect(student.get_by_text("This username is taken")).to_be_visible()
    looked_at(student, faults, "join-again")
    make_account(student, "bo.berg")
    expect(student.get_by_role("heading", name="You are in Maths 5a!")).to_be_visible()
    looked_at(student, faults, "joined")
    teacher.goto(f"{school.gateway}/classes")
    teacher.get_by_role("link", name="Maths 5a").click()
    looked_at(teacher, faults, "class")
    teacher.get_by_role("link", name="Rename the class").click()
    looked_at(teacher, faults, "edit-class")
    assert faults == []


def test_a_student_is_added_by_hand_and_put_into_a_class_without_a_script(school: Served, chromium: Browser) -> None:
    faults: list[str] = []
    page = chromium.new_page(viewport=PHONE, java_script_enabled=False)
    school.enter(page, "cyd")
    page.goto(f"{school.gateway}/students/new")
    for label, text in (("Given name", "Dee"), ("Family name", "Diaz"), ("Username", "dee@elm.example")):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Save and add the next").click()
    expect(page.get_by_role("status")).to_contain_text("Dee Diaz is added.")
    expect(page.get_by_label("Given name")).to_have_value("")
    picture(page, "native-added-by-hand")
    page.goto(f"{school.gateway}/classes/new")
    page.get_by_label("Name of the class").fill("Art")
    page.get_by_role("button", name="Make the class").click()
    page.get_by_role("link", name="Add students").click()
    page.get_by_label("Name or username").fill("diaz")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Dee Diaz").check()
    picture(page, "native-add-students")
    page.get_by_role("button", name="Add those I chose").click()
    expect(page.get_by_role("status")).to_contain_text("1 student is in the class now.")
    scripted = chromium.new_page(viewport=PHONE, storage_state=page.context.storage_state())
    for path in (
        "/students",
        "/students/new",
        "/students/import",
        f"{page.url.partition('?')[0].removeprefix(school.gateway)}/students",
    ):
        scripted.goto(f"{school.gateway}{path}")
        looked_at(scripted, faults, path.strip("/").replace("/", "-")[-20:])
    assert faults == []


def five_hundred(folder: Path) -> Path:
    """Return a list of 500 students, of whom 40 can't be taken."""
    rows = good_rows(459)
    for place, bad in enumerate(bad_rows(40)):
        rows.insert(place * 12 + 5, bad)
    listed = folder / "grade 5.csv"
    listed.write_bytes(a_list(rows))
    return listed


def upload(school: Served, page: Page, listed: Path) -> None:
    page.goto(f"{school.gateway}/students/import")
    page.get_by_label("CSV file").set_input_files(listed)
    look_at_it(school, page)


def look_at_it(school: Served, page: Page) -> None:
    """Let a worker look at the list, for it is a long one: the page waits until it has."""
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_role("heading", name="Looking at your list")).to_be_visible()
    school.work()
    expect(page.get_by_role("heading", name="This is what will happen")).to_be_visible(timeout=15_000)


def left_out(page: Page) -> list[list[str]]:
    """Download the rows that are left out."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows that are left out").click()
    return list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"), newline="")))


def test_a_list_of_five_hundred_with_forty_bad_rows(school: Served, chromium: Browser, tmp_path: Path) -> None:
    faults: list[str] = []  # E6, E8, E9, E10
    page = chromium.new_page(viewport=PHONE, accept_downloads=True)
    school.enter(page, "cyd")
    for _ in range(2):
        page.goto(f"{school.gateway}/classes/new")
        page.get_by_label("Name of the class").fill("Twins")
        page.get_by_role("button", name="Make the class").click()
    listed = five_hundred(tmp_path)
    upload(school, page, listed)
    looked_at(page, faults, "preview")
    expect(page.get_by_role("list", name="Rows of your file")).to_contain_text("40 can’t be added")
    rows = left_out(page)
    assert len(rows) == 41
    assert len({row[7] for row in rows[1:]}) >= len(FAULTY) - 2
    page.get_by_role("link", name="Change the columns").click()
    looked_at(page, faults, "columns")
    look_at_it(school, page)
    page.get_by_role("button", name="Add the 460 good rows, leave out 40").click()
    looked_at(page, faults, "progress")
    school.work()
    expect(page.get_by_role("heading", name="Your list is in")).to_be_visible(timeout=30_000)
    looked_at(page, faults, "result")
    page.get_by_role("button", name="Show the passwords, once").click()
    expect(page.locator(".slips li")).to_have_count(307)
    faults += faults_of(page, "passwords")
    upload(school, page, listed)
    expect(page.get_by_text("There is nothing to add or change.")).to_be_visible()
    assert faults == []
