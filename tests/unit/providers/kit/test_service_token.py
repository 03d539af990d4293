"""Access tokens for LTI services: what is asked, what is believed, what a refusal is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from providers.contract import BadData, LtiService, Misconfigured, Refused, Reply, Unavailable
from providers.kit.lti.nrps import MEDIA_TYPE, SCOPE
from providers.kit.lti.service_token import BY_THE_BOOK, TokenRules, authorized
from providers.kit.simulator.faults import Fault
from tests.support.lti_services import LmsServices, lms_services


@pytest.fixture
def lms() -> Iterator[LmsServices]:
    with lms_services() as running:
        yield running


def _ask(lms: LmsServices, service: LtiService | None = None, rules: TokenRules = BY_THE_BOOK) -> Reply:
    headers = {"Accept": MEDIA_TYPE}
    return authorized(lms.context, service or lms.service, (SCOPE,), "GET", lms.members_url, headers, rules=rules)


def _with(lms: LmsServices, **changes: Any) -> LtiService:
    return replace(lms.service, endpoints=replace(lms.service.endpoints, **changes))


def test_one_token_serves_many_requests(lms: LmsServices) -> None:
    assert [_ask(lms).status for _ in range(3)] == [200, 200, 200]
    assert lms.platform.requests["token"] == 1


def test_a_refused_token_is_asked_for_anew_once(lms: LmsServices) -> None:
    _ask(lms)
    lms.platform.services.tokens.forget()
    assert _ask(lms).status == 200
    assert lms.platform.requests["token"] == 2


def test_a_service_that_refuses_every_token_is_asked_twice(lms: LmsServices) -> None:
    lms.platform.services.faults.down("members", Fault(401))
    assert _ask(lms).status == 401
    assert lms.platform.requests["members"] == 2


def test_tokens_of_two_deployments_are_kept_apart(lms: LmsServices) -> None:
    _ask(lms)
    _ask(lms, replace(lms.service, deployment_id="deployment-2"))
    assert lms.platform.requests["token"] == 2


@pytest.mark.parametrize("kind", ["text", "list"])
def test_the_audience_is_written_as_the_platform_wants_it(lms: LmsServices, kind: Any) -> None:
    lms.platform.switch(assertion_audience_kind=kind, assertion_deployment=True)
    assert _ask(lms, rules=TokenRules(audience_list=kind == "list")).ok
    with pytest.raises(Refused, match=r"token\.client_refused"):
        _ask(lms, _with(lms, client_id="nobody"), TokenRules(audience_list=kind == "list"))


def test_a_registered_audience_stands_before_the_token_address(lms: LmsServices) -> None:
    lms.platform.switch(assertion_audience="https://tokens.example/")
    with pytest.raises(Refused, match=r"token\.client_refused"):
        _ask(lms)
    assert _ask(lms, _with(lms, auth_audience="https://tokens.example/")).ok


def test_a_missing_expiry_is_an_hour(lms: LmsServices) -> None:
    lms.platform.switch(access_token_seconds=None, token_type="bearer")
    _ask(lms)
    assert _ask(lms).ok
    assert lms.platform.requests["token"] == 1


def test_a_missing_token_address_names_the_setting(lms: LmsServices) -> None:
    with pytest.raises(Misconfigured, match=r"token\.address_missing"):
        _ask(lms, _with(lms, auth_token_url=None))


def test_a_scope_that_is_not_granted_is_told(lms: LmsServices) -> None:
    lms.platform.switch(access_scopes=())
    with pytest.raises(Refused, match=r"token\.scope_refused"):
        _ask(lms)


@pytest.mark.parametrize(
    ("fault", "family", "code"),
    [
        (Fault(503, retry_after="7"), Unavailable, "token.unavailable"),
        (Fault(403, text="403 Forbidden (Rate Limit Exceeded)"), Unavailable, "token.unavailable"),
        (Fault(400, text="<html>"), Refused, "token.refused"),
        (Fault(400, text='{"error": "sam@school.example"}'), Refused, "token.refused"),
        (Fault(200, text='{"access_token": 5}'), BadData, "token.unreadable"),
        (Fault(200, text='["no"]'), BadData, "token.unreadable"),
        (Fault(200, text='{"access_token": "t", "scope": "other"}'), Refused, "token.scope_refused"),
    ],
)
def test_a_token_endpoints_failures_have_names(lms: LmsServices, fault: Fault, family: Any, code: str) -> None:
    lms.platform.services.faults.down("token", fault)
    with pytest.raises(family, match=code) as raised:
        _ask(lms)
    assert "sam" not in str(raised.value)
    if fault.retry_after:
        assert raised.value.retry_after == 7
