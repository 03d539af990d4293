"""The switches: where they come from, and every fault named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.settings import SettingsInvalid, load_settings


def _faults(**environment: str) -> list[str]:
    with pytest.raises(SettingsInvalid) as invalid:
        load_settings({f"SCHOOLGATE_{name.upper()}": value for name, value in environment.items()})
    return invalid.value.faults


def test_every_switch_has_a_default() -> None:
    settings = load_settings({})
    assert (settings.mode, settings.trace_days, settings.secret_key) == ("development", 90, None)
    assert not settings.is_production
    assert not settings.is_https


def test_all_faults_are_told_at_once() -> None:
    faults = _faults(mode="x", public_url="gate", trace_days="0", secret_key_file="/not/there", config="/not/there")
    assert len(faults) == 5
    for name in ("MODE", "PUBLIC_URL", "TRACE_DAYS", "SECRET_KEY_FILE", "CONFIG"):
        assert any(fault.startswith(f"SCHOOLGATE_{name} ") for fault in faults)


@pytest.mark.parametrize(
    "url", ["ftp://gate.example", "https://", "https://u@gate.example", "https://gate.example?a=b"]
)
def test_a_public_address_that_is_none_is_refused(url: str) -> None:
    assert len(_faults(public_url=url)) == 1


@pytest.mark.parametrize("days", ["0", "3651", "-1", "many"])
def test_days_out_of_range_are_refused(days: str) -> None:
    assert _faults(trace_days=days) == ["SCHOOLGATE_TRACE_DAYS must be a number of days from 1 to 3650."]


def test_a_value_may_be_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    own = {"SCHOOLGATE_METRICS_TOKEN_FILE": str(tmp_path / "token")}
    assert load_settings(own).metrics_token == "secret"
    assert load_settings({**own, "SCHOOLGATE_METRICS_TOKEN": "nearer"}).metrics_token == "nearer"


def test_values_come_from_a_toml_file_unless_the_environment_has_them(tmp_path: Path) -> None:
    config = tmp_path / "gate.toml"
    config.write_text('trace_days = 7\nallow_hosts = ["A.example", "b.example:8443"]\npublic_url = "http://a.example/"')
    own = {"SCHOOLGATE_CONFIG": str(config), "SCHOOLGATE_PUBLIC_URL": "https://b.example/"}
    settings = load_settings(own)
    assert settings.trace_days == 7
    assert settings.allow_hosts == {"a.example", "b.example:8443"}
    assert settings.public_url == "https://b.example"


@pytest.mark.parametrize(("text", "fault"), [("colour = 1", "unknown setting 'colour'"), ("=", "can't be read")])
def test_a_toml_file_with_a_fault_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "gate.toml").write_text(text)
    (told,) = _faults(config=str(tmp_path / "gate.toml"))
    assert fault in told


def test_production_wants_a_secret_and_https() -> None:
    assert len(_faults(mode="production", public_url="http://gate.example")) == 2
    strict = {"SCHOOLGATE_MODE": "production", "SCHOOLGATE_PUBLIC_URL": "https://g.example"}
    assert load_settings({**strict, "SCHOOLGATE_SECRET_KEY": "x"}).is_production
