"""The console's pages: what waits with its evidence, one click to decide, invites, connections, launches."""

from __future__ import annotations

import re

import pytest

from gateway.store.invites import list_invites
from gateway.store.tables import approvals, invites, registrations
from tests.support.calling import Calling
from tests.support.consoling import ELSEWHERE, Consoling, words
from tests.support.launching import GATE, LMS
from tests.unit.connecting.test_connections import launch, put_up_platform


def test_a_connection_from_elsewhere_is_shown_and_approved_by_one_click(console: Consoling) -> None:  # B3
    asked = console.ask()
    shown = words(console.get())
    for part in ("1 waits for you", "Northfield", ELSEWHERE, LMS, "client-1", "typed in", "not at lms.example"):
        assert part in shown
    done = console.post(f"/approvals/{asked.approval_id}", decision="approve")
    assert done.location == "/console?done=approved"
    assert console.school.homes() == [(console.school.org_id, "active")]
    assert Calling(console.school).audited("approval.approved") == [("operator:ann", asked.approval_id)]
    assert "Nothing waits for you" in words(console.get("?done=approved"))


def test_a_refused_connection_is_not_made(console: Consoling) -> None:
    asked = console.ask()
    console.post(f"/approvals/{asked.approval_id}", decision="refuse")
    assert console.school.homes() == []
    assert console.school.world.rows(approvals)[0]["status"] == "rejected"


def test_a_changed_registration_shows_what_is_live_now(console: Consoling) -> None:  # B5
    console.ask(key_set_url=f"{LMS}/jwks")
    asked = console.ask()
    shown = words(console.get())
    assert "changes a live connection" in shown
    assert f"{ELSEWHERE} now: {LMS}/jwks" in shown
    assert [row["key_set_url"] for row in console.school.world.rows(registrations)] == [f"{LMS}/jwks"]
    console.post(f"/approvals/{asked.approval_id}", decision="approve")
    assert [row["key_set_url"] for row in console.school.world.rows(registrations)] == [ELSEWHERE]


def test_an_unknown_deployment_comes_in_by_one_click(console: Consoling) -> None:  # A17
    platform = put_up_platform(console.school)
    console.ask(
        **{name: platform.settings()[name] for name in ("issuer", "client_id", "auth_login_url", "key_set_url")}
    )
    launch(console.school.world, platform)
    assert launch(console.school.world, platform, "second") == "lti.deployment_pending"
    page = console.get()
    assert "Deployment second is new to us." in words(page)
    found = re.search(r"/console/approvals/([\w-]+)", page.text)
    assert found is not None
    console.post(f"/approvals/{found[1]}", decision="approve")
    assert launch(console.school.world, platform, "second") == "accepted"


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_what_somebody_decided_before_is_said(quick: Consoling, decision: str) -> None:
    asked = quick.ask()
    quick.post(f"/approvals/{asked.approval_id}", decision="refuse")
    assert "Somebody has decided this already." in words(
        quick.post(f"/approvals/{asked.approval_id}", decision=decision)
    )
    assert "Nothing called" in words(quick.post("/approvals/nobody", decision=decision))


def test_a_form_without_a_decision_decides_nothing(quick: Consoling) -> None:
    asked = quick.ask()
    quick.post(f"/approvals/{asked.approval_id}", decision="perhaps")
    assert quick.school.world.rows(approvals)[0]["status"] == "pending"


def test_what_a_platform_says_of_itself_is_only_text(quick: Consoling) -> None:
    quick.ask(client_id="<script>alert(1)</script>")
    assert "<script>alert" not in quick.get().text
    assert "&lt;script&gt;alert(1)" in quick.get().text


def test_an_invite_is_made_once_and_its_link_shown_once(console: Consoling) -> None:
    form = {"org": console.school.org_id, "provider": "lti", "days": "7", "once": "form-1"}
    pages = [console.post("/invites", **form) for _ in range(2)]
    links = [re.findall(r"<code>(\S+/connect/\S+)</code>", page.text) for page in pages]
    assert links[0] == links[1]
    opened = console.school.browser().get(links[0][0].removeprefix(GATE), base_url=GATE)
    assert opened.location == "/connect"
    (made,) = list_invites(console.school.world.store)
    assert (made.provider, made.created_by) == ("lti", "operator:ann")
    assert "/connect/" not in console.get("/invites").text.replace(opened.location + '"', "")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"org": ""}, "Choose the school or district first."),
        ({"org": "nobody"}, "There is no such org"),
        ({"provider": "nobody"}, "nobody"),
        ({"days": "91"}, "A link is good for at most 90 days."),
        ({"days": "x"}, "A link is good for at most 90 days."),
        ({"application": "nobody"}, "There is no such application"),
    ],
)
def test_an_invite_that_can_not_be_is_told_on_the_form(quick: Consoling, wrong: dict[str, str], sentence: str) -> None:
    form = {"org": quick.school.org_id, "days": "14", "once": "1", **wrong}
    assert sentence in words(quick.post("/invites", **form))
    assert quick.school.world.count(invites) == 0


def test_an_open_invite_is_revoked(console: Consoling) -> None:
    made = console.school.invite()
    assert "open" in words(console.get("/invites"))
    console.post(f"/invites/{made.invite.id}/revoke")
    assert "revoked" in words(console.get("/invites"))
    assert console.post("/invites/nobody/revoke").status_code == 400


def test_connections_are_shown_with_their_state(console: Consoling) -> None:
    assert "No school is connected yet." in words(console.get("/connections"))
    console.ask(key_set_url=f"{LMS}/jwks", deployment_ids="d-1")
    shown = words(console.get("/connections"))
    for part in ("Northfield", "active", "d-1"):
        assert part in shown


def test_launches_are_found_by_their_reference(console: Consoling) -> None:
    platform = put_up_platform(console.school)
    console.ask(
        **{name: platform.settings()[name] for name in ("issuer", "client_id", "auth_login_url", "key_set_url")}
    )
    login = console.school.world.login(platform=platform, lti_deployment_id=None)
    refused = console.school.world.post(
        login, console.school.world.token(login, platform=platform, header={"kid": "x"})
    )
    assert refused.ref in words(console.get("/launches"))
    typed = refused.ref.replace("-", "").lower()
    answer = console.get(f"/launches?reference={typed}")
    shown = words(console.browser.get(answer.location, base_url=GATE))
    assert f"Launch {refused.ref}" in shown
    assert "What to change" in shown
    assert "There is no launch" in words(console.get("/launches/NOBODY"))
