"""Dynamic registration from the gateway's side: what is asked, what is shown, which room reads it."""

from __future__ import annotations

import pytest

from gateway.store.tables import integrations
from providers import rooms
from providers.contract import Failure, Misconfigured, Provider, Refused
from providers.kit.lti.registration import PLATFORM_CONFIGURATION, TOOL_CONFIGURATION
from tests.support.connecting import CONFIGURATION_URL, Inviting
from tests.support.launching import GATE, LMS


def _refusal(school: Inviting, **options: str) -> Failure:
    with pytest.raises(Failure) as refused:
        school.register(school.invite(), **options)
    return refused.value


def test_the_platform_is_asked_with_its_token_and_told_our_addresses(quick: Inviting) -> None:
    quick.platform()
    quick.register(quick.invite(), token="tok-en")
    get, post = quick.http.asked
    assert get.headers["authorization"] == post.headers["authorization"] == "Bearer tok-en"
    assert post.url == f"{LMS}/register"
    assert post.body["redirect_uris"] == [f"{GATE}/lti/launch"]
    assert post.body[TOOL_CONFIGURATION]["domain"] == "localhost:8000"


def test_without_a_token_there_is_no_authorization(quick: Inviting) -> None:
    quick.platform()
    quick.register(quick.invite())
    assert all("authorization" not in asked.headers for asked in quick.http.asked)


@pytest.mark.parametrize("token", ["a b", "a\nb", "é", "x" * 9000])
def test_a_token_that_no_header_can_carry_is_refused(quick: Inviting, token: str) -> None:
    quick.platform()
    assert _refusal(quick, token=token).code == "registration.token_invalid"
    assert quick.http.asked == []


def test_the_registration_is_the_schools(school: Inviting) -> None:
    school.platform()
    made = school.invite()
    registered = school.register(made)
    (row,) = school.world.rows(integrations)
    assert (row["id"], row["org_sourced_id"]) == (registered.connected.integration_id, school.org_id)
    assert school.now(made).integration_id == row["id"]


def test_a_deployment_in_the_answer_is_taken(school: Inviting) -> None:
    school.platform()
    school.http.will("POST", f"{LMS}/register", 200, {"client_id": 5, TOOL_CONFIGURATION: {"deployment_id": "d-1"}})
    school.register(school.invite())
    assert school.world.rows(integrations)[0]["settings"]["deployment_ids"] == ["d-1"]


@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [
        (422, {"errors": ["scope not allowed"]}, '"scope not allowed"'),
        (400, b"domain_targetlinkuri_mismatch", "domain_targetlinkuri_mismatch"),
        (401, b"", ""),
        (500, b"\xff" * 20_000, "�"),
    ],
)
def test_a_refusal_is_shown_whole_and_the_link_stays_good(
    quick: Inviting, status: int, body: object, shown: str
) -> None:
    quick.platform()
    quick.http.will("POST", f"{LMS}/register", status, body)
    made = quick.invite()
    with pytest.raises(Refused) as refused:
        quick.register(made)
    assert refused.value.code == "registration.refused"
    assert str(status) in refused.value.sentence
    assert shown in refused.value.detail
    assert len(refused.value.detail) <= 4000
    assert quick.now(made).problem == {
        "code": "registration.refused",
        "sentence": refused.value.sentence,
        "detail": refused.value.detail,
    }
    quick.platform()
    quick.register(made)
    assert quick.now(made).problem is None


def test_a_configuration_that_is_kept_back_is_told(quick: Inviting) -> None:
    quick.platform()
    quick.http.will("GET", CONFIGURATION_URL, 401, b"token expired")
    refusal = _refusal(quick)
    assert refusal.code == "registration.refused"
    assert "configuration" in refusal.sentence
    assert refusal.detail == "token expired"


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'"text"', {}, {"client_id": None}])
def test_an_answer_that_is_none_is_told(quick: Inviting, body: object) -> None:
    quick.platform()
    quick.http.will("POST", f"{LMS}/register", 200, body)
    assert _refusal(quick).code in {"registration.not_json", "registration.answer_invalid"}


def _of_a_family() -> Provider:
    return next(
        plate for plate in rooms().values() if plate.family_codes and plate.registration and plate.registration.dynamic
    )


def test_the_platforms_own_family_chooses_the_room(quick: Inviting) -> None:
    plate = _of_a_family()
    quick.platform(**{PLATFORM_CONFIGURATION: {"product_family_code": plate.family_codes[0]}})
    assert quick.register(quick.invite(), provider="lti").plate is plate


def test_a_link_for_one_system_registers_no_other(quick: Inviting) -> None:
    plate = _of_a_family()
    quick.platform()
    with pytest.raises(Misconfigured) as refused:
        quick.register(quick.invite(provider=plate.key), provider="lti")
    assert refused.value.code == "registration.other_system"
    assert [asked.method for asked in quick.http.asked] == ["GET"]
