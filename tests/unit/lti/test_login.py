"""Login requests in, authentication requests out (Security Framework 5.1.1)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.lti.login import authentication_url, read_login
from providers.contract import BadData

ASKED = {"iss": "https://lms.example", "login_hint": "hint", "target_link_uri": "https://gate.example/lti/launch"}


def _answer(address: str = "https://lms.example/auth", **asked: str) -> dict[str, str]:
    url = authentication_url(
        address,
        read_login({**ASKED, **asked}),
        client_id="c&1",
        redirect_uri="https://g.example/l",
        state="s",
        nonce="n",
    )
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


def test_what_is_fixed_is_sent_as_the_specification_says() -> None:
    assert _answer() == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "c&1",
        "redirect_uri": "https://g.example/l",
        "login_hint": "hint",
        "state": "s",
        "nonce": "n",
    }


@given(st.text(min_size=1).filter(lambda text: "\0" not in text), st.text().filter(lambda text: "\0" not in text))
def test_hints_go_back_byte_for_byte(hint: str, message_hint: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in hint + message_hint):
        return
    sent = _answer(login_hint=hint, lti_message_hint=message_hint)
    assert (sent["login_hint"], sent["lti_message_hint"]) == (hint, message_hint)


def test_a_query_in_the_registered_address_is_kept_and_never_overrides_ours() -> None:
    sent = _answer("https://lms.example/auth?tenant=7&empty=&state=old&scope=all#part")
    assert (sent["tenant"], sent["empty"], sent["state"], sent["scope"]) == ("7", "", "s", "openid")


@pytest.mark.parametrize("name", list(ASKED))
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_parameter_is_named(name: str, value: str | None) -> None:
    asked = {key: text for key, text in {**ASKED, name: value}.items() if text is not None}
    with pytest.raises(BadData, match=f"{name} is missing"):
        read_login(asked)


@pytest.mark.parametrize("value", ["x" * 8193, "nul\0"])
@pytest.mark.parametrize("name", ["iss", "lti_message_hint", "anything"])
def test_what_no_lms_sends_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadData) as refused:
        read_login({**ASKED, name: value})
    assert refused.value.code == "lti.login_missing_parameter"


def test_the_deployment_is_read_under_either_name() -> None:
    assert read_login({**ASKED, "lti_deployment_id": "1", "deployment_id": "2"}).deployment_id == "1"
    assert read_login({**ASKED, "deployment_id": "2"}).deployment_id == "2"
    assert read_login({**ASKED, "deployment_id": ""}).deployment_id is None


def test_unknown_parameters_are_ignored() -> None:
    assert read_login({**ASKED, "canvas_region": "x", "lti_storage_target": "_parent"}).storage_target == "_parent"
