"""The room for any LTI 1.3 platform: fills in nothing by itself and reads by the book."""

from __future__ import annotations

import pytest

from providers.contract import Misconfigured, read_settings
from providers.lti import PROVIDER
from providers.lti.launch import endpoints
from providers.lti.settings import LtiSettings

FILLED = {
    "issuer": "https://lms.example/path/",
    "client_id": "abc",
    "auth_login_url": "https://lms.example/auth?x=1",
    "key_set_url": "https://lms.example/jwks",
}


def test_issuer_keeps_its_slash() -> None:
    assert endpoints(read_settings(LtiSettings, FILLED)).issuer == "https://lms.example/path/"


def test_only_four_settings_are_needed() -> None:
    with pytest.raises(Misconfigured) as refused:
        read_settings(LtiSettings, {})
    assert all(name in refused.value.sentence for name in FILLED)
    assert "deployment_ids" not in refused.value.sentence


def test_another_asymmetric_algorithm_can_be_agreed() -> None:
    settings = read_settings(LtiSettings, FILLED | {"algorithms": "RS256, RS512"})
    assert endpoints(settings).algorithms == ("RS256", "RS512")


@pytest.mark.parametrize("algorithm", ["HS256", "none", "RS1"])
def test_symmetric_algorithm_is_refused(algorithm: str) -> None:  # A1
    with pytest.raises(Misconfigured, match="algorithms"):
        read_settings(LtiSettings, FILLED | {"algorithms": algorithm})


@pytest.mark.parametrize("seconds", ["-1", "301", "a lot"])
def test_leeway_stays_within_five_minutes(seconds: str) -> None:  # A9
    with pytest.raises(Misconfigured, match="leeway_seconds"):
        read_settings(LtiSettings, FILLED | {"leeway_seconds": seconds})


def test_plate_claims_no_family_of_its_own() -> None:
    assert PROVIDER.family_codes == ()
