"""What people do with their accounts, and how a forgotten password comes back."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from gateway.store.native.accounts import change_account
from gateway.store.tables import account_links, account_sessions, accounts, classes, enrollments, roles, users
from providers.contract import Misconfigured
from tests.support.launching import GATE
from tests.support.mailbox import Mailbox
from tests.support.natives import PASSWORD, NativeWorld, post, words

_NEW = "nine quiet otters swim"


def _account(native: NativeWorld, username: str = "ann") -> dict[str, object]:
    return next(row for row in native.world.rows(accounts) if row["username"] == username)


def _verified(native: NativeWorld, username: str = "ann", email: str = "ann@elm.example") -> None:
    """Let somebody have a confirmed address."""
    found = _account(native, username)
    values = {"email": email, "email_key": email, "email_verified_at": native.world.clock()}
    with native.store.transaction() as connection:
        change_account(connection, str(found["tenant_id"]), str(found["id"]), **values)


def _open(browser: FlaskClient, link: str) -> str:
    """Open a mail's link as a browser does; return what the page says."""
    answer = browser.get(link.removeprefix(GATE), base_url=GATE)
    assert (answer.location, answer.headers["Referrer-Policy"]) == ("/letter", "no-referrer")
    return words(browser.get("/letter", base_url=GATE))


def test_an_address_counts_once_its_mail_was_opened(posted: NativeWorld, box: Mailbox) -> None:
    posted.add()
    browser = posted.signed_in()
    assert post(browser, "/account/email", email="Ann@elm.example").location == "/account?done=email"
    posted.work()
    assert _account(posted)["email"] is None
    link = box.link()
    assert "Is this your e-mail address? Ann@elm.example" in _open(browser, link)
    assert browser.post("/letter", base_url=GATE).location == "/account?done=verified"
    assert _account(posted)["email_key"] == "ann@elm.example"
    assert posted.world.rows(users)[0]["email"] is None
    other = posted.browser()
    other.get(link.removeprefix(GATE), base_url=GATE)
    assert other.get("/letter", base_url=GATE).status_code == 403


@pytest.mark.parametrize("typed", ["ann", "Ann@Elm.example"])
def test_a_forgotten_password_comes_back_by_mail(posted: NativeWorld, box: Mailbox, typed: str) -> None:
    posted.add()
    _verified(posted)
    old = posted.signed_in()
    posted.browser().post("/forgot", data={"username": typed}, base_url=GATE)
    posted.work()
    browser = posted.browser()
    assert "Choose a new password" in _open(browser, box.link())
    assert "guessed quickly" in words(browser.post("/letter", data={"new": "password123"}, base_url=GATE))
    assert browser.post("/letter", data={"new": _NEW}, base_url=GATE).location == "/home"
    assert browser.get("/home", base_url=GATE).status_code == 200
    assert old.get("/home", base_url=GATE).status_code == 303
    assert [posted.sign_in(password=each)[1].status_code for each in (PASSWORD, _NEW)] == [403, 303]
    assert browser.post("/letter", data={"new": _NEW}, base_url=GATE).status_code == 403


def test_a_newer_mail_takes_the_place_of_an_older(posted: NativeWorld, box: Mailbox) -> None:
    posted.add()
    _verified(posted)
    for _ in range(2):
        posted.browser().post("/forgot", data={"username": "ann"}, base_url=GATE)
        posted.work()
    assert posted.world.count(account_links) == 2
    older = str(box.text(0)).split("/letter/")[1].split()[0]
    browser = posted.browser()
    browser.get(f"/letter/{older}", base_url=GATE)
    assert browser.get("/letter", base_url=GATE).status_code == 403


@pytest.mark.parametrize("who", ["nobody", "unverified", "deactivated"])
def test_forgot_says_the_same_to_who_gets_no_mail(posted: NativeWorld, box: Mailbox, who: str) -> None:  # E2
    member = posted.add()
    if who == "deactivated":
        _verified(posted)
        with posted.store.transaction() as connection:
            change_account(connection, posted.school.tenant_id, member.account_id, status="deactivated")
    form = {"username": "nobody" if who == "nobody" else "ann"}
    answer = posted.browser().post("/forgot", data=form, base_url=GATE)
    posted.work()
    assert "If there is such an account" in words(answer)
    assert box.mails == []


def test_at_an_integrated_school_the_mail_points_to_its_own_sign_in(posted: NativeWorld, box: Mailbox) -> None:
    posted.add()
    _verified(posted)
    posted.browser().post("/forgot", data={"username": "ann"}, base_url=GATE)
    posted.work()
    link = box.link()
    posted.world.join(org_id=posted.school.sourced_id)
    posted.browser().post("/forgot", data={"username": "ann"}, base_url=GATE)
    posted.work()
    assert "please sign in there, with the password that you have there" in box.text()
    assert "/letter/" not in box.text()
    browser = posted.browser()
    _open(browser, link)
    assert browser.post("/letter", data={"new": _NEW}, base_url=GATE).status_code == 403


def test_a_new_password_ends_the_other_sessions(native: NativeWorld) -> None:
    native.add()
    here, there = native.signed_in(), native.signed_in()
    assert "not your present password" in words(post(here, "/account/password", old="x", new=_NEW))
    assert "Please choose another" in words(post(here, "/account/password", old=PASSWORD, new=PASSWORD))
    assert post(here, "/account/password", old=PASSWORD, new=_NEW).location == "/account?done=password"
    assert here.get("/home", base_url=GATE).status_code == 200
    assert there.get("/home", base_url=GATE).status_code == 303


def test_a_password_from_somebody_else_is_changed_first(quick: NativeWorld) -> None:
    quick.add("sam", "student", must_change=True)
    browser = quick.signed_in("sam")
    assert browser.get("/home", base_url=GATE).location == "/account/password"
    page = browser.get("/account/password", base_url=GATE)
    assert "Choose your own password" in words(page)
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    form = {"form_token": token, "old": PASSWORD, "new": _NEW}
    assert browser.post("/account/password", data=form, base_url=GATE).location == "/home"
    assert "Hello, Sam Example" in words(browser.get("/home", base_url=GATE))


def test_devices_are_listed_and_signed_out(quick: NativeWorld) -> None:
    quick.add()
    here, there = quick.signed_in(), quick.signed_in()
    page = here.get("/account", base_url=GATE)
    assert words(page).count("last used") == 2
    other = page.text.split("/account/sessions/")[1].split("/")[0]
    assert post(here, f"/account/sessions/{other}/end").location == "/account?done=session"
    assert there.get("/home", base_url=GATE).status_code == 303
    assert here.get("/home", base_url=GATE).status_code == 200


def test_another_persons_session_is_not_there(quick: NativeWorld) -> None:  # J1
    quick.add()
    quick.add("bob")
    bob, ann = quick.signed_in("bob"), quick.signed_in()
    session = next(
        row["id"] for row in quick.world.rows(account_sessions) if row["account_id"] == _account(quick, "bob")["id"]
    )
    post(ann, f"/account/sessions/{session}/end")
    assert bob.get("/home", base_url=GATE).status_code == 200


def test_signing_out_everywhere_ends_all(quick: NativeWorld) -> None:
    quick.add()
    here, there = quick.signed_in(), quick.signed_in()
    assert post(here, "/account/sign-out-everywhere").location == "/sign-in?left=1"
    assert [each.get("/home", base_url=GATE).status_code for each in (here, there)] == [303, 303]


def test_an_account_is_closed_by_who_knows_its_password(quick: NativeWorld) -> None:
    quick.add()
    browser = quick.signed_in()
    assert "not your present password" in words(post(browser, "/account/close", password="x"))
    assert post(browser, "/account/close", password=PASSWORD).location == "/sign-in?left=1"
    assert quick.sign_in()[1].status_code == 403
    assert quick.world.rows(users)[0]["enabled_user"] is False


def test_a_name_is_changed_unless_the_school_tells_it(quick: NativeWorld) -> None:
    quick.add()
    browser = quick.signed_in()
    assert "Please write a first and a last name." in words(post(browser, "/account/name", given_name=" "))
    assert post(browser, "/account/name", given_name="Anna", family_name="Berg").location == "/account?done=name"
    assert "Hello, Anna Berg" in words(browser.get("/home", base_url=GATE))
    quick.world.join(org_id=quick.school.sourced_id)
    answer = post(browser, "/account/name", given_name="Ann", family_name="Lee")
    assert (answer.status_code, "come from there by themselves" in words(answer)) == (403, True)


def _teach(native: NativeWorld, teacher: str, pupil: str, **changes: object) -> None:
    """Put two people into a class of the school."""
    base = {"tenant_id": native.school.tenant_id, "status": "active", "date_last_modified": native.world.clock()}
    row = {"sourced_id": "class-1", "school_sourced_id": native.school.sourced_id, "title": "Art", **base}
    both = [{"user_sourced_id": teacher, "role": "teacher"}, {"user_sourced_id": pupil, "role": "student"}]
    shared = {**base, "class_sourced_id": "class-1", "school_sourced_id": native.school.sourced_id}
    with native.store.transaction() as connection:
        connection.execute(insert(classes), row)
        for number, each in enumerate(both):
            connection.execute(insert(enrollments), {"sourced_id": f"e-{number}", **shared, **each, **changes})


def test_a_teacher_gives_a_student_of_theirs_a_new_password(native: NativeWorld) -> None:
    ann, sam = native.add(), native.add("sam", "student")
    _teach(native, ann.user_id, sam.user_id)
    theirs, browser = native.signed_in("sam"), native.signed_in()
    path = f"/passwords/{sam.user_id}"
    assert "A new password for Sam" in words(browser.get(path, base_url=GATE))
    page = post(browser, path)
    password = page.text.split('class="value"><code>')[1].split("<")[0]
    assert password not in browser.get(path, base_url=GATE).text
    assert theirs.get("/home", base_url=GATE).status_code == 303
    assert native.sign_in("sam", password)[0].get("/home", base_url=GATE).location == "/account/password"
    assert "Art" in words(browser.get("/home", base_url=GATE))


@pytest.mark.parametrize(
    ("role", "at", "may"),
    [
        ("siteAdministrator", "school", True),
        ("districtAdministrator", "district", True),
        ("siteAdministrator", "sibling", False),
        ("teacher", "school", False),
    ],
)
def test_an_administrator_reaches_their_own_school_or_district_alone(
    quick: NativeWorld, role: str, at: str, may: bool
) -> None:  # E5
    sam = quick.add("sam", "student")
    org = {"school": quick.school, "district": quick.district}.get(at) or quick.add_school("Oak", parent=quick.district)
    quick.add("eva", role, org=org)
    answer = post(quick.signed_in("eva"), f"/passwords/{sam.user_id}")
    assert answer.status_code == (200 if may else 403)
    if not may:
        assert "This is not a student of yours." in words(answer)


def test_nobody_resets_staff_or_another_tenants_students(quick: NativeWorld) -> None:  # E5, J1
    quick.add("eva", "districtAdministrator", org=quick.district)
    browser = quick.signed_in("eva")
    colleague = quick.add("bob")
    both = quick.add("pia", "student")
    far = quick.add("tim", "student", org=quick.add_school("Far School"))
    quick.native.promoting.promote("pia", "siteAdministrator", quick.school.sourced_id, actor="test")
    for member in (colleague, both, far):
        assert post(browser, f"/passwords/{member.user_id}").status_code == 403
    assert browser.get("/passwords/nobody", base_url=GATE).status_code == 403


def test_at_an_integrated_school_no_password_is_made(quick: NativeWorld) -> None:
    sam = quick.add("sam", "student")
    quick.add("eva", "siteAdministrator")
    browser = quick.signed_in("eva")
    quick.world.join(org_id=quick.district.sourced_id)
    assert post(browser, f"/passwords/{sam.user_id}").status_code == 403


def test_an_operator_promotes_and_demotes(native: NativeWorld) -> None:
    native.add()
    promoting, district = native.native.promoting, native.district.sourced_id
    promoting.promote("Ann", "districtAdministrator", district, actor="test")
    promoting.demote("ann", "districtAdministrator", district, actor="test")
    promoting.promote("ann", "districtAdministrator", district, actor="test")
    found = {row["role"]: row["status"] for row in native.world.rows(roles)}
    assert found == {"teacher": "active", "districtAdministrator": "active"}
    promoting.demote("ann", "districtAdministrator", district, actor="test")
    assert {row["role"] for row in native.world.rows(roles) if row["status"] == "active"} == {"teacher"}


def test_an_account_that_was_closed_is_opened_by_operators(quick: NativeWorld) -> None:
    quick.add()
    browser = quick.signed_in()
    quick.native.promoting.close("ann", actor="test")
    assert browser.get("/home", base_url=GATE).status_code == 303
    assert quick.sign_in()[1].status_code == 403
    quick.native.promoting.reopen("ann", actor="test")
    assert quick.sign_in()[1].status_code == 303


@pytest.mark.parametrize(
    ("name", "at", "code"),
    [("nobody", "district", "account.unknown"), ("ann", "far", "org.unknown"), ("ann", "school", "org.type")],
)
def test_nobody_is_promoted_where_they_are_not(quick: NativeWorld, name: str, at: str, code: str) -> None:  # E5
    quick.add()
    org = {"district": quick.district, "school": quick.school}.get(at) or quick.add_school("Far School")
    with pytest.raises(Misconfigured, match=code):
        quick.native.promoting.promote(name, "districtAdministrator", org.sourced_id, actor="test")
