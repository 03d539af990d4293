"""Invite links, the sessions of browsers that opened one, and what an operator may ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.services.connecting.links import LONGEST, is_form_of
from gateway.store.invites import list_invites, revoke_invite
from gateway.store.tables import audit
from providers.contract import Failure, Misconfigured, Refused
from tests.support.connecting import Inviting


def _refused(school: Inviting, token: str) -> str:
    with pytest.raises(Refused) as refused:
        school.desk.links.open(token)
    return refused.value.code


def test_a_link_opens_its_invite_as_often_as_one_likes(school: Inviting) -> None:
    made = school.invite()
    assert school.desk.links.open(made.token).id == school.desk.links.open(made.token).id == made.invite.id
    assert "invite.added" in [row["action"] for row in school.world.rows(audit)]


def test_a_revoked_link_is_one_that_was_never_given_out(school: Inviting) -> None:
    made = school.invite()
    revoke_invite(school.world.store, made.invite, actor="test", at=school.world.clock())
    assert _refused(school, made.token) == "invite.unknown"
    assert [invite.revoked_at for invite in list_invites(school.world.store)] == [school.world.clock()]


@pytest.mark.parametrize("hours", [-1, 0, LONGEST.days * 24 + 1])
def test_a_link_is_good_for_some_time_and_no_longer(quick: Inviting, hours: int) -> None:
    with pytest.raises(Misconfigured) as refused:
        quick.invite(hours=hours)
    assert refused.value.code == "invite.expiry"


@pytest.mark.parametrize(("org", "provider", "code"), [("nobody", None, "org.unknown"), ("", "x", "provider.unknown")])
def test_who_and_for_what_must_exist(quick: Inviting, org: str, provider: str | None, code: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        quick.invite(org_id=org, provider=provider)
    assert refused.value.code == code


def test_each_opening_has_a_session_and_forms_of_its_own(quick: Inviting) -> None:  # J2
    made = quick.invite()
    links = quick.desk.links
    first, second = links.session(made.invite), links.session(made.invite)
    assert first != second
    visit = links.visit(first)
    assert is_form_of(visit, visit.form_token)
    assert not is_form_of(visit, links.visit(second).form_token)
    assert not is_form_of(visit, None)


@pytest.mark.parametrize("session", [None, "", "x", "AQ" * 50])
def test_a_made_up_session_is_none(quick: Inviting, session: str | None) -> None:  # J2
    with pytest.raises(Refused) as refused:
        quick.desk.links.visit(session)
    assert refused.value.code == "invite.session"


def test_a_registration_address_is_no_session(quick: Inviting) -> None:  # J2
    made = quick.invite()
    with pytest.raises(Failure):
        quick.desk.links.visit(quick.desk.links.registration_token(made.invite, "lti"))
    with pytest.raises(Failure):
        quick.desk.links.registering(quick.desk.links.session(made.invite))


def test_a_session_ends_with_its_invite(quick: Inviting) -> None:
    made = quick.invite(hours=1)
    session = quick.desk.links.session(made.invite)
    quick.world.clock.time += timedelta(hours=1)
    with pytest.raises(Refused) as refused:
        quick.desk.links.visit(session)
    assert refused.value.code == "invite.expired"
