"""Content from a teacher's choice to the platform: who may answer, with what, how often (A22)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete
from werkzeug.test import TestResponse

from gateway.services.deep_linking.requests import keep
from gateway.store.arrivals import Known
from gateway.store.housekeeping import forget_old
from gateway.store.tables import deep_linking_requests, registrations, sessions
from providers.contract import BadData, VerifiedClaims
from providers.kit.lti import claims as names
from providers.kit.lti.launch import read_launch
from providers.kit.simulator.deep_links import AnswerRefused
from tests.support.content import LESSON, RETURN, asked, jwt_of, request
from tests.support.launching import GATE, Launching, a_config, launching


def _error(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.get_json()["code"]


def test_the_application_is_told_what_the_platform_accepts(gate: Launching) -> None:
    there = asked(gate)
    assert there.settings["accept_types"] == ["ltiResourceLink", "link"]
    assert there.settings["accept_multiple"] is True
    assert there.settings["accept_lineitem"] is True
    assert there.settings["deep_link_return_url"] == f"{GATE}/api/v1/deep-linking/{there.outcome.ref}"


def test_the_platforms_own_address_and_data_stay_with_us(gate: Launching) -> None:  # A22
    told = str(gate.told(asked(gate, data="secret-of-the-platform").outcome))
    assert RETURN not in told
    assert "secret-of-the-platform" not in told


def test_a_chosen_lesson_arrives_at_the_platform(gate: Launching) -> None:
    there = asked(gate)
    page = there.send(there.answer(LESSON, msg="One lesson was added."))
    assert f'action="{RETURN}"' in page.text
    course, added, message = gate.platform.deep_links.take(jwt_of(page))
    assert (course, [link.title for link in added], message) == (101, ["Fractions"], "One lesson was added.")
    assert added[0].item["url"] == f"{GATE}/lti/launch"


def test_the_answer_is_signed_as_the_specification_says(gate: Launching) -> None:
    there = asked(gate)
    gate.platform.deep_links.take(jwt_of(there.send(there.answer(LESSON))))
    (claims,) = gate.platform.deep_links.answers
    assert (claims["iss"], claims["aud"]) == (gate.platform.config.client_id, gate.platform.config.issuer)
    assert claims["exp"] - claims["iat"] == 300
    assert claims[names.DEPLOYMENT_ID] == gate.platform.config.deployment_id
    assert claims[names.MESSAGE_TYPE] == "LtiDeepLinkingResponse"
    assert len(claims["nonce"]) >= 16


@pytest.mark.parametrize("data", ["", " ünï", "x" * 5000, "null"])
def test_the_platforms_data_goes_back_as_it_came(gate: Launching, data: str) -> None:  # A22
    there = asked(gate, data=data)
    gate.platform.deep_links.expect(data, "tia", 101)
    gate.platform.deep_links.take(jwt_of(there.send(there.answer(LESSON))))
    assert gate.platform.deep_links.answers[0][names.DEEP_LINKING_DATA] == data


def test_no_data_goes_back_where_none_came(gate: Launching) -> None:  # A22
    there = asked(gate, data=None)
    page = there.send(there.answer())
    with pytest.raises(AnswerRefused, match="belongs to no request"):
        gate.platform.deep_links.take(jwt_of(page))


def test_nothing_chosen_is_an_answer_too(gate: Launching) -> None:
    there = asked(gate)
    _, added, _ = gate.platform.deep_links.take(jwt_of(there.send(there.answer())))
    assert added == []


def test_a_request_is_answered_once(gate: Launching) -> None:  # A22
    there = asked(gate)
    assert there.answer(LESSON).status_code == 200
    assert _error(there.answer(LESSON)) == (400, "deep_linking.already_answered")


def test_the_page_opens_once(gate: Launching) -> None:  # A22
    there = asked(gate)
    answered = there.answer(LESSON)
    assert there.send(answered).status_code == 200
    again = there.send(answered)
    assert again.status_code == 400
    assert "deep_linking.ticket_spent" in again.text
    assert "JWT" not in again.text


def test_another_worker_sends_the_answer_and_only_one_does(gate: Launching, database_url: str) -> None:  # A22
    there = asked(gate)
    location = there.answer(LESSON).get_json()["location"]
    with launching(database_url, joined=False) as other:
        assert other.browser().get(location, base_url=GATE).status_code == 200
    assert gate.browser().get(location, base_url=GATE).status_code == 400


def test_the_platform_takes_the_same_answer_once(gate: Launching) -> None:  # A22, replayed
    there = asked(gate)
    token = jwt_of(there.send(there.answer(LESSON)))
    gate.platform.deep_links.take(token)
    with pytest.raises(AnswerRefused):
        gate.platform.deep_links.take(token)


def test_the_page_is_good_for_five_minutes(quick_gate: Launching) -> None:  # A22
    there = asked(quick_gate)
    answered = there.answer(LESSON)
    quick_gate.clock.move(seconds=301)
    assert "deep_linking.ticket_spent" in there.send(answered).text


def test_a_scanner_does_not_use_up_the_page(quick_gate: Launching) -> None:
    there = asked(quick_gate)
    answered = there.answer(LESSON)
    assert quick_gate.browser().head(answered.get_json()["location"], base_url=GATE).status_code == 405
    assert there.send(answered).status_code == 200


@pytest.mark.parametrize("ticket", ["x", "é", "a" * 5000])
def test_an_unsolicited_page_is_refused(quick_gate: Launching, ticket: str) -> None:  # A22
    page = quick_gate.browser().get(f"/lti/deep-linking/{ticket}", base_url=GATE)
    assert page.status_code == 400
    assert "deep_linking.ticket_spent" in page.text


def test_an_answer_that_nobody_asked_for_is_refused(gate: Launching) -> None:  # A22, unsolicited
    there = asked(gate)
    opened = gate.launch("tia")
    token = gate.tokens(opened)["access_token"]
    assert _error(there.answer(LESSON, ref=opened.ref, token=token)) == (403, "deep_linking.request_unknown")
    assert _error(there.answer(LESSON, ref="AAAAA-AAAAA")) == (403, "deep_linking.request_unknown")


def test_another_persons_token_answers_nothing(gate: Launching) -> None:  # A22
    mine, theirs = asked(gate), asked(gate, "robin")
    assert _error(mine.answer(LESSON, token=theirs.access_token)) == (403, "deep_linking.request_unknown")
    assert mine.answer(LESSON).status_code == 200


def test_another_launch_of_the_same_person_answers_nothing(gate: Launching) -> None:  # A22
    first, second = asked(gate), asked(gate)
    assert _error(first.answer(LESSON, token=second.access_token)) == (403, "deep_linking.request_unknown")


def test_another_tenants_token_answers_nothing(gate: Launching) -> None:  # A22, A18, J1
    there = asked(gate)
    other = gate.join(a_config(client_id="client-2"))
    token = gate.tokens(gate.launch("tia", platform=other))["access_token"]
    assert _error(there.answer(LESSON, token=token)) == (403, "deep_linking.request_unknown")


def test_no_token_or_a_dead_one_answers_nothing(gate: Launching) -> None:  # A22
    there = asked(gate)
    assert there.answer(LESSON, token="wrong").status_code == 401
    gate.clock.move(seconds=3601)
    assert there.answer(LESSON).status_code == 401


def test_a_session_that_ended_answers_nothing(gate: Launching) -> None:  # A22, A19
    there = asked(gate)
    gate.change(sessions, ended_at=gate.clock())
    assert there.answer(LESSON).status_code == 401


def test_a_request_is_open_for_an_hour(gate: Launching) -> None:  # A22
    there = asked(gate)
    gate.change(deep_linking_requests, expires_at=gate.clock())
    assert _error(there.answer(LESSON)) == (400, "deep_linking.expired")


def test_a_platform_that_was_switched_off_gets_no_answer(gate: Launching) -> None:  # A19
    there = asked(gate)
    answered = there.answer(LESSON)
    gate.change(registrations, status="disabled")
    gate.clock.move(seconds=6)
    page = there.send(answered)
    assert page.status_code == 403
    assert "JWT" not in page.text


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"type": "link", "url": "javascript:alert(1)"}, "address_refused"),
        ({"type": "link", "url": "JaVa\tScript:alert(1)"}, "address_refused"),
        ({"type": "link", "url": "data:text/html,x"}, "address_refused"),
        ({"type": "link", "url": "//evil.example"}, "address_refused"),
        ({"type": "link", "url": "https://ok.example", "icon": {"url": "javascript:1"}}, "address_refused"),
        ({"type": "link", "url": "https://ok.example", "iframe": {"src": "javascript:1"}}, "address_refused"),
        ({"type": "ltiResourceLink", "url": "https://evil.example/"}, "address_refused"),
        ({"type": "html", "html": "<b>x</b>"}, "type_not_accepted"),
        ({"type": "link", "url": "https://ok.example", "embed": {"html": "x"}}, "presentation_not_accepted"),
        ("link", "item_invalid"),
        ({**LESSON, "custom": {"Person_SourcedId": "NF-2012"}}, "item_invalid"),
    ],
)
def test_an_item_that_may_do_harm_is_refused(quick_gate: Launching, item: Any, code: str) -> None:  # A22
    there = asked(quick_gate)
    assert _error(there.answer(item)) == (400, f"deep_linking.{code}")
    assert there.answer(LESSON).status_code == 200  # nothing was used up


def test_more_than_the_platform_takes_is_refused(quick_gate: Launching) -> None:  # A22
    there = asked(quick_gate, accept_multiple="false")
    assert _error(there.answer(LESSON, LESSON)) == (400, "deep_linking.too_many_items")


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense"])
def test_an_answer_that_is_none_is_refused(quick_gate: Launching, body: bytes) -> None:
    there = asked(quick_gate)
    headers = {"Authorization": f"Bearer {there.access_token}", "Content-Type": "application/json"}
    address = there.settings["deep_link_return_url"]
    assert _error(quick_gate.browser().post(address, data=body, headers=headers)) == (400, "deep_linking.item_invalid")


@pytest.mark.parametrize(
    "changes",
    [
        {"deep_link_return_url": None},
        {"deep_link_return_url": "javascript:alert(1)"},
        {"deep_link_return_url": "/relative"},
        {"deep_link_return_url": ""},
        {"accept_types": None},
        {"accept_types": []},
    ],
)
def test_a_request_that_can_not_be_answered_is_refused(quick_gate: Launching, changes: dict[str, Any]) -> None:  # A22
    outcome = request(quick_gate, **changes)
    assert (outcome.status, outcome.code) == (400, "lti.deep_linking_invalid")


def test_in_production_the_answer_goes_to_https_only(quick_gate: Launching) -> None:  # A22
    settings = {"deep_link_return_url": "http://lms.example/return", "accept_types": ["link"]}
    claims = VerifiedClaims(
        quick_gate.platform.launch_claims(
            "tia", put={names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST, names.DEEP_LINKING_SETTINGS: settings}
        )
    )
    with pytest.raises(BadData, match=r"lti\.deep_linking_invalid"), quick_gate.store.transaction() as connection:
        keep(
            connection,
            read_launch(claims),
            Known._make([None] * len(Known._fields)),
            ref="R",
            registration_id="x",
            public_url="https://gate.example",
            at=quick_gate.clock(),
        )


def test_the_page_may_post_and_do_nothing_else(quick_gate: Launching) -> None:  # J2
    there = asked(quick_gate)
    headers = there.send(there.answer(LESSON)).headers
    assert "form-action http: https:" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "origin"
    assert headers["Cache-Control"] == "no-store"


def test_a_replayed_request_is_kept_once(gate: Launching) -> None:  # A10
    asked(gate)
    assert gate.count(deep_linking_requests) == 1


def test_requests_are_forgotten_after_a_day(gate: Launching) -> None:
    asked(gate)
    gate.clock.move(seconds=26 * 3600)
    forget_old(gate.store, now=gate.clock(), trace_days=90)
    assert gate.count(deep_linking_requests) == 0


def test_a_launch_forgotten_meanwhile_leaves_nothing_to_answer(gate: Launching) -> None:
    there = asked(gate)
    with gate.store.statements() as connection:
        connection.execute(delete(deep_linking_requests))
    assert _error(there.answer(LESSON)) == (403, "deep_linking.request_unknown")
